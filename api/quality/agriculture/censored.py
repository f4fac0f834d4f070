"""Summaries of values of which some are only known to be below their limit of quantification (LOQ).

Quantiles by Kaplan-Meier, turned round for left-censored values (Helsel, *Statistics for Censored Environmental Data*):
distribution-free, many LOQs allowed, and NaN below the lowest value that the data can speak of. The mean is given as
the bounds that substitution by 0 and by the LOQ sets, never as one figure with half the LOQ put in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CensoredSummary:
    """Of `count` values, `censored` are below their LOQ; the rest are detects. NaN is what cannot be said."""

    count: int
    censored: int
    highest: float
    highest_loq: float
    mean_least: float
    mean_most: float
    p50: float
    p95: float


def censored_summary(values: npt.ArrayLike, loq: npt.ArrayLike) -> CensoredSummary:
    """Values in one unit; NaN with an LOQ is censored, NaN without one is left out."""
    value, limit = np.asarray(values, dtype=np.float64), np.asarray(loq, dtype=np.float64)
    below = (np.isnan(value) | (value < limit)) & (limit > 0)
    detects, bounds = value[~below & ~np.isnan(value)], limit[below]
    count = len(detects) + len(bounds)
    return CensoredSummary(
        count=count,
        censored=len(bounds),
        highest=float(detects.max()) if len(detects) else np.nan,
        highest_loq=float(bounds.max()) if len(bounds) else np.nan,
        mean_least=float(detects.sum() / count) if count else np.nan,
        mean_most=float((detects.sum() + bounds.sum()) / count) if count else np.nan,
        p50=_quantile(detects, bounds, 0.50),
        p95=_quantile(detects, bounds, 0.95),
    )


def summaries(results: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """One `CensoredSummary` per group of a frame `RESULT`; the unit always groups, so that nothing is mixed."""
    keys = list(dict.fromkeys([*by, "unit"]))
    rows = []
    for names, group in results.groupby(keys, sort=True, dropna=False):
        found = censored_summary(group["value"].to_numpy(dtype=np.float64), group["loq"].to_numpy(dtype=np.float64))
        rows.append(dict(zip(keys, names, strict=True)) | {name: getattr(found, name) for name in _FIELDS})
    return pd.DataFrame(rows, columns=[*keys, *_FIELDS])


def _quantile(detects: Floats, bounds: Floats, share: float) -> float:
    """The least value that at least `share` of all lie at or below; NaN where it is among the censored ones."""
    if not len(detects):
        return np.nan
    distinct, rank = np.unique(np.concatenate([detects, bounds]), return_inverse=True)
    turned = (len(distinct) - 1 - rank).astype(np.float64)  # what is below its LOQ comes after it now: right-censored
    reached, censored = turned[: len(detects)], turned[len(detects) :]
    found = stats.ecdf(stats.CensoredData(uncensored=reached, right=censored)).sf
    at = np.unique(reached)
    below = np.asarray(found.evaluate(at))  # the share of all that lies below each detect …
    at_or_below = np.concatenate([[1.0], below[:-1]])  # … and at or below it, from the highest down
    last = int(np.flatnonzero(at_or_below >= share - 1e-12)[-1])
    return np.nan if below[last] >= share - 1e-12 else float(distinct[len(distinct) - 1 - int(at[last])])


_FIELDS = tuple(CensoredSummary.__dataclass_fields__)
