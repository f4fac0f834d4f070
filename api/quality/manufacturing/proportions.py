"""Intervals for proportions, vectorised: Wilson for showing, Clopper-Pearson where a bound must hold.

Wilson (1927), Journal of the American Statistical Association 22; Clopper and Pearson (1934), Biometrika 26.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special, stats

Floats = npt.NDArray[np.float64]


def wilson(count: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Lower and upper bounds; of no trials (NaN, NaN)."""
    k, n = np.asarray(count, dtype=float), np.asarray(trials, dtype=float)
    z = float(stats.norm.ppf((1 + confidence) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = k / n
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return np.where(k == 0, 0.0, centre - half) + 0 * p, np.where(k == n, 1.0, centre + half) + 0 * p


def clopper_pearson(count: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Lower and upper bounds, at least as sure as said; of no trials (NaN, NaN)."""
    k, n = np.asarray(count, dtype=float), np.asarray(trials, dtype=float)
    tail = (1 - confidence) / 2
    low = np.where(k > 0, special.betaincinv(np.maximum(k, 0.5), n - k + 1, tail), 0.0)
    high = np.where(k < n, special.betaincinv(k + 1, np.maximum(n - k, 0.5), 1 - tail), 1.0)
    known = n > 0
    return np.where(known, low, np.nan), np.where(known, high, np.nan)
