"""Predictions of a kept model on new rows: probability or value, verdict, digest of the inputs, and what moved it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from api.quality.prediction.digests import input_digest
from api.quality.prediction.explain import Explanation, explain
from api.quality.prediction.safekeeping import Kept
from api.quality.prediction.tabular import encode


def inputs(kept: Kept, frame: pd.DataFrame, *, source: str = "") -> pd.DataFrame:
    """The columns of the model's features as numbers; InvalidInput where one is missing or has words."""
    content = kept.card.content
    levels = {name: tuple(values) for name, values in content["levels"].items()}
    return encode(frame, content["features"], levels, source=source)


def predict(kept: Kept, frame: pd.DataFrame, *, source: str = "") -> pd.DataFrame:
    """One row per row of `frame`: predicted (probability or value), alarm (None for a regression), known, input_sha256.

    `known` is the share of inputs that are not missing: a verdict from nothing is shown as one.
    """
    X = inputs(kept, frame, source=source)
    predicted = kept.predictor.predict(X)
    threshold = kept.card.content["threshold"]
    alarm = np.full(len(X), None, dtype=object) if threshold is None else predicted >= threshold
    digests = [input_digest({str(name): value for name, value in row.items()}) for row in X.to_dict("records")]
    known = np.mean([X[columns[0]].notna() for columns in _inputs(kept).values()], axis=0)
    return pd.DataFrame({"predicted": predicted, "alarm": alarm, "known": known, "input_sha256": digests})


def explanation(kept: Kept, frame: pd.DataFrame, *, source: str = "", orders: int = 20, seed: int = 0) -> Explanation:
    """What moved each prediction, against the rows of training that were kept with the model."""
    together = {name: columns for name, columns in _inputs(kept).items() if columns != [name]}
    X = inputs(kept, frame, source=source)
    return explain(kept.predictor, X, kept.background, together=together, orders=orders, seed=seed)


def _inputs(kept: Kept) -> dict[str, Sequence[str]]:
    """Input → its columns; all levels of one word are missing together."""
    levels = kept.card.content["levels"]
    return {
        name: [f"{name}={level}" for level in levels[name]] if name in levels else [name]
        for name in kept.card.content["features"]
    }
