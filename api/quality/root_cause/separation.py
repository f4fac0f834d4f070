"""The separation: one regression over all factors at once, to tell confounded ancestors apart.

Logistic regression with an L1 penalty (liblinear, C = 0.15, factors standardised): of factors that occur together it
keeps the one that explains the most, and gives the others nothing. Intervals, and how often a factor is selected, come
from fits to resampled items (bootstrap; Efron & Tibshirani 1993; selection frequency: Meinshausen & Bühlmann, JRSS B
72:417, 2010).

What it does not do: test. The penalty shrinks every odds ratio towards 1, the intervals with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.root_cause.exposure import Exposure
from api.quality.root_cause.screening import screen

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PENALTY = 0.15

#: the regression is over at most so many factors, those with the smallest p of the screen: more would not fit in memory
MOST_FACTORS = 2000

#: `weight` per standard deviation; odds ratio of the exposed with its bootstrap interval; `selected`, the part of the
#: resamples in which the weight was positive (NaN without resamples)
SEPARATION = ("factor", "kind", "name", "members", "n1", "weight", "odds_ratio", "low", "high", "selected")


def separate(
    exposure: Exposure, bad: Bools, *, penalty: float = PENALTY, resamples: int = 0, level: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """One row SEPARATION per factor, in order of weight; factors without weight by name. `seed` makes it repeatable.

    All weights are 0 if no item is bad, or all are: there is nothing to separate.
    """
    chosen = np.sort(screen(exposure, bad)["factor"].to_numpy(dtype=np.int64)[:MOST_FACTORS])
    matrix = exposure.matrix[:, chosen].toarray().astype(np.float64)
    weight, log_odds = _fit(matrix, bad, penalty)
    low, high, selected = _resampled(matrix, bad, penalty, resamples, level, seed)
    rows = exposure.factors.iloc[chosen][["kind", "name", "members"]].reset_index(drop=True)
    rows = rows.assign(
        factor=chosen,
        n1=exposure.factors["exposed"].to_numpy()[chosen],
        weight=weight,
        odds_ratio=np.exp(log_odds),
        low=np.exp(low),
        high=np.exp(high),
        selected=selected,
    )
    order = np.lexsort((rows["name"], rows["kind"], -rows["weight"]))
    return rows.iloc[order][list(SEPARATION)].reset_index(drop=True)


def _fit(matrix: Floats, bad: Bools, penalty: float) -> tuple[Floats, Floats]:
    """Weights per standard deviation, and per exposure (log odds)."""
    from sklearn.linear_model import LogisticRegression  # half a second that a server need not wait for

    deviation = matrix.std(axis=0)
    varies = deviation > 0
    weight = np.zeros(matrix.shape[1])
    if bad.any() and not bad.all() and varies.any():
        scaled = (matrix[:, varies] - matrix[:, varies].mean(axis=0)) / deviation[varies]
        model = LogisticRegression(l1_ratio=1.0, C=penalty, solver="liblinear", random_state=0, max_iter=1000)
        weight[varies] = model.fit(scaled, bad).coef_[0]
    return weight, np.divide(weight, deviation, out=np.zeros_like(weight), where=varies)


def _resampled(
    matrix: Floats, bad: Bools, penalty: float, resamples: int, level: float, seed: int
) -> tuple[Floats, Floats, Floats]:
    """The interval of the log odds and how often each is positive; NaN without resamples."""
    if not resamples:
        unknown = np.full(matrix.shape[1], np.nan)
        return unknown, unknown, unknown
    dice = np.random.default_rng(seed)
    found = np.empty((resamples, matrix.shape[1]))
    for row in found:
        drawn = dice.integers(0, len(bad), len(bad))
        row[:] = _fit(matrix[drawn], bad[drawn], penalty)[1]
    low, high = np.quantile(found, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return low, high, (found > 0).mean(axis=0)
