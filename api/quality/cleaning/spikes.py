"""Single values far from their neighbours: Hampel's identifier (Hampel 1974), and impossible rates of change.

A reading is a spike if it is further from the median of its 2·`neighbours` + 1 neighbourhood than `threshold` times
1.4826·MAD, and than `least`, and jumps away from the readings before and after it by more than `least` in one
direction. A door that stands open for two readings is no spike; a real excursion of a single reading may be flagged,
so its time is unknown and its value stays in sight.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from api.quality.cleaning.ordered import Flags, Ordered, ordered

VERSION = 1
#: `least`: quantity kind → deviation in the readings' unit, '' for all others (None: not looked at)
PARAMETERS: dict[str, Any] = {
    "neighbours": 4,
    "threshold": 8.0,
    "least": {"": None, "RelativeHumidity": 30.0, "Temperature": 10.0},
}

_NORMAL = 1.4826


def spikes(readings: pd.DataFrame, parameters: Mapping[str, Any]) -> Flags:
    """True for each row that is a spike; the first and last of a series have only one neighbour and never are."""
    table = ordered(readings)
    least = _least(readings, parameters["least"])[table.row]
    found = np.zeros(len(table.row), dtype=bool)
    for at in _candidates(table, least):
        found[at] = _is_outlier(table, int(at), float(least[at]), parameters)
    return table.flags(found)


def _least(readings: pd.DataFrame, least: Mapping[str, float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    kinds, names = pd.factorize(readings["quantity_kind"])
    bounds = [least.get(name, least.get("")) for name in names]
    return np.array([*(np.inf if each is None else each for each in bounds), np.inf], dtype=np.float64)[kinds]


def _candidates(table: Ordered, least: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The positions that lie beyond both neighbours of their series, on one side."""
    if len(table.row) < 3:
        return np.zeros(0, dtype=np.int64)
    up, down = np.diff(table.value)[:-1], -np.diff(table.value)[1:]
    within = (table.series[:-2] == table.series[1:-1]) & (table.series[1:-1] == table.series[2:])
    bound = least[1:-1]
    beyond = ((up > bound) & (down > bound)) | ((up < -bound) & (down < -bound))
    return np.flatnonzero(within & beyond).astype(np.int64) + 1


def _is_outlier(table: Ordered, at: int, least: float, parameters: Mapping[str, Any]) -> bool:
    reach = int(parameters["neighbours"])
    around = np.arange(max(at - reach, 0), min(at + reach + 1, len(table.row)))
    values = table.value[around[table.series[around] == table.series[at]]]
    middle = float(np.median(values))
    spread = _NORMAL * float(np.median(np.abs(values - middle)))
    return abs(float(table.value[at]) - middle) > max(least, float(parameters["threshold"]) * spread)
