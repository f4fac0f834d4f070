"""The last readings of every series, and new ones put behind them: what rules that look back on a series work on.

A series' readings count in the order of their time. One that is not newer than the newest of its series is *late*, and
one whose time is more than an hour after its arrival comes from a wrong clock: both are left out here, so that the
result does not depend on how the readings were cut into batches. All arrays are flat: series after series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from api.quality.live.arrivals import Floats, Moments
from api.quality.live.rules import MEMORY

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
NEVER = np.iinfo(np.int64).min
#: a reading's clock may be so far ahead of ours, in microseconds
_AHEAD = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """New readings in order, by series; `time[at]` and `value[at]` are theirs, before them lie the last ones."""

    time: Moments
    value: Floats
    at: Numbers
    row: Numbers  # in the batch
    series: Numbers
    first: Flags  # of its series in this batch
    last: Flags

    def only(self, rows: Flags) -> Stretch:
        """Those of the readings whose row in the batch is among `rows`."""
        keep = rows[self.row]
        series = self.series[keep]
        changes = series[1:] != series[:-1]
        first, last = np.append(True, changes)[: series.size], np.append(changes, True)[-series.size or 1 :]
        return Stretch(self.time, self.value, self.at[keep], self.row[keep], series, first, last[: series.size])

    def window(self, length: int) -> Numbers:
        """Positions of the last `length` readings for each new one, a row each; NaN where there are fewer."""
        return np.asarray(self.at[:, None] + np.arange(1 - length, 1))


class History:
    """Grows with the number of series; keeps `MEMORY` readings of each."""

    def __init__(self) -> None:
        self.newest = np.full(0, NEVER)
        self._time = np.zeros((0, MEMORY), dtype=np.int64)
        self._value = np.zeros((0, MEMORY))

    def add(self, series: Numbers, time: Moments, value: Floats, arrived: Moments) -> Stretch:
        """Put readings, in order of arrival, behind those of their series; what is late is left out."""
        self._grow(int(series.max(initial=-1)) + 1)
        order = np.argsort(series, kind="stable")
        row = order[self._in_order(series[order], time[order], arrived[order])]
        of, lengths = np.unique(series[row], return_counts=True)
        begins = np.cumsum(lengths + MEMORY + 1) - lengths - MEMORY - 1  # one empty place before each
        size = int((lengths + MEMORY + 1).sum())
        flat_time, flat_value = np.full(size, NEVER), np.full(size, np.nan)
        before = begins[:, None] + np.arange(1, MEMORY + 1)
        flat_time[before], flat_value[before] = self._time[of], self._value[of]
        group = np.repeat(np.arange(of.size), lengths)
        rank = np.arange(row.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        at = begins[group] + MEMORY + 1 + rank
        flat_time[at], flat_value[at] = time[row], value[row]
        after = before + lengths[:, None]
        self._time[of], self._value[of] = flat_time[after], flat_value[after]
        self.newest[of] = self._time[of, -1]
        return Stretch(flat_time, flat_value, at, row, series[row], rank == 0, rank == lengths[group] - 1)

    def _grow(self, count: int) -> None:
        more = count - self.newest.size
        if more > 0:
            self.newest = np.append(self.newest, np.full(more, NEVER))
            self._time = np.vstack([self._time, np.full((more, MEMORY), NEVER)])
            self._value = np.vstack([self._value, np.full((more, MEMORY), np.nan)])

    def _in_order(self, series: Numbers, time: Moments, arrived: Moments) -> Flags:
        """Of readings sorted by series."""
        if not series.size:
            return np.zeros(0, dtype=bool)
        usable = np.where(time <= arrived + _AHEAD, time, NEVER)
        first = np.append(True, series[1:] != series[:-1])
        # one running maximum for all series: the ranks of a later series' times are above those of an earlier one's
        distinct, rank = np.unique(np.concatenate([usable, self.newest[series[first]]]), return_inverse=True)
        group = np.cumsum(first) - 1
        known = rank[usable.size :]
        level = group * distinct.size + np.maximum(rank[: usable.size], known[group])
        newest = distinct[np.maximum.accumulate(level) - group * distinct.size]
        before = np.where(first, self.newest[series], np.append(NEVER, newest[:-1]))
        return np.asarray((usable > before) & (usable != NEVER))


class Runs:
    """Since when, without a break, a flag has held in each series."""

    def __init__(self) -> None:
        self._since = np.full(0, NEVER)

    def since(self, stretch: Stretch, flags: Flags, begins: Moments) -> Moments:
        """For each new reading when its run began, NEVER where the flag is not set; a run that starts, at `begins`."""
        missing = int(stretch.series.max(initial=-1)) + 1 - self._since.size
        if missing > 0:
            self._since = np.append(self._since, np.full(missing, NEVER))
        carried = np.where(stretch.first, self._since[stretch.series], NEVER)
        goes_on = np.append(False, flags[:-1]) & ~stretch.first
        source = np.where(stretch.first & (carried != NEVER), carried, begins)
        starts = np.where(flags & ~goes_on, np.arange(flags.size), 0)
        since = np.where(flags, source[np.maximum.accumulate(starts)] if flags.size else source, NEVER)
        self._since[stretch.series[stretch.last]] = since[stretch.last]
        return since
