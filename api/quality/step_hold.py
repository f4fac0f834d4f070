"""How long a reading speaks: until the next one of its series, unless that is too far away.

A series is what one sensor says of one quantity at one place or item. Its sampling interval is the median distance of
its readings. A reading followed by a gap longer than `gap_factor` times that, and the last one of all, hold for no
time: nobody knows what came after.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

#: a longer gap, in sampling intervals, is unknown
GAP_FACTOR = 3.0


def longest_gap(times: Ints, gap_factor: float = GAP_FACTOR) -> float:
    """The longest distance that is no gap, for one series in order of time; 0 for fewer than two readings."""
    if len(times) < 2:
        return 0.0
    return float(np.median(np.diff(times))) * gap_factor


def hold_ends(series: Ints, times: Ints, gap_factor: float = GAP_FACTOR) -> Ints:
    """When each reading stops holding; the arrays are in order of series (numbered from 0), then time."""
    ends = times.copy()
    if len(times):
        within = series[1:] == series[:-1]
        within &= np.diff(times) <= (median_distance(series, times) * gap_factor)[series[:-1]]
        ends[:-1][within] = times[1:][within]
    return ends


def median_distance(series: Ints, times: Ints) -> npt.NDArray[np.float64]:
    """The sampling interval of each series, NaN for a series of one reading; the arrays are ordered as above."""
    number = int(series.max(initial=-1)) + 1
    within = series[1:] == series[:-1]
    group, gaps = series[:-1][within], np.diff(times)[within]
    ordered = gaps[np.lexsort((gaps, group))].astype(np.float64)
    count = np.bincount(group, minlength=number)
    first = np.cumsum(count) - count
    some = count > 0
    lower, upper = first + np.maximum(count - 1, 0) // 2, first + count // 2
    medians = np.full(number, np.nan)
    medians[some] = (ordered[lower[some]] + ordered[upper[some]]) / 2
    return medians
