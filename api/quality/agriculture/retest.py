"""A supplier's certificates against one's own retests: is there a bias, and since when?

A paired t test of the differences (certificate − own) with its interval, and their EWMA around 0 (Roberts 1959; NIST
e-Handbook 6.3.2.4), which shows a slow drift. Pairs with a value below the limit of quantification have no difference;
they are counted, not replaced. A small p says that there is a bias, not which of the two laboratories has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from api.quality.spc.ewma import ewma
from api.quality.units import compatible, convert
from ledger.errors import InvalidInput

#: one analyte of one item, by the certificate and by oneself, in `unit`; NaN is censored, or not comparable
PAIR = ("time", "item", "analyte", "unit", "stated", "own")

#: the EWMA of the differences in order of time; the limits are around 0
EWMA = ("time", "item", "difference", "ewma", "lower", "upper", "signal")

#: expected moving range of two normal values, in standard deviations
_D2 = 2 / np.sqrt(np.pi)


#: of the values: differences that differ by less are the same
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class RetestComparison:
    """Of one analyte: `mean` difference with its 95 % interval; NaN with fewer than two pairs that differ."""

    analyte: str
    unit: str
    pairs: int
    left_out: int
    mean: float
    low: float
    high: float
    t: float
    p: float
    ewma: pd.DataFrame


def pair_results(results: pd.DataFrame, own: str) -> pd.DataFrame:
    """A frame `PAIR` from a frame `RESULT`: each result of another laboratory with the mean of `own` for the item.

    A value below its LOQ is censored, as one that is only said to be below it.
    """
    results = results.assign(value=results["value"].astype("float64").mask(results["value"] < results["loq"]))
    mine = results[results["laboratory"] == own]
    pairs = results[results["laboratory"] != own].merge(
        mine[["item", "analyte", "unit", "value"]], on=["item", "analyte"], suffixes=("", "_own")
    )
    pairs["own"] = np.nan
    for names, group in pairs.groupby(["unit", "unit_own"]):
        unit, unit_own = map(str, names)
        if compatible(unit, unit_own):
            pairs.loc[group.index, "own"] = convert(group["value_own"].to_numpy(dtype=np.float64), unit_own, unit)
    pairs = pairs.rename(columns={"value": "stated"})
    keys = ["time", "item", "sample", "laboratory", "analyte", "unit", "stated"]
    found = pairs.groupby(keys, dropna=False, sort=False)["own"].agg(lambda own: own.mean(skipna=False)).reset_index()
    return found[list(PAIR)]


def compare_retests(
    pairs: pd.DataFrame, *, sigma: float | None = None, weight: float = 0.2, width: float = 3.0
) -> list[RetestComparison]:
    """One comparison per analyte and unit of a frame `PAIR`.

    `sigma` is the standard deviation of a difference from history; without it, their moving range is used. `weight` is
    λ and `width` L of the EWMA, whose limits are ±L·σ·√(λ/(2−λ)·(1−(1−λ)^(2i))).
    """
    if not 0 < weight <= 1 or not width > 0 or (sigma is not None and not sigma > 0):
        raise InvalidInput("the EWMA's settings make no sense", expected="0 < weight ≤ 1, width and sigma above 0")
    ordered = pairs.sort_values("time", kind="stable")
    return [
        _comparison(str(names[0]), str(names[1]), group, sigma, weight, width)
        for names, group in ordered.groupby(["analyte", "unit"], sort=True)
    ]


def _comparison(
    analyte: str, unit: str, group: pd.DataFrame, sigma: float | None, weight: float, width: float
) -> RetestComparison:
    whole = group[group["stated"].notna() & group["own"].notna()]
    difference = (whole["stated"] - whole["own"]).to_numpy(dtype=np.float64)
    count = len(difference)
    mean = low = high = t = p = np.nan
    if count:
        mean = float(difference.mean())
    if count > 1 and np.ptp(difference) > _ROUNDING * np.abs(whole[["stated", "own"]].to_numpy(np.float64)).max():
        tested = stats.ttest_1samp(difference, 0.0)
        interval = tested.confidence_interval(0.95)
        low, high, t, p = (float(each) for each in (interval.low, interval.high, tested.statistic, tested.pvalue))
    return RetestComparison(
        analyte=analyte,
        unit=unit,
        pairs=count,
        left_out=len(group) - count,
        mean=mean,
        low=low,
        high=high,
        t=t,
        p=p,
        ewma=_ewma(whole, difference, sigma, weight, width),
    )


def _ewma(
    whole: pd.DataFrame, difference: np.ndarray, sigma: float | None, weight: float, width: float
) -> pd.DataFrame:
    if sigma is None:
        sigma = float(np.abs(np.diff(difference)).mean() / _D2) if len(difference) > 1 else np.nan
    smooth = ewma(difference, target=0.0, sigma=sigma, weight=weight, width=width)
    limit = smooth.half_width
    columns = (whole["time"].to_numpy(), whole["item"].to_numpy(), difference, smooth.value, -limit, limit)
    found = pd.DataFrame(dict(zip(EWMA, columns, strict=False)))
    found["time"] = whole["time"].reset_index(drop=True)
    return found.assign(signal=np.abs(smooth.value) > limit)
