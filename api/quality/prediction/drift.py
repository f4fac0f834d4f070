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
from scipy.stats import fisher_exact, ks_2samp
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
    not by chance at this false-discovery rate, which `p_adjusted` is held to: of the KS test of what is there, and of
    Fisher's exact test of how much is missing, where something is. Rows are taken as independent: those of a single lot
    or hour are not, and will look drifted. InvalidInput where a column or all rows are missing.
    """
    absent = [name for name in reference.columns if name not in current]
    if absent or not len(reference) or not len(current):
        raise InvalidInput(
            f"column {absent[0]} is missing" if absent else "no rows to compare",
            expected="the columns of the reference",
        )
    rows = [_compared(str(name), _floats(reference[name]), _floats(current[name]), bins) for name in reference.columns]
    made = pd.DataFrame(rows)
    by_chance = _either(made["p"], made["p_missing"])
    adjusted = np.full(len(made), np.nan)
    tested = by_chance.notna()
    if tested.any():
        adjusted[tested] = multipletests(by_chance[tested], alpha=false_discovery_rate, method="fdr_bh")[1]
    made.insert(4, "p_adjusted", adjusted)
    made["drifted"] = (made["psi"] >= QUIET) & (made["p_adjusted"] <= false_discovery_rate)
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

    If probabilities are right, a residual has mean 0, variance p(1 - p) and third moment p(1 - p)(1 - 2p), whatever was
    predicted before. The limit is `sigmas` times the exact standard deviation of the weighted sum, widened by its
    skewness γ to sigmas + (sigmas² - 1)·|γ|/6 (Cornish & Fisher 1938): else each first failure of a rare kind would
    signal. Rows without an outcome are left out.
    """
    p, y = np.asarray(probability, dtype=float), np.asarray(outcome, dtype=float)
    known = ~np.isnan(y)
    p, y = p[known], y[known]
    variance = p * (1 - p)
    return _watch(y - p, variance, variance * (1 - 2 * p), weight, sigmas)


def residual_watch(residual: npt.ArrayLike, sigma: float, *, weight: float = 0.05, sigmas: float = 3.0) -> pd.DataFrame:
    """The same for a regression, whose residuals on unseen groups had standard deviation `sigma` (and mean 0)."""
    found = np.asarray(residual, dtype=float)
    found = found[~np.isnan(found)]
    return _watch(found, np.full(len(found), sigma**2), np.zeros(len(found)), weight, sigmas)


def _watch(residual: Floats, variance: Floats, third: Floats, weight: float, sigmas: float) -> pd.DataFrame:
    ewma = _smoothed(residual, weight)
    spread = np.sqrt(_smoothed(variance, weight, power=2))
    skewness = np.abs(_smoothed(third, weight, power=3)) / np.where(spread > 0, spread, np.inf) ** 3
    limit = spread * (sigmas + (sigmas**2 - 1) * skewness / 6)
    return pd.DataFrame({"residual": residual, "ewma": ewma, "limit": limit, "signal": np.abs(ewma) > limit})


def _smoothed(values: Floats, weight: float, *, power: int = 1) -> Floats:
    """z_t = (1 - λ) z_{t-1} + λ x_t from 0; with both factors to a power for the moments of that order."""
    smoothed: Floats = lfilter([weight**power], [1.0, -((1 - weight) ** power)], values)
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


def _either(there: pd.Series[float], missing: pd.Series[float]) -> pd.Series[float]:
    """The p of two tests together: twice the smaller (Bonferroni), or the one that there is."""
    both = pd.concat([there, missing], axis=1)
    return (both.min(axis=1) * both.notna().sum(axis=1)).clip(upper=1.0).where(both.notna().any(axis=1))


def _share_test(before: npt.NDArray[np.bool_], now: npt.NDArray[np.bool_]) -> float:
    """Fisher's exact p of equal shares, which holds for any number of rows; NaN where nothing is missing."""
    counts = np.array([[before.sum(), (~before).sum()], [now.sum(), (~now).sum()]])
    return float(fisher_exact(counts)[1]) if before.any() or now.any() else np.nan


def _shares(values: Floats, edges: Floats) -> Floats:
    missing = np.isnan(values)
    counts = np.bincount(np.searchsorted(edges, values[~missing], side="left"), minlength=len(edges) + 1)
    every = np.append(counts, missing.sum()) + 0.5
    return np.asarray(every / every.sum(), dtype=float)


def _floats(column: pd.Series[float]) -> Floats:
    return np.asarray(column.to_numpy(dtype=float, na_value=np.nan), dtype=float)
