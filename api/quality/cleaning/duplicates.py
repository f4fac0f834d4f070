"""The same reading twice, and two readings of one moment that contradict each other.

A repeated reading says nothing new and is counted once. Of contradicting ones nobody knows which is right: none counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from api.quality.cleaning.ordered import Flags, Ordered, ordered

VERSION = 1
PARAMETERS: dict[str, Any] = {}


def duplicates(readings: pd.DataFrame, parameters: Mapping[str, Any]) -> Flags:
    """True for each row that repeats an earlier one of its series: same time, same value; no parameters."""
    table = ordered(readings)
    order = np.lexsort((table.row, table.value, table.time, table.series))
    again = np.zeros(len(order), dtype=bool)
    again[1:] = _same_moment(table, order) & (table.value[order][1:] == table.value[order][:-1])
    found = np.zeros(len(order), dtype=bool)
    found[table.row[order]] = again
    return found


def contradictions(readings: pd.DataFrame, parameters: Mapping[str, Any]) -> Flags:
    """True for all rows of a series and moment that gives several values; no parameters."""
    table = ordered(readings)
    order = np.arange(len(table.row))
    moment = np.cumsum(~np.concatenate([[False], _same_moment(table, order)])) - 1 if len(order) else order
    low, high = np.full(len(order), np.inf), np.full(len(order), -np.inf)
    np.minimum.at(low, moment, table.value)
    np.maximum.at(high, moment, table.value)
    return table.flags((low < high)[moment])


def _same_moment(table: Ordered, order: np.ndarray[Any, np.dtype[np.int64]]) -> Flags:
    series, time = table.series[order], table.time[order]
    return np.asarray((series[1:] == series[:-1]) & (time[1:] == time[:-1]))
