"""Sensors that repeat one value: stuck, as far as the sensor's own habit, or the sensors beside it, tell.

A run of identical readings is suspicious from `count` on. It is flagged if either

* the sensor otherwise moves so often that a run this long is not to be expected: with a share p of repetitions in the
  rest of its series, N·p^(length − 1) < `expected` (a coarse resolution repeats often, so its runs may be longer); or
* meanwhile another sensor of the same quantity at the same place or item moved by at least `others_move`.

A sensor that is alone and has never moved is left: a steady cold store looks the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from api.quality.cleaning.ordered import Flags, Ordered, ordered

VERSION = 1
PARAMETERS: dict[str, Any] = {"count": 12, "expected": 0.001, "others_move": 2.0}


def stuck(readings: pd.DataFrame, parameters: Mapping[str, Any]) -> Flags:
    """True for each row of a run that the sensor is stuck in; `others_move` is in the readings' unit."""
    table = ordered(readings)
    found = np.zeros(len(table.row), dtype=bool)
    for start, end in _runs(table, int(parameters["count"])):
        implausible = _is_implausible(table, start, end, float(parameters["expected"]))
        if implausible or _others_moved(table, start, end, float(parameters["others_move"])):
            found[start:end] = True
    return table.flags(found)


def _runs(table: Ordered, count: int) -> list[tuple[int, int]]:
    """Where at least `count` readings of a series in a row are identical: [start, end)."""
    if not len(table.row):
        return []
    changes = (np.diff(table.series) != 0) | (np.diff(table.value) != 0)
    first = np.concatenate([[0], np.flatnonzero(changes) + 1])
    end = np.append(first[1:], len(table.row))
    return [(int(a), int(b)) for a, b in zip(first, end, strict=True) if b - a >= count]


def _is_implausible(table: Ordered, start: int, end: int, expected: float) -> bool:
    low, high = (int(at) for at in np.searchsorted(table.series, [table.series[start], table.series[start] + 1]))
    outside = np.concatenate([np.diff(table.value[low : start + 1]), np.diff(table.value[end - 1 : high])])
    length = end - start
    if len(outside) < length:
        return False
    repeats = (np.count_nonzero(outside == 0) + 1) / (len(outside) + 2)
    return bool((high - low) * repeats ** (length - 1) < expected)


def _others_moved(table: Ordered, start: int, end: int, least: float) -> bool:
    begin, until = table.time[start], table.time[end - 1]
    beside = np.flatnonzero(_same(table, start) & (table.time >= begin) & (table.time <= until))
    others = beside[table.series[beside] != table.series[start]]
    values, series = table.value[others], table.series[others]
    return any(bool(np.ptp(values[series == each]) >= least) for each in np.unique(series))


def _same(table: Ordered, at: int) -> Flags:
    return np.asarray(table.about == table.about[at])
