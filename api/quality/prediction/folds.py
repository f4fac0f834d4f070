"""Which rows are learned from and which are asked: splits by lot, engine, life of a tool, or block of time.

Rows of one group are like each other. Where they stand on both sides of a split, a model is asked what it has seen:
engines' remaining life then seems known to 6 cycles instead of 15. scikit-learn splits; this module
refuses splits that leak. Groups are made in `groups`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from api.quality.prediction.leakage import check_folds
from api.quality.prediction.tabular import FeatureTable
from ledger.errors import InvalidInput

Rows = npt.NDArray[np.intp]
Fold = tuple[Rows, Rows]


def grouped_folds(
    y: npt.NDArray[np.float64], groups: Rows, *, folds: int, seed: int, stratified: bool = True
) -> list[Fold]:
    """`folds` pairs (training, test) of row numbers, no group on both sides, shuffled by `seed`.

    For a classification the share of the classes is kept as far as groups allow. InvalidInput where there are too few
    groups, or a fold would lack a class.
    """
    count = len(np.unique(groups))
    if count < folds:
        raise InvalidInput(f"{count} groups", expected=f"at least {folds}, one for each fold")
    if not stratified:
        return list(GroupKFold(n_splits=folds, shuffle=True, random_state=seed).split(y, y, groups))
    bearing = min(len(np.unique(groups[y == label])) for label in (0.0, 1.0))
    if bearing < folds:
        raise InvalidInput(f"only {bearing} groups have the rarer class", expected=f"at least {folds}")
    return list(StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed).split(y, y, groups))


def repeated_folds(table: FeatureTable, *, folds: int = 5, repeats: int = 10, seed: int = 0) -> Iterator[list[Fold]]:
    """The folds of each repeat, checked for leakage of groups and of equal rows."""
    for repeat in range(repeats):
        made = grouped_folds(
            table.y,
            table.groups,
            folds=folds,
            seed=seed + repeat,
            stratified=table.task == "classification",
        )
        check_folds(made, table.groups, table.X)
        yield made


def time_folds(time: pd.Series[pd.Timestamp], groups: Rows, *, folds: int = 5) -> list[Fold]:
    """Blocks of time, each asked by a model of all earlier ones; the first block is only learned from.

    A group that reaches into the test block is left out of its training, and so is every row of the test's own times.
    """
    order = np.argsort(time.to_numpy(), kind="stable")
    blocks = np.array_split(order, folds + 1)
    made = []
    for number in range(1, folds + 1):
        test = np.sort(blocks[number])
        begin = time.iloc[test].min()
        before = np.flatnonzero((time < begin).to_numpy() & ~np.isin(groups, groups[test]))
        if before.size:
            made.append((before, test))
    if not made:
        raise InvalidInput("no row lies before another block of time", expected="rows at different times")
    check_folds(made, groups, time=time)
    return made
