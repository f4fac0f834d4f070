"""Which inputs moved a prediction, and how far: Shapley values against a stated background.

The value of a set of features is the mean score of rows that have this row's values in the set and a background row's
elsewhere (interventional; Lundberg & Lee 2017, Janzing et al. 2020). For a linear score the values are
coefficient × (value - background mean), exactly; with few features all sets are asked; with many, orders are sampled
(Štrumbelj & Kononenko 2014), each with its reverse, and the standard error is told. In all three the contributions sum
to the score minus the background's. They say what the model does, not what causes the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import average_precision_score, mean_squared_error

from api.quality.prediction.leakage import check_folds
from api.quality.prediction.predictor import Predictor
from api.quality.prediction.tabular import FeatureTable

Floats = npt.NDArray[np.float64]

_MOST_EXACT = 10
_BATCH = 200_000


@dataclass(frozen=True, slots=True)
class Explanation:
    """Row by row: `base` + the sum of `contributions` = `score`. The unit is that of `Predictor.score` (log-odds)."""

    base: float
    score: Floats
    #: one column per input, in the order of the table
    contributions: pd.DataFrame
    #: standard error of each contribution; 0 where they are exact
    error: pd.DataFrame
    method: str
    background_rows: int

    def row(self, number: int) -> pd.DataFrame:
        """What moved one row, the strongest first: input, contribution, error."""
        made = pd.DataFrame(
            {
                "input": self.contributions.columns,
                "contribution": self.contributions.iloc[number].to_numpy(),
                "error": self.error.iloc[number].to_numpy(),
            }
        )
        return made.sort_values("contribution", key=np.abs, ascending=False, kind="stable").reset_index(drop=True)


def explain(
    predictor: Predictor,
    X: pd.DataFrame,
    background: pd.DataFrame,
    *,
    together: dict[str, Sequence[str]] | None = None,
    orders: int = 50,
    seed: int = 0,
) -> Explanation:
    """Explain each row of `X` against `background` (rows of training; some dozens are enough).

    `together` joins columns into one input: the levels of one text column move as one. Cost: 2^inputs × background rows
    scores per row up to ten inputs, 2 × orders × inputs × background rows beyond.
    """
    joined = together or {}
    taken = {column for columns in joined.values() for column in columns}
    inputs = {**{name: (name,) for name in X.columns if name not in taken}, **{k: tuple(v) for k, v in joined.items()}}
    players = [np.flatnonzero(X.columns.isin(columns)) for columns in inputs.values()]
    names = list(inputs)
    base = float(predictor.score(background).mean())
    score = predictor.score(X)
    linear = _linear(predictor, X, background)
    if linear is not None:
        values, method = np.stack([linear[:, at].sum(axis=1) for at in players], axis=1), "linear, exact"
        error = np.zeros_like(values)
    elif len(players) <= _MOST_EXACT:
        values, method = _exact(predictor.score, X, background, players), "Shapley, exact"
        error = np.zeros_like(values)
    else:
        values, error = _sampled(predictor.score, X, background, players, orders, seed)
        method = f"Shapley, {2 * orders} orders sampled"
    contributions, errors = (pd.DataFrame(each, columns=names, index=X.index) for each in (values, error))
    return Explanation(base, score, contributions, errors, method, len(background))


def permutation_importance(
    table: FeatureTable,
    folds: Sequence[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]],
    fitted: Sequence[Predictor],
    *,
    repeats: int = 5,
    seed: int = 0,
) -> pd.DataFrame:
    """How much worse unseen rows are predicted when a column is shuffled: feature, importance, sd; the strongest first.

    The loss is of PR-AUC for a classification, a rise of the mean square error for a regression (Breiman 2001; Fisher,
    Rudin & Dominici 2019). `fitted` is the model of each fold's training. Correlated columns share their importance.
    """
    check_folds(folds, table.groups)
    rng = np.random.default_rng(seed)
    drops = np.zeros((len(folds) * repeats, table.X.shape[1]))
    for number, ((_, test), predictor) in enumerate(zip(folds, fitted, strict=True)):
        X, y = table.X.iloc[test], table.y[test]
        known = _goodness(table.task, y, predictor.predict(X))
        for repeat in range(repeats):
            for at, name in enumerate(X.columns):
                shuffled = X.assign(**{name: rng.permutation(X[name].to_numpy())})
                drop = known - _goodness(table.task, y, predictor.predict(shuffled))
                drops[number * repeats + repeat, at] = drop
    made = pd.DataFrame({"feature": table.X.columns, "importance": drops.mean(axis=0), "sd": drops.std(axis=0, ddof=1)})
    return made.sort_values("importance", ascending=False, kind="stable").reset_index(drop=True)


def _goodness(task: str, y: Floats, predicted: Floats) -> float:
    if task == "classification":
        return float(average_precision_score(y, predicted))
    return -float(mean_squared_error(y, predicted))


def _linear(predictor: Predictor, X: pd.DataFrame, background: pd.DataFrame) -> Floats | None:
    """Contributions of a linear model on complete columns; None for any other."""
    steps = getattr(predictor.estimator, "named_steps", {})
    model = steps.get("model")
    if not isinstance(model, LogisticRegression | Ridge) or X.isna().any(axis=None) or background.isna().any(axis=None):
        return None
    coefficient = np.ravel(model.coef_)
    if len(coefficient) != X.shape[1]:
        return None
    slope = coefficient / steps["scale"].scale_
    if isinstance(predictor.calibrator, LogisticRegression):
        slope = slope * predictor.calibrator.coef_[0, 0]
    return np.asarray(slope * (X.to_numpy() - background.to_numpy().mean(axis=0)), dtype=float)


def _exact(score: Callable[[Any], Floats], X: pd.DataFrame, background: pd.DataFrame, players: list[Any]) -> Floats:
    count = len(players)
    sets = [chosen for size in range(count + 1) for chosen in combinations(range(count), size)]
    worth = {frozenset(chosen): _worth(score, X, background, [players[at] for at in chosen]) for chosen in sets}
    values = np.zeros((len(X), count))
    for chosen, value in worth.items():
        for at in set(range(count)) - chosen:
            weight = factorial(len(chosen)) * factorial(count - len(chosen) - 1) / factorial(count)
            values[:, at] += weight * (worth[chosen | {at}] - value)
    return values


def _sampled(
    score: Callable[[Any], Floats],
    X: pd.DataFrame,
    background: pd.DataFrame,
    players: list[Any],
    orders: int,
    seed: int,
) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    found = np.zeros((orders, len(X), len(players)))
    for number in range(orders):
        order = rng.permutation(len(players))
        for direction in (order, order[::-1]):
            before = _worth(score, X, background, [])
            for size in range(1, len(direction) + 1):
                after = _worth(score, X, background, [players[at] for at in direction[:size]])
                found[number, :, direction[size - 1]] += (after - before) / 2
                before = after
    error = found.std(axis=0, ddof=1) / np.sqrt(orders) if orders > 1 else np.full(found.shape[1:], np.nan)
    return found.mean(axis=0), error


def _worth(score: Callable[[Any], Floats], X: pd.DataFrame, background: pd.DataFrame, known: list[Any]) -> Floats:
    """The mean score of each row of `X` whose columns outside `known` come from each row of the background."""
    columns = np.concatenate([*known, np.array([], dtype=int)]).astype(int)
    rows, others = X.to_numpy(dtype=float), background.to_numpy(dtype=float)
    step = max(1, _BATCH // len(others))
    means = np.empty(len(rows))
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        mixed = np.tile(others, (len(part), 1))
        mixed[:, columns] = np.repeat(part, len(others), axis=0)[:, columns]
        scores = score(pd.DataFrame(mixed, columns=X.columns))
        means[start : start + step] = scores.reshape(len(part), len(others)).mean(axis=1)
    return means
