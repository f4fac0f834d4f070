"""Whether a probability means what it says: Brier score, reliability curve, and the line through it.

Brier 1950; reliability diagrams after Murphy 1977 with Wilson intervals; calibration intercept and slope after Cox 1958
(0 and 1 where probabilities are right).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import LogisticRegression
from statsmodels.stats.proportion import proportion_confint

from api.quality.prediction.predictor import log_odds


@dataclass(frozen=True, slots=True)
class Calibration:
    """`curve` has the columns low, high, count, predicted (mean), observed (share), observed_low, observed_high."""

    brier: float
    #: 1 - Brier / Brier of the base rate for every row; 0 says that nothing was learned
    skill: float
    #: mean distance of predicted and observed over the curve's bins, weighted by rows
    expected_error: float
    intercept: float
    slope: float
    curve: pd.DataFrame


def calibration(y: npt.ArrayLike, probability: npt.ArrayLike, *, bins: int = 10) -> Calibration:
    """Calibration of probabilities against outcomes 0/1, in `bins` of equal width; empty bins are left out."""
    truth, p = np.asarray(y, dtype=float), np.asarray(probability, dtype=float)
    brier = float(np.mean((p - truth) ** 2))
    rate = float(truth.mean())
    curve = reliability_curve(truth, p, bins=bins)
    error = float(np.average(np.abs(curve["predicted"] - curve["observed"]), weights=curve["count"]))
    intercept, slope = np.nan, np.nan
    if 0 < rate < 1:
        line = LogisticRegression(C=np.inf, max_iter=1000).fit(log_odds(p)[:, None], truth)
        intercept, slope = float(line.intercept_[0]), float(line.coef_[0, 0])
    reference = rate * (1 - rate)
    return Calibration(brier, 1 - brier / reference if reference else np.nan, error, intercept, slope, curve)


def reliability_curve(y: npt.ArrayLike, probability: npt.ArrayLike, *, bins: int = 10) -> pd.DataFrame:
    """Predicted and observed share per bin of probability, with 95 % Wilson intervals of the observed share."""
    truth, p = np.asarray(y, dtype=float), np.asarray(probability, dtype=float)
    at = np.clip((p * bins).astype(int), 0, bins - 1)
    count = np.bincount(at, minlength=bins)
    hits = np.bincount(at, truth, minlength=bins)
    total = np.bincount(at, p, minlength=bins)
    used = np.flatnonzero(count)
    low, high = proportion_confint(hits[used], count[used], method="wilson")
    return pd.DataFrame(
        {
            "low": used / bins,
            "high": (used + 1) / bins,
            "count": count[used],
            "predicted": total[used] / count[used],
            "observed": hits[used] / count[used],
            "observed_low": low,
            "observed_high": high,
        }
    )
