"""Excursions of one series beyond its limits: time above and below, the longest run, and the time nobody knows about.

*Step-hold* (the default): a value holds until the next one. *Linear*: the value runs straight to the next one. A gap
longer than `gap_factor` × the series' sampling interval (the median distance) is unknown, never in range. Time is
elapsed time: a change of daylight saving in between does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.intervals import Intervals
from api.quality.step_hold import GAP_FACTOR, longest_gap
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Excursion:
    """What became of one series, in seconds: `total` is from the first value to the last.

    `longest` is the longest run outside and `runs` how many there were. Degree-hours are the area between the series
    and the limit it passed, in the values' own unit times hours.
    """

    total: float
    above: float
    below: float
    longest: float
    unknown: float
    runs: int
    degree_hours_above: float
    degree_hours_below: float
    interpolation: Literal["step", "linear"]


def excursion(
    times: pd.Series[pd.Timestamp] | pd.DatetimeIndex,
    values: npt.ArrayLike,
    *,
    low: float | None = None,
    high: float | None = None,
    interpolation: Literal["step", "linear"] = "step",
    gap_factor: float = GAP_FACTOR,
) -> Excursion:
    """Time outside [low, high] of a series in any order; a value on the limit is inside."""
    at, value = _ordered(times, values)
    known = np.diff(at) <= longest_gap(at, gap_factor)
    start, end = at[:-1][known], at[1:][known]
    before = value[:-1][known]
    after = value[1:][known] if interpolation == "linear" else before
    upper, lower = np.inf if high is None else high, np.inf if low is None else -low
    above = _beyond(start, end, before, after, upper)
    below = _beyond(start, end, -before, -after, lower)
    outside = above.and_also(below).union()
    return Excursion(
        total=_seconds(at[-1] - at[0]),
        above=_seconds(above.length(1)[0]),
        below=_seconds(below.length(1)[0]),
        longest=_seconds(outside.longest(1)[0]),
        unknown=_seconds(at[-1] - at[0] - (end - start).sum()),
        runs=len(outside.group),
        degree_hours_above=_area(end - start, before, after, upper),
        degree_hours_below=_area(end - start, -before, -after, lower),
        interpolation=interpolation,
    )


def _ordered(times: pd.Series[pd.Timestamp] | pd.DatetimeIndex, values: npt.ArrayLike) -> tuple[Ints, Floats]:
    index = pd.DatetimeIndex(times)
    if index.tz is None:
        raise InvalidInput("the times have no zone", expected="times with a zone")
    at = index.as_unit("us").asi8
    value = np.asarray(values, dtype=np.float64)
    if not len(at) or at.shape != value.shape or not np.isfinite(value).all():
        raise InvalidInput("the series is empty or broken", expected="one finite value per time, at least one")
    order = np.argsort(at, kind="stable")
    return at[order], value[order]


def _beyond(start: Ints, end: Ints, before: Floats, after: Floats, limit: float) -> Intervals:
    """The part of each segment in which the straight line from `before` to `after` is above `limit`."""
    begins, ends = before > limit, after > limit
    share = np.zeros(len(start))
    np.divide(limit - before, after - before, out=share, where=begins != ends)
    cut = start + np.rint(share * (end - start)).astype(np.int64)
    parts = Intervals(np.zeros(len(start), dtype=np.int64), np.where(begins, start, cut), np.where(ends, end, cut))
    return parts.where(begins | ends).union()


def _area(length: Ints, before: Floats, after: Floats, limit: float) -> float:
    """The area above `limit` under the straight lines from `before` to `after`, in hours times the values' unit."""
    if np.isinf(limit):
        return 0.0
    one, other = np.minimum(before, after) - limit, np.maximum(before, after) - limit
    height = (np.maximum(one, 0) + np.maximum(other, 0)) / 2
    crossing = (one < 0) & (other > 0)
    share = np.divide(other, other - one, out=np.ones_like(other), where=crossing)
    return float((height * share * length).sum() / 3.6e9)


def _seconds(microseconds: float) -> float:
    return float(microseconds) / 1e6
