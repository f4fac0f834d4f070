"""Models on disk that run nothing of a stranger's: written by skops, read only as the card says, of listed types only.

A pickle runs whatever its writer wished. A skops file lists its types; every type that skops does not vouch for must
stand in `ALLOWED`, and before the file is looked into at all its SHA-256 must be the card's. Who changes card and model
together is found by the card's hash (on the chain), not here.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import skops.io
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from api.quality.prediction.model_card import ModelCard, read_card
from api.quality.prediction.predictor import Predictor
from ledger.errors import InvalidInput

CARD_FILE = "card.json"
MODEL_FILE = "model.skops"

#: types beyond skops' own list that our models are made of; all of them only hold numbers
ALLOWED = frozenset(
    {
        "numpy.dtype",
        "sklearn._loss.link.Interval",
        "sklearn._loss.link.LogitLink",
        "sklearn._loss.link.IdentityLink",
        "sklearn._loss.loss.HalfBinomialLoss",
        "sklearn._loss.loss.HalfSquaredError",
        "sklearn._loss.loss.AbsoluteError",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
        "sklearn.tree._tree.Tree",
    }
)

_MOST_BYTES = 2**30
_MOST_CARD_BYTES = 2**24


@dataclass(frozen=True, slots=True)
class Kept:
    """A model as it was kept: its card, the predictor, and rows of training to explain predictions against."""

    card: ModelCard
    predictor: Predictor
    background: pd.DataFrame


def pack(predictor: Predictor, background: pd.DataFrame) -> bytes:
    """The model file's bytes. InvalidInput if a type is in it that `load` would refuse."""
    content = {
        "estimator": predictor.estimator,
        "calibrator": predictor.calibrator,
        "task": predictor.task,
        "columns": list(predictor.columns),
        "background": background.to_numpy(dtype=float),
    }
    data: bytes = skops.io.dumps(content, compression=zipfile.ZIP_DEFLATED)
    _check_types(data, MODEL_FILE)
    return data


def save(folder: Path, card: ModelCard, model: bytes) -> None:
    """Write `card.json` and `model.skops` into a folder, made if need be. InvalidInput if the card is another's."""
    _check_hash(model, card, str(folder / MODEL_FILE))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes(model)
    (folder / CARD_FILE).write_bytes(card.data)


def load_card(folder: Path) -> ModelCard:
    """The card in a folder. InvalidInput if there is none, or it is none."""
    return read_card(_read(folder / CARD_FILE, _MOST_CARD_BYTES), source=str(folder / CARD_FILE))


def load(folder: Path) -> Kept:
    """The model in a folder. InvalidInput if it is not the card's, has types beyond `ALLOWED`, or is broken."""
    card = load_card(folder)
    where = str(folder / MODEL_FILE)
    return unpack(_read(folder / MODEL_FILE, _MOST_BYTES), card, where)


def unpack(data: bytes, card: ModelCard, where: str = MODEL_FILE) -> Kept:
    """The model in `data`; see `load`."""
    _check_hash(data, card, where)
    trusted = _check_types(data, where)
    try:
        content = skops.io.loads(data, trusted=trusted)
        predictor, background = _opened(content)
        tried = predictor.predict(background)
    except Exception as error:  # a stranger's file may be wrong in every way, and none of them is ours to crash on
        raise _broken(where, error) from error
    if list(predictor.columns) != card.content["columns"] or predictor.task != card.content["task"]:
        raise InvalidInput("the model's columns or task are not the card's", where=where, expected="the card's model")
    if not len(tried) or not np.isfinite(tried).all():
        raise InvalidInput("the model does not predict its own rows of training", where=where, expected="numbers")
    return Kept(card, predictor, background)


def _opened(content: Any) -> tuple[Predictor, pd.DataFrame]:
    estimator, calibrator = content["estimator"], content["calibrator"]
    if not isinstance(estimator, Pipeline) or not isinstance(
        calibrator, LogisticRegression | IsotonicRegression | None
    ):
        raise TypeError(f"{type(estimator).__name__} with {type(calibrator).__name__} is no model of ours")
    columns = tuple(map(str, content["columns"]))
    background = pd.DataFrame(np.asarray(content["background"], dtype=float), columns=list(columns))
    return Predictor(estimator, calibrator, content["task"], columns), background


def _check_hash(data: bytes, card: ModelCard, where: str) -> None:
    found = sha256(data).hexdigest()
    if found != card.model_sha256:
        raise InvalidInput(
            f"the model file has SHA-256 {found}",
            where=where,
            expected=f"{card.model_sha256}, as its card says",
            advice="It was altered, or belongs to another card; do not use it.",
        )


def _check_types(data: bytes, where: str) -> list[str]:
    """The types in the file that skops asks about, all of them allowed; the size is looked at before anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
        found = [] if size > _MOST_BYTES else list(skops.io.get_untrusted_types(data=data))
    except Exception as error:  # as above
        raise _broken(where, error) from error
    if size > _MOST_BYTES:
        raise InvalidInput(
            f"the model file unpacks to {size:,} bytes", where=where, expected=f"at most {_MOST_BYTES:,}"
        )
    strange = sorted(set(found) - ALLOWED)
    if strange:
        raise InvalidInput(
            f"the model file contains {', '.join(strange[:5])}",
            where=where,
            expected="only the types that Lotmark's models are made of",
            advice="Loading it could run a stranger's code; it was not loaded.",
        )
    return found


def _broken(where: str, error: Exception) -> InvalidInput:
    return InvalidInput(f"this is no model file ({type(error).__name__})", where=where, expected="a file by `save`")


def _read(path: Path, most: int) -> bytes:
    try:
        if path.stat().st_size > most:
            raise InvalidInput("too large", where=str(path), expected=f"at most {most:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"cannot be read: {error.strerror}", where=str(path), expected=f"a folder with {CARD_FILE} and {MODEL_FILE}"
        ) from error
