"""Whether the world is still the one that a model learned from: its inputs, its predictions, and, later, its errors.

PSI = Σ (q - p)·ln(q/p) over tenths of the reference (Siddiqi 2006: below .1 quiet, above .25 moved) says how far; a
two-sample Kolmogorov-Smirnov test says whether by chance, held to a false-discovery rate over all columns (Benjamini &
Hochberg 1995). Once outcomes are known, an EWMA chart of outcome minus probability (Roberts 1959) signals lost
calibration. Which of them matters for the product is not decided here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.signal import lfilter
from scipy.stats import ks_2samp, norm
from statsmodels.stats.multitest import multipletests

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

QUIET = 0.1
MOVED = 0.25


def drift(
    reference: pd.DataFrame, current: pd.DataFrame, *, false_discovery_rate: float = 0.05, bins: int = 10
) -> pd.DataFrame:
    """One row per column of `reference`, the farthest moved first. Add the predictions as one more column.

    Columns: feature, psi, ks, p, p_adjusted, missing_before, missing_now, drifted. `drifted`: PSI of at least 0.1, and
    not by chance at this false-discovery rate. Missing values are a bin of the PSI of their own and not in the KS test.
    InvalidInput where a column or all rows are missing.
    """
    absent = [name for name in reference.columns if name not in current]
    if absent or not len(reference) or not len(current):
        raise InvalidInput(
            f"column {absent[0]} is missing" if absent else "no rows to compare",
            expected="the columns of the reference",
        )
    rows = [_compared(str(name), _floats(reference[name]), _floats(current[name]), bins) for name in reference.columns]
    made = pd.DataFrame(rows)
    tested = made["p"].notna()
    adjusted = np.full(len(made), np.nan)
    if tested.any():
        adjusted[tested] = multipletests(made.loc[tested, "p"], alpha=false_discovery_rate, method="fdr_bh")[1]
    made.insert(4, "p_adjusted", adjusted)
    certain = (made["p_adjusted"] <= false_discovery_rate) | made["p_missing"].le(false_discovery_rate / len(made))
    made["drifted"] = (made["psi"] >= QUIET) & certain
    made = made.drop(columns="p_missing")
    return made.sort_values("psi", ascending=False, kind="stable").reset_index(drop=True)


def population_stability(reference: npt.ArrayLike, current: npt.ArrayLike, *, bins: int = 10) -> float:
    """PSI of one column, over quantiles of the reference and a bin for what is missing; half a row is added to each."""
    before, now = np.asarray(reference, dtype=float), np.asarray(current, dtype=float)
    present = before[~np.isnan(before)]
    edges = np.unique(np.quantile(present, np.linspace(0, 1, bins + 1)[1:-1])) if len(present) else np.array([])
    p, q = _shares(before, edges), _shares(now, edges)
    return float(np.sum((q - p) * np.log(q / p)))


def calibration_watch(
    probability: npt.ArrayLike, outcome: npt.ArrayLike, *, weight: float = 0.05, sigmas: float = 3.0
) -> pd.DataFrame:
    """An EWMA chart of outcome - probability in the order in which outcomes came: residual, ewma, limit, signal.

    If probabilities are right, a residual has mean 0 and variance p(1 - p), whatever was predicted before; the limit is
    `sigmas` times the exact standard deviation of the weighted sum. Rows without an outcome are left out.
    """
    p, y = np.asarray(probability, dtype=float), np.asarray(outcome, dtype=float)
    return _watch((y - p)[~np.isnan(y)], (p * (1 - p))[~np.isnan(y)], weight, sigmas)


def residual_watch(residual: npt.ArrayLike, sigma: float, *, weight: float = 0.05, sigmas: float = 3.0) -> pd.DataFrame:
    """The same for a regression, whose residuals on unseen groups had standard deviation `sigma` (and mean 0)."""
    found = np.asarray(residual, dtype=float)
    found = found[~np.isnan(found)]
    return _watch(found, np.full(len(found), sigma**2), weight, sigmas)


def _watch(residual: Floats, variance: Floats, weight: float, sigmas: float) -> pd.DataFrame:
    ewma = _smoothed(residual, weight)
    limit = sigmas * np.sqrt(_smoothed(variance, weight, squared=True))
    return pd.DataFrame({"residual": residual, "ewma": ewma, "limit": limit, "signal": np.abs(ewma) > limit})


def _smoothed(values: Floats, weight: float, *, squared: bool = False) -> Floats:
    """z_t = (1 - λ) z_{t-1} + λ x_t from 0; with both factors squared for variances."""
    keep, take = ((1 - weight) ** 2, weight**2) if squared else (1 - weight, weight)
    smoothed: Floats = lfilter([take], [1.0, -keep], values)
    return smoothed


def _compared(name: str, before: Floats, now: Floats, bins: int) -> dict[str, object]:
    here, there = before[~np.isnan(before)], now[~np.isnan(now)]
    test = ks_2samp(here, there, method="auto") if len(here) and len(there) else None
    return {
        "feature": name,
        "psi": population_stability(before, now, bins=bins),
        "ks": np.nan if test is None else float(test.statistic),
        "p": np.nan if test is None else float(test.pvalue),
        "missing_before": float(np.isnan(before).mean()),
        "missing_now": float(np.isnan(now).mean()),
        "p_missing": _share_test(np.isnan(before), np.isnan(now)),
    }


def _share_test(before: npt.NDArray[np.bool_], now: npt.NDArray[np.bool_]) -> float:
    """Two-sided p of equal shares (two-sample z with a pooled share); 1 where nothing, or everything, is missing."""
    pooled = (before.sum() + now.sum()) / (len(before) + len(now))
    spread = np.sqrt(pooled * (1 - pooled) * (1 / len(before) + 1 / len(now)))
    return 1.0 if spread == 0 else float(2 * norm.sf(abs(now.mean() - before.mean()) / spread))


def _shares(values: Floats, edges: Floats) -> Floats:
    missing = np.isnan(values)
    counts = np.bincount(np.searchsorted(edges, values[~missing], side="left"), minlength=len(edges) + 1)
    every = np.append(counts, missing.sum()) + 0.5
    return np.asarray(every / every.sum(), dtype=float)


def _floats(column: pd.Series[float]) -> Floats:
    return np.asarray(column.to_numpy(dtype=float, na_value=np.nan), dtype=float)
