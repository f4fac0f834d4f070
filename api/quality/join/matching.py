"""Which readings belong to which windows, by binary search in each series.

Beside the readings in a window, the one before its start matches too while it still holds: it belongs to an earlier
time, but it says what the value was when the step began.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from api.quality.join.series import Series
from api.quality.join.windows import Windows

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matches:
    """Parallel arrays: reading number `row` says something of `step` during [start, end); `belongs` if taken within."""

    step: Ints
    row: Ints
    start: Ints
    end: Ints
    belongs: npt.NDArray[np.bool_]


def match(windows: Windows, series: Series) -> Matches:
    """All pairs of a window and a reading of its key that has something to say in it."""
    window, low, high = _slices(windows, series)
    size = high - low
    row = np.repeat(low - np.cumsum(size) + size, size) + np.arange(size.sum())
    window = np.repeat(window, size)
    belongs = series.time[row] >= windows.start[window]
    start = np.maximum(series.time[row], windows.start[window])
    end = np.maximum(np.minimum(series.hold_end[row], windows.end[window]), start)
    return Matches(windows.step[window], row, start, end, belongs)


def _slices(windows: Windows, series: Series) -> tuple[Ints, Ints, Ints]:
    """For each window and series of its key, the rows [low, high) of that series that match."""
    first = np.flatnonzero(np.diff(series.series, prepend=-1))
    after = np.append(first, len(series.series))[1:]
    by_key = np.argsort(windows.key, kind="stable")
    keys = windows.key[by_key]
    found: list[tuple[Ints, Ints, Ints]] = []
    for begin, stop in zip(first, after, strict=True):
        wanting = by_key[slice(*np.searchsorted(keys, [series.key[begin], series.key[begin] + 1]))]
        times = series.time[begin:stop]
        low = np.searchsorted(times, windows.start[wanting]) + begin
        high = np.searchsorted(times, windows.end[wanting]) + begin
        before = np.maximum(low - 1, begin)
        holding = (low > begin) & (series.hold_end[before] > windows.start[wanting])
        low = np.where(holding, before, low)
        found.append((wanting[low < high], low[low < high], high[low < high]))
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none
    window, low, high = (np.concatenate(column) for column in zip(*found, strict=True))
    return window, low, high
