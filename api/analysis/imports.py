"""Bringing quality data into the store: all of a file or nothing, and where its rows came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from api.quality import read_inspections, read_limits, read_readings
from api.quality.columns import TIME_DTYPE
from ledger.store import Store, quality


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows of a file were new, and how many the store had before."""

    imported: int
    known: int


def import_readings(store: Store, data: bytes, *, source: str = "readings.csv") -> Imported:
    """All of the file or nothing. Raises InvalidDocument with every problem, by line and column."""
    rows = _rows(read_readings(data, source=source))
    with store.begin() as connection:
        new = quality.add_readings(connection, rows)
    return Imported(new, len(rows) - new)


def import_inspections(store: Store, data: bytes, *, source: str = "inspections.csv") -> Imported:
    """All of the file or nothing. Raises InvalidDocument with every problem, by line and column."""
    rows = _rows(read_inspections(data, source=source))
    with store.begin() as connection:
        new = quality.add_inspections(connection, rows)
    return Imported(new, len(rows) - new)


def import_limits(store: Store, data: bytes, *, source: str = "limits.csv") -> Imported:
    """All of the file or nothing; a limit replaces the one before. Raises InvalidDocument with every problem."""
    rows = _rows(read_limits(data, source=source))
    with store.begin() as connection:
        before = {tuple(sorted(row._mapping.items())) for row in quality.limits(connection)}
        for row in rows:
            quality.set_limit(connection, **row)
    known = sum(tuple(sorted(row.items())) in before for row in rows)
    return Imported(len(rows) - known, known)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The store's rows: times as microseconds, what is missing as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    if "time" in frame:
        plain["time"] = frame["time"].astype(TIME_DTYPE).astype("int64").astype(object)
    return plain.to_dict("records")  # type: ignore[return-value]  # the columns' names are strings
