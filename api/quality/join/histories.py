"""What was said of an item over its whole way, for a picture: sensors' values while they belonged to it, and gaps.

The same readings, windows and holds as `by_step`, not cut into steps. A gap is a time between the first and the last
moment of the item's steps at which no reading of that kind held; what cleaning set aside is no line and holds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.frames import microseconds, timestamps
from api.quality.intervals import Intervals
from api.quality.join.matching import Matches, match
from api.quality.join.series import Series, series_of
from api.quality.join.windows import ALWAYS, Windows, windows_of
from api.quality.step_hold import GAP_FACTOR

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SensorHistory:
    """The readings of one series that belong and speak; `source` is what they are of: item, container, place, event."""

    source: str
    times: pd.Series[pd.Timestamp]
    values: npt.NDArray[np.float64]
    #: how many of its readings cleaning set aside
    flagged: int


@dataclass(frozen=True, slots=True)
class History:
    """One quantity kind in one unit; `gaps` are pairs of times between which nobody knows."""

    quantity_kind: str
    unit: str
    series: tuple[SensorHistory, ...]
    gaps: tuple[tuple[pd.Timestamp, pd.Timestamp], ...]


def histories(
    steps: pd.DataFrame,
    readings: pd.DataFrame,
    *,
    inside: pd.DataFrame,
    sensor_readings: pd.DataFrame | None = None,
    until: pd.Timestamp | None = None,
    gap_factor: float = GAP_FACTOR,
) -> list[History]:
    """Of all items that `steps` names, taken together; frames as in `quality_by_step`."""
    windows = windows_of(steps, inside, until)
    series = series_of(readings, sensor_readings, windows, gap_factor)
    matches = match(windows, series)
    speaks = ~np.isnan(series.minimum[matches.row])
    return [
        History(
            str(kind.quantity_kind),
            str(kind.unit),
            tuple(_series(series, windows, matches.row[rows & matches.belongs])),
            tuple(_gaps(steps, matches, rows, speaks)),
        )
        for kind in series.kinds.itertuples()
        if (rows := series.kind[matches.row] == kind.kind).any()
    ]


def _series(series: Series, windows: Windows, rows: Ints) -> Iterator[SensorHistory]:
    """The distinct readings, by series, in order of time; of a series that says nothing, only how much was flagged."""
    rows = np.unique(rows)
    for number in np.unique(series.series[rows]):
        every = rows[series.series[rows] == number]
        own = every[~np.isnan(series.value[every])]
        source = str(windows.keys[series.key[every[0]]][1])
        flagged = int((~series.counts[every]).sum())
        times, values = _with_breaks(series.time[own], series.hold_end[own], series.value[own])
        yield SensorHistory(source, timestamps(times, missing=ALWAYS[1]), values, flagged)


def _with_breaks(times: Ints, ends: Ints, values: npt.NDArray[np.float64]) -> tuple[Ints, npt.NDArray[np.float64]]:
    """With a NaN at each moment at which a value stops holding before the next one comes."""
    breaks = np.flatnonzero(ends[:-1] < times[1:])
    return np.insert(times, breaks + 1, ends[breaks]), np.insert(values, breaks + 1, np.nan)


def _gaps(
    steps: pd.DataFrame, matches: Matches, rows: npt.NDArray[np.bool_], speaks: npt.NDArray[np.bool_]
) -> Iterator[tuple[pd.Timestamp, pd.Timestamp]]:
    last = int(matches.end[rows].max())
    span = Intervals(
        np.zeros(len(steps), dtype=np.int64), microseconds(steps["start"], last), microseconds(steps["end"], last)
    ).union()
    if not len(span.start):
        return
    said = rows & speaks
    known = Intervals(np.zeros(int(said.sum()), dtype=np.int64), matches.start[said], matches.end[said])
    begin, end = span.start[:1], span.end[-1:]
    rest = known.clip(begin, end).union().rest(begin, end)
    rest = rest.where(rest.end > rest.start)
    yield from zip(timestamps(rest.start, missing=ALWAYS[1]), timestamps(rest.end, missing=ALWAYS[1]), strict=True)
