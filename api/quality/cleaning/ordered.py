"""Readings in order of series and time, as every cleaning step looks at them.

A series is what one sensor says of one quantity, in one unit, at one place or item.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.frames import microseconds

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Parallel arrays in order of series, then time; `row` is where each stands in the frame.

    `about` numbers (quantity_kind, unit, item or place): series of one number measure the same thing.
    """

    row: Ints
    series: Ints
    about: Ints
    time: Ints
    value: Floats

    def flags(self, ordered: Flags) -> Flags:
        """Flags in this order, as flags of the frame's rows."""
        found = np.zeros(len(self.row), dtype=bool)
        found[self.row] = ordered
        return found

    def each(self) -> Iterator[slice]:
        """The slice of each series."""
        first = np.flatnonzero(np.diff(self.series, prepend=-1))
        for start, end in zip(first, np.append(first, len(self.series))[1:], strict=True):
            yield slice(int(start), int(end))


def ordered(readings: pd.DataFrame) -> Ordered:
    """From a frame `READING`, in whatever order; rows of one time keep theirs."""
    belongs = readings["item"].where(readings["item"].notna(), readings["place"])
    about = numbers([readings["quantity_kind"], readings["unit"], readings["item"].notna(), belongs])
    series = numbers([pd.Series(about, index=readings.index), readings["sensor"]])
    time = microseconds(readings["time"], 0)
    row = np.lexsort((time, series)).astype(np.int64)
    value = np.asarray(readings["value"], dtype=np.float64)
    return Ordered(row, series[row], about[row], time[row], value[row])


def numbers(columns: Sequence[pd.Series[Any]]) -> Ints:
    """A number per distinct row of the columns, from 0 without holes."""
    combined = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        codes, distinct = pd.factorize(column)
        codes = codes.astype(np.int64) + 1
        combined = pd.factorize(combined * (len(distinct) + 1) + codes)[0].astype(np.int64)
    return combined
