"""How well a model does on groups that it has not seen: grouped cross-validation, repeated, with intervals.

Within each training fold the model is calibrated and its thresholds are chosen by an inner grouped cross-validation, so
that the rows asked decide nothing. Two kinds of doubt are shown: over the repeats (other splits, other seeds), and over
the groups themselves, by a bootstrap that draws whole groups (Efron & Tibshirani 1993, ch. 8; Field & Welsh 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.prediction.calibration import Calibration, calibration
from api.quality.prediction.folds import Fold, repeated_folds, time_folds
from api.quality.prediction.metrics import Asked, classification_metrics, regression_metrics
from api.quality.prediction.predictor import fit
from api.quality.prediction.tabular import FeatureTable
from api.quality.prediction.thresholds import best_f1_threshold, budget_threshold
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]
#: an unfitted model for a seed
Make = Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of a model on groups it had not seen.

    `metrics`: metric, mean, sd, least, most (over the repeats), low, high (95 % bootstrap over groups of the mean over
    the repeats). `repeats`: the metrics of each repeat. `asked`: the answers of each repeat, row by row.
    """

    folds: int
    groups: int
    #: positions in the table of the rows that were asked, in the order of `asked`: all, but for blocks of time
    rows: npt.NDArray[np.intp]
    seed: int
    alarm_budget: float
    metrics: pd.DataFrame
    repeats: pd.DataFrame
    asked: tuple[Asked, ...]
    #: of all repeats together; None for a regression
    calibration: Calibration | None

    def metric(self, name: str) -> dict[str, float]:
        """The row of one metric: mean, sd, least, most, low, high."""
        row = self.metrics[self.metrics["metric"] == name].drop(columns="metric")
        return {str(each): float(row[each].iloc[0]) for each in row}


def evaluate(
    table: FeatureTable,
    make: Make,
    *,
    folds: int = 5,
    repeats: int = 5,
    inner_folds: int = 3,
    seed: int = 0,
    alarm_budget: float = 0.05,
    calibrate: str = "sigmoid",
    by_time: bool = False,
    draws: int = 200,
) -> Evaluation:
    """Evaluate `make(seed)` on `table`. Raises Leakage for a split that leaks, InvalidInput for too few groups.

    `alarm_budget` is the share of rows that may raise an alarm. Folds of one repeat share a seed; every repeat has
    another. Metrics are those of all folds of a repeat together. `by_time` asks each block of the table's time of a
    model of what came before; the repeats are then of the seed only.
    """
    asked = []
    splits = (
        _time_splits(table, folds, repeats)
        if by_time
        else repeated_folds(table, folds=folds, repeats=repeats, seed=seed)
    )
    for repeat, made in enumerate(splits):
        rows = np.sort(np.concatenate([test for _, test in made]))
        options = {"calibration": calibrate, "folds": inner_folds, "seed": seed + repeat}
        asked.append(_ask(table, make(seed + repeat), made, rows, alarm_budget, options))
    measure, groups = measures(table.task), table.groups[rows]
    each = pd.DataFrame([measure(one, np.ones(len(rows))) for one in asked])
    pooled = None
    if table.task == "classification":
        pooled = calibration(np.tile(table.y[rows], repeats), np.concatenate([one.predicted for one in asked]))
    return Evaluation(
        folds=folds,
        groups=len(np.unique(groups)),
        rows=rows,
        seed=seed,
        alarm_budget=alarm_budget,
        metrics=_summary(each, bootstrap(asked, groups, measure, draws=draws, seed=seed)),
        repeats=each,
        asked=tuple(asked),
        calibration=pooled,
    )


def measures(task: str) -> Callable[[Asked, Floats], dict[str, float]]:
    """The metrics of a task."""
    return classification_metrics if task == "classification" else regression_metrics


def bootstrap(
    asked: Sequence[Asked],
    groups: npt.NDArray[np.intp],
    measure: Callable[[Asked, Floats], dict[str, float]],
    *,
    draws: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """One row per draw of whole groups with replacement: each metric's mean over the repeats on that draw."""
    _, codes = np.unique(groups, return_inverse=True)
    count = int(codes.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=draws)
    every = pd.DataFrame([measure(one, times[codes].astype(float)) for times in drawn for one in asked])
    return every.groupby(np.repeat(np.arange(draws), len(asked))).mean()


def _time_splits(table: FeatureTable, folds: int, repeats: int) -> list[list[Fold]]:
    if table.time is None:
        raise InvalidInput("the table has no time", expected="a column with the time at which each row was known")
    return [time_folds(table.time, table.groups, folds=folds)] * repeats


def _ask(
    table: FeatureTable,
    model: Any,
    folds: Sequence[Fold],
    rows: npt.NDArray[np.intp],
    budget: float,
    options: dict[str, Any],
) -> Asked:
    predicted = np.empty(len(table.y))
    alarm, budget_alarm = np.zeros(len(table.y), dtype=bool), np.zeros(len(table.y), dtype=bool)
    for train, test in folds:
        if table.task == "regression":
            predicted[test] = model.fit(table.X.iloc[train], table.y[train]).predict(table.X.iloc[test])
            continue
        learned = table.rows(train)
        fitted = fit(learned, model, **options)
        p = predicted[test] = fitted.predictor.predict(table.X.iloc[test])
        alarm[test] = p >= best_f1_threshold(learned.y, fitted.out_of_fold)
        budget_alarm[test] = p >= budget_threshold(fitted.out_of_fold, budget)
    return Asked(table.y[rows], predicted[rows], alarm[rows], budget_alarm[rows])


def _summary(each: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    made = pd.DataFrame(
        {
            "mean": each.mean(),
            "sd": each.std(ddof=1),
            "least": each.min(),
            "most": each.max(),
            "low": drawn.quantile(0.025),
            "high": drawn.quantile(0.975),
        }
    )
    return made.rename_axis("metric").reset_index()
