"""Readings in the order in which they arrived, as columns; the form in which rules are evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.columns import TIME_DTYPE

Moments = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Columns of equal length: those of `READING`, and `arrived`; times in microseconds since 1970 in UTC."""

    time: Moments
    sensor: Sequence[str]
    item: Sequence[str | None]
    place: Sequence[str | None]
    quantity_kind: Sequence[str]
    value: Floats
    unit: Sequence[str]
    arrived: Moments

    @classmethod
    def of(cls, readings: pd.DataFrame, arrived: npt.ArrayLike | None = None) -> Arrivals:
        """From a frame with the columns `READING`, in order of arrival; left out, they arrived at their own time."""
        time = readings["time"].astype(TIME_DTYPE).to_numpy().astype("datetime64[us]").astype(np.int64)
        plain = {name: readings[name].astype(object).where(readings[name].notna(), None) for name in ("item", "place")}
        return cls(
            time,
            readings["sensor"].tolist(),
            plain["item"].tolist(),
            plain["place"].tolist(),
            readings["quantity_kind"].tolist(),
            readings["value"].to_numpy(dtype=np.float64),
            readings["unit"].tolist(),
            time if arrived is None else np.full(time.shape, arrived, dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.sensor)

    def part(self, start: int, end: int) -> Arrivals:
        """The readings from `start` up to, not including, `end`."""
        here = slice(start, end)
        return Arrivals(
            self.time[here], self.sensor[here], self.item[here], self.place[here], self.quantity_kind[here],
            self.value[here], self.unit[here], self.arrived[here],
        )  # fmt: skip
