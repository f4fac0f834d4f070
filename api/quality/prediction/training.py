"""From a frame to a kept model: check, evaluate on unseen groups, fit on all, choose thresholds, write the card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from api.quality.plain import plain
from api.quality.prediction.digests import ni_uri, table_digest
from api.quality.prediction.evaluation import Evaluation, evaluate
from api.quality.prediction.explain import permutation_importance
from api.quality.prediction.fairness import error_rates
from api.quality.prediction.folds import grouped_folds
from api.quality.prediction.model_card import make_card
from api.quality.prediction.models import make_model
from api.quality.prediction.predictor import Fitted, Predictor, fit
from api.quality.prediction.safekeeping import MODEL_FILE, Kept, pack, save
from api.quality.prediction.tabular import FeatureTable
from api.quality.prediction.thresholds import best_f1_threshold, budget_threshold

_BACKGROUND = 50
LIMITS = (
    "Predictions hold for goods, processes and sensors like those of the training data. They are associations, not "
    "causes, and no release or rejection by themselves."
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made and judged; all of it goes on the card."""

    kind: str
    parameters: Mapping[str, Any]
    name: str = "model"
    version: str = "1"
    intended_use: str = ""
    limits: str = LIMITS
    folds: int = 5
    repeats: int = 3
    inner_folds: int = 3
    seed: int = 0
    alarm_budget: float = 0.05
    calibration: str = "sigmoid"
    #: judged on blocks of time, each by a model of what came before, instead of on groups drawn at random
    by_time: bool = False


@dataclass(frozen=True, slots=True)
class Trained:
    """A model with its card and file, and the evaluation that the card sums up."""

    kept: Kept
    file: bytes
    evaluation: Evaluation

    def save(self, folder: Path) -> None:
        """Write card and model into `folder`."""
        save(folder, self.kept.card, self.file)


def train(
    table: FeatureTable,
    source: pd.DataFrame,
    recipe: Recipe,
    *,
    beside: Sequence[str] = (),
    created: datetime | None = None,
) -> Trained:
    """Evaluate and fit `recipe.kind` on `table`; `source` is the frame as it was read, whose digest the card carries.

    `beside` names kinds that are evaluated on the same splits, for the card to show whether a plainer one would do.
    Raises Leakage and InvalidInput as `feature_table` and `evaluate` do.
    """
    found = _evaluated(table, recipe, recipe.kind, recipe.parameters)
    others = [{"kind": kind, "metrics": _evaluated(table, recipe, kind, {}).metrics} for kind in beside]
    model = make_model(recipe.kind, table.task, seed=recipe.seed, **recipe.parameters)
    fitted = fit(table, model, calibration=recipe.calibration, folds=recipe.folds, seed=recipe.seed)
    background = _background(table, recipe.seed)
    file = pack(fitted.predictor, background)
    content = {
        **_head(table, recipe, created),
        "data": _data(table, source),
        "split": _split(table, recipe),
        "model": _model(recipe, fitted, file),
        "metrics": found.metrics,
        "beside": others,
        "calibration": found.calibration,
        **_thresholds(table, fitted, recipe),
        "importance": _importance(table, recipe),
        "error_rates": error_rates(found.asked, table.rows(found.rows).audit) if table.classes else [],
    }
    card = make_card(content)
    return Trained(Kept(card, fitted.predictor, background), file, found)


def _evaluated(table: FeatureTable, recipe: Recipe, kind: str, parameters: Mapping[str, Any]) -> Evaluation:
    return evaluate(
        table,
        lambda seed: make_model(kind, table.task, seed=seed, **parameters),
        folds=recipe.folds,
        repeats=recipe.repeats,
        inner_folds=recipe.inner_folds,
        seed=recipe.seed,
        alarm_budget=recipe.alarm_budget,
        calibrate=recipe.calibration,
        by_time=recipe.by_time,
    )


def _background(table: FeatureTable, seed: int) -> pd.DataFrame:
    return table.X.sample(min(_BACKGROUND, len(table.X)), random_state=seed).sort_index().reset_index(drop=True)


def _head(table: FeatureTable, recipe: Recipe, created: datetime | None) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "version": recipe.version,
        "created": created or datetime.now(UTC).replace(microsecond=0),
        "intended_use": recipe.intended_use,
        "limits": recipe.limits,
        "task": table.task,
        "target": table.target,
        "classes": table.classes,
        "features": table.features,
        "columns": list(table.X.columns),
        "levels": table.levels,
        "audited_by": list(table.audit.columns),
    }


def _importance(table: FeatureTable, recipe: Recipe) -> pd.DataFrame:
    """By how much unseen rows are predicted worse where a column is shuffled, on one split."""
    folds = grouped_folds(
        table.y, table.groups, folds=recipe.folds, seed=recipe.seed, stratified=table.task == "classification"
    )
    model = make_model(recipe.kind, table.task, seed=recipe.seed, **recipe.parameters)
    fitted = [
        Predictor(clone(model).fit(table.X.iloc[train], table.y[train]), None, table.task, tuple(table.X.columns))
        for train, _ in folds
    ]
    return permutation_importance(table, folds, fitted, seed=recipe.seed)


def _data(table: FeatureTable, source: pd.DataFrame) -> dict[str, Any]:
    return {
        "sha256": table_digest(source),
        "rows": len(table.y),
        "positive": int(table.y.sum()) if table.task == "classification" else None,
        "groups": len(np.unique(table.groups)),
        "duplicates": int(table.X.duplicated().sum()),
        "missing": {str(name): int(count) for name, count in table.X.isna().sum().items() if count},
    }


def _split(table: FeatureTable, recipe: Recipe) -> dict[str, Any]:
    stratified = "stratified, " if table.task == "classification" else ""
    forward = "blocks of time, each asked of a model of what came before, no group on both sides"
    return {
        "kind": forward if recipe.by_time else f"repeated cross-validation, {stratified}grouped",
        "group": table.group,
        "folds": recipe.folds,
        "repeats": recipe.repeats,
        "inner_folds": recipe.inner_folds,
        "seed": recipe.seed,
        "intervals": "low, high: 95 % bootstrap over groups; least, most: over the repeats",
    }


def _model(recipe: Recipe, fitted: Fitted, file: bytes) -> dict[str, Any]:
    digest = sha256(file).hexdigest()
    parameters = fitted.predictor.estimator.named_steps["model"].get_params(deep=False)
    return {
        "kind": recipe.kind,
        "parameters": {name: _said(value) for name, value in sorted(parameters.items())},
        "calibration": recipe.calibration if fitted.predictor.task == "classification" else "none",
        "file": MODEL_FILE,
        "sha256": digest,
        "uri": ni_uri(digest),
    }


def _thresholds(table: FeatureTable, fitted: Fitted, recipe: Recipe) -> dict[str, Any]:
    if table.task == "regression":
        return {"threshold": None, "budget_threshold": None, "alarm_budget": None}
    return {
        "threshold": best_f1_threshold(table.y, fitted.out_of_fold),
        "budget_threshold": budget_threshold(fitted.out_of_fold, recipe.alarm_budget),
        "alarm_budget": recipe.alarm_budget,
    }


def _said(value: Any) -> Any:
    """A parameter as JSON, or in Python's words where JSON has none."""
    if value is None or isinstance(value, bool | int | float | str | tuple | list):
        return plain(value) if plain(value) is not None or value is None else repr(value)
    return repr(value)
