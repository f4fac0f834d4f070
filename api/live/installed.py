"""The models of a home that rules may ask: folders below `models`, each a card and its model, checked whenever read.

A model is never replaced under its name, for rules and incidents name it; a rule also keeps the name of the card that
it was added with, and asks no other.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.quality.kinds import is_kind, kind_advice
from api.quality.live import Model, Rule
from ledger.errors import Conflict, InvalidInput, LotmarkError, NotFound, Problem

if TYPE_CHECKING:  # what they import takes a second, and is needed only where there is a model
    from api.quality.prediction.model_card import ModelCard
    from api.quality.prediction.safekeeping import Kept

FOLDER = "models"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
#: so many inputs are named with an incident
_TOLD = 5


@dataclass(frozen=True, slots=True)
class Installed:
    """A model of the home as rules ask it."""

    kept: Kept
    model: Model

    def moved_by(self, inputs: dict[str, float]) -> list[dict[str, Any]]:
        """What moved the prediction from these inputs most, against rows of training: input, contribution."""
        import pandas as pd

        from api.quality.plain import plain
        from api.quality.prediction.predictions import explanation

        told = explanation(self.kept, pd.DataFrame([inputs])).row(0).head(_TOLD)
        found: list[dict[str, Any]] = plain(told[["input", "contribution"]])
        return found


def install(home: Path, source: Path, name: str | None = None) -> tuple[str, ModelCard]:
    """Copy the model in the folder `source` into the home; its name there, and its card.

    Raises InvalidInput where the model is not the card's or rules could not ask it, Conflict for a name that is taken.
    """
    from api.quality.prediction.safekeeping import MODEL_FILE, load, load_card, save

    kept = load(source)
    _usable(kept, str(source))
    chosen = _checked(name or str(kept.card.content["name"]))
    folder = home / FOLDER / chosen
    if folder.exists():
        if load_card(folder).sha256 == kept.card.sha256:
            return chosen, kept.card
        raise Conflict(f"there is another model {chosen!r} already", advice="Install it under another name: --name.")
    draft = home / FOLDER / f".{chosen}-{secrets.token_hex(8)}"
    try:
        save(draft, kept.card, (source / MODEL_FILE).read_bytes())
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return chosen, kept.card


def installed(home: Path, name: str) -> Installed:
    """Raises NotFound, and InvalidInput for what is no model or not its card's."""
    from api.quality.prediction.safekeeping import load

    folder = home / FOLDER / _checked(name)
    if not folder.is_dir():
        raise NotFound(f"no model {name!r} is installed", advice="`lotmark quality model install FOLDER` does it.")
    kept = load(folder)
    return Installed(kept, _usable(kept, name))


def card_for(home: Path, rule: Rule) -> str:
    """The card that a new rule is to ask. Raises InvalidInput where the rule does not fit it."""
    try:
        model = installed(home, rule.model).model
    except NotFound as error:
        raise InvalidInput(str(error.problem.message), where="/model", advice=error.problem.advice) from error
    if rule.card and rule.card != model.uri:
        raise InvalidInput(f"the model's card is {model.uri}", where="/card", expected=rule.card)
    if rule.threshold is None and model.threshold is None:
        raise InvalidInput("the model's card has no threshold", where="/threshold", expected="a number")
    return model.uri


def models_of(home: Path, rules: Sequence[Rule]) -> tuple[dict[str, Installed], list[Problem]]:
    """What the rules ask, and what keeps some from being asked: those say nothing."""
    found: dict[str, Installed] = {}
    problems: list[Problem] = []
    for rule in rules:
        if rule.kind == "model":
            try:
                one = found.get(rule.model) or installed(home, rule.model)
                if one.model.uri != rule.card:
                    raise InvalidInput(f"its card is {one.model.uri}", expected=rule.card)
                found[rule.model] = one
            except LotmarkError as error:
                advice = "The rule says nothing until its model is there again."
                problems.append(Problem(f"rule {rule.name}: {error.problem.message}", rule.model, advice=advice))
    return found, problems


def _usable(kept: Kept, where: str) -> Model:
    """Raises InvalidInput unless all inputs are quantity kinds, which readings have."""
    import pandas as pd

    from api.quality.prediction.digests import input_digest

    content = kept.card.content
    features = tuple(map(str, content["features"]))
    for name in features:
        if name in content["levels"] or not is_kind(name):
            raise InvalidInput(
                f"the model's input {name!r} is no quantity kind",
                where=where,
                expected="a model whose inputs are quantity kinds, in their reference units",
                advice=kind_advice(name),
            )
    return Model(
        kept.card.uri,
        features,
        lambda rows: kept.predictor.predict(pd.DataFrame(rows, columns=list(features))),
        input_digest,
        None if content["threshold"] is None else float(content["threshold"]),
    )


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} is no name for a model", where="/model", expected="letters, digits, '.', '_' and '-'"
        )
    return name
