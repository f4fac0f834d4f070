"""Leakage as a test: what must not be in a table of features, and what must not be on both sides of a split.

Four ways are looked for: a feature that alone says the answer, a feature written down after it, rows of one group in
training and test, equal rows in training and test. A feature that leaks a little passes; the list of those known to
leak is the caller's (`tabular.feature_table(leaking=…)`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from api.quality.prediction.instants import instants
from ledger.errors import InvalidDocument, InvalidInput, Problem

#: ROC-AUC, or R², that a single feature reaches only if it is the answer
TELLING = 0.99
#: rows that a level needs, all of one rare class, before it counts as naming that class
_LEAST_PURE = 10
_FEW_VALUES = 10
_MOST_ROWS = 20_000


class Leakage(InvalidInput):
    """The answer is among the questions, or the test among the training."""

    code = "leakage"


class LeakingFeatures(InvalidDocument):
    """The same, with one problem per feature."""

    code = "leakage"


def telling_features(X: pd.DataFrame, y: npt.NDArray[np.float64], task: str) -> dict[str, str]:
    """Features that alone (nearly) say the target, each with the reason in words.

    For a classification: a tree of four leaves on this feature alone has a cross-validated ROC-AUC of at least 0.99,
    or one of at most ten distinct values, or being missing, names the rarer class in at least ten rows without
    exception (a mode column). For a regression: a tree on this feature alone has a cross-validated R² of 0.99, or the
    feature's values or ranks have that R² with the target's in at least ten rows: a copy in another unit, in few rows.
    """
    rows = np.random.default_rng(0).permutation(len(y))[:_MOST_ROWS]
    answer = y[rows]
    if len(np.unique(answer)) < 2:
        return {}
    reason = _tells_class if task == "classification" else _tells_value
    found = {str(name): reason(X[name].to_numpy(dtype=float)[rows], answer) for name in X}
    return {name: why for name, why in found.items() if why}


def refuse_telling_features(X: pd.DataFrame, y: npt.NDArray[np.float64], task: str) -> None:
    """Raise LeakingFeatures, one problem for each feature that `telling_features` finds."""
    problems = [
        Problem(
            f"feature {name!r} alone tells the target: {why}",
            expected="what is known before the outcome",
            advice="Remove it, or allow it if you know that it comes before the outcome (allow_telling).",
        )
        for name, why in telling_features(X, y, task).items()
    ]
    if problems:
        raise LeakingFeatures(problems)


def refuse_late_features(
    frame: pd.DataFrame, features: Sequence[str], recorded: Mapping[str, str], target_time: str
) -> None:
    """Raise LeakingFeatures for each feature recorded after the target, in any row, or at a time that is unknown."""
    target = instants(frame[target_time])
    problems = []
    for name in features:
        if name not in recorded:
            continue
        time = instants(frame[recorded[name]])
        late = int((frame[name].notna() & ~(time <= target)).sum())
        if late:
            problems.append(
                Problem(
                    f"feature {name!r} was recorded after the target, or nobody knows when, in {late} rows",
                    expected=f"{recorded[name]} ≤ {target_time}",
                )
            )
    if problems:
        raise LeakingFeatures(problems)


def check_folds(
    folds: Sequence[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]],
    groups: npt.ArrayLike,
    X: pd.DataFrame | None = None,
    time: pd.Series[Any] | None = None,
) -> None:
    """Raise Leakage where a fold's training and test share a group, equal rows (if `X` is given), or row numbers.

    With `time`, training must also be over before the test begins.
    """
    labels = np.asarray(groups)
    keys = None if X is None else pd.util.hash_pandas_object(X, index=False).to_numpy()
    for number, (train, test) in enumerate(folds, 1):
        where = f"fold {number}"
        if np.intersect1d(train, test).size:
            raise Leakage("rows are in training and in test", where=where, expected="no row in both")
        shared = np.intersect1d(labels[train], labels[test])
        if shared.size:
            raise Leakage(f"{shared.size} groups are in training and in test", where=where, expected="no group in both")
        if keys is not None and (shared := np.intersect1d(keys[train], keys[test])).size:
            raise Leakage(
                f"{shared.size} equal rows are in training and in test",
                where=where,
                expected="no duplicate in both",
                advice="Drop duplicates, or join the groups that hold them (join_duplicates).",
            )
        if time is not None and time.iloc[train].max() >= time.iloc[test].min():
            raise Leakage("training goes on after the test begins", where=where, expected="training before test")


def _tells_class(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> str:
    if len(np.unique(x)) < 2:
        return ""
    pure = _pure_level(x, y)
    if pure:
        return pure
    if min((y == 1).sum(), (y == 0).sum()) < 3:
        return ""
    tree = DecisionTreeClassifier(max_leaf_nodes=4, random_state=0)
    folds = StratifiedKFold(n_splits=3, shuffle=True, random_state=0)
    score = roc_auc_score(y, cross_val_predict(tree, x[:, None], y, cv=folds, method="predict_proba")[:, 1])
    return f"ROC-AUC {score:.3f} with nothing else" if score >= TELLING else ""


def _pure_level(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> str:
    rare = float(y.mean() < 0.5)
    if (y == rare).mean() > 0.3:
        return ""
    levels = [(np.isnan(x), "is missing")]
    values = np.unique(x[~np.isnan(x)])
    if len(values) <= _FEW_VALUES:
        levels += [(x == value, f"is {value:g}") for value in values]
    for at, said in levels:
        if at.sum() >= _LEAST_PURE and (y[at] == rare).mean() >= TELLING:
            return f"the target is {rare:g} in all {int(at.sum())} rows where it {said}"
    return ""


def _tells_value(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> str:
    if len(y) < 10 or len(np.unique(x)) < 2:
        return ""
    known = ~np.isnan(x)
    if known.sum() >= 10 and len(np.unique(x[known])) > 1 and len(np.unique(y[known])) > 1:
        together = max(pearsonr(x[known], y[known])[0] ** 2, spearmanr(x[known], y[known])[0] ** 2)
        if together >= TELLING:
            return f"R² {together:.3f} of values or ranks with nothing else"
    tree = DecisionTreeRegressor(min_samples_leaf=2, random_state=0)
    folds = KFold(n_splits=3, shuffle=True, random_state=0)
    score = r2_score(y, cross_val_predict(tree, x[:, None], y, cv=folds))
    return f"R² {score:.3f} with nothing else" if score >= TELLING else ""
