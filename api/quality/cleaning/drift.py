"""Sensors that slowly leave the truth: an EWMA of their difference from the sensors beside them (Roberts 1959).

The difference from the median of all sensors of the same quantity at the same place or item (the last value of each, no
older than `tolerance_seconds`), or from the other one of two, is smoothed with `weight`. Its centre is the median of
the first `baseline` differences, its spread their MAD, the bound `limit` spreads of the smoothed difference or `least`,
whichever is more. While the smoothed difference is beyond it, the sensor has drifted. Of two sensors nobody knows
which: both are flagged. Of a sensor on its own nobody can tell (a
lasting change of level: `manufacturing.changepoint`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from api.quality.cleaning.ordered import Flags, Floats, Ordered, ordered

VERSION = 1
#: `least`: no smaller lasting difference counts, in the readings' unit
PARAMETERS: dict[str, Any] = {
    "weight": 0.1,
    "limit": 6.0,
    "baseline": 24,
    "least": 1.0,
    "tolerance_seconds": 3600,
}

_NORMAL = 1.4826


def drift(readings: pd.DataFrame, parameters: Mapping[str, Any]) -> Flags:
    """True for each row of a sensor while it has drifted away from those beside it."""
    table = ordered(readings)
    found = np.zeros(len(table.row), dtype=bool)
    series = list(table.each())
    beside: dict[int, list[slice]] = {}
    for each in series:
        beside.setdefault(int(table.about[each.start]), []).append(each)
    for same in beside.values():
        for each in same if len(same) > 1 else ():
            found[each] = _has_drifted(_difference(table, each, same, parameters), parameters)
    return table.flags(found)


def _difference(table: Ordered, own: slice, same: list[slice], parameters: Mapping[str, Any]) -> Floats:
    """Of each reading from what the sensors together say; NaN where no other one is recent."""
    oldest = int(float(parameters["tolerance_seconds"]) * 1e6)
    stacked = np.vstack([_last_values(table, own, other, oldest) for other in same if other != own])
    some = ~np.isnan(stacked).all(axis=0)
    if len(same) > 2:
        stacked = np.vstack([stacked, table.value[own]])
    middle = np.full(stacked.shape[1], np.nan)
    middle[some] = np.nanmedian(stacked[:, some], axis=0)
    return np.asarray(table.value[own] - middle)


def _last_values(table: Ordered, own: slice, other: slice, oldest: int) -> Floats:
    times, theirs = table.time[own], table.time[other]
    at = np.searchsorted(theirs, times, side="right") - 1
    known = (at >= 0) & (times - theirs[np.maximum(at, 0)] <= oldest)
    return np.where(known, table.value[other][np.maximum(at, 0)], np.nan)


def _has_drifted(difference: Floats, parameters: Mapping[str, Any]) -> Flags:
    known = np.flatnonzero(~np.isnan(difference))
    baseline = int(parameters["baseline"])
    found = np.zeros(len(difference), dtype=bool)
    if len(known) <= baseline:
        return found
    limit, weight = float(parameters["limit"]), float(parameters["weight"])
    values = difference[known]
    centre = float(np.median(values[:baseline]))
    spread = _NORMAL * float(np.median(np.abs(values[:baseline] - centre)))
    smooth = pd.Series(np.append(centre, values)).ewm(alpha=weight, adjust=False).mean().to_numpy()[1:]
    allowed = max(limit * spread * float(np.sqrt(weight / (2 - weight))), float(parameters["least"]))
    found[known] = np.abs(smooth - centre) > allowed
    return found
