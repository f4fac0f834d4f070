"""What the store has of quality data, as the frames that `api.quality.columns` names. Imports are in `imports`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row

from api.quality.columns import (
    ACTIVITY,
    EQUIPMENT,
    FACTOR,
    INSPECTION,
    LIMIT,
    READING,
    RESULT,
    RUN,
    SPECIFICATION,
    TIME_DTYPE,
    empty,
)
from api.quality.kinds import is_kind
from ledger.store import measured, quality

Items = Collection[str] | None


def readings_frame(
    connection: Connection, items: Collection[str], places: Collection[str], start: int | None, end: int | None
) -> pd.DataFrame:
    """A frame with the columns `READING`; times in microseconds, as everywhere here."""
    rows = quality.readings(connection, items=list(items), places=list(places), start=start, end=end)
    return frame_of(rows, READING)


def inspections_frame(
    connection: Connection,
    *,
    items: Items = None,
    characteristic: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> pd.DataFrame:
    """A frame with the columns `INSPECTION`, in order of time; of all items if none are named."""
    rows = measured.inspections(connection, items=_listed(items), characteristic=characteristic, start=start, end=end)
    return frame_of(rows, INSPECTION)


def results_frame(
    connection: Connection,
    *,
    items: Items = None,
    analyte: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> pd.DataFrame:
    """Laboratory results, a frame with the columns `RESULT`; of all items if none are named."""
    return frame_of(measured.results(connection, items=_listed(items), analyte=analyte, start=start, end=end), RESULT)


def specifications_frame(connection: Connection, *, items: Items = None) -> pd.DataFrame:
    """Of all times, a frame with the columns `SPECIFICATION`; '' among the items asks for those of everything."""
    return frame_of(measured.specifications(connection, items=_listed(items)), SPECIFICATION)


def limits_frame(connection: Connection) -> pd.DataFrame:
    """All limits there are, a frame with the columns `LIMIT`: specifications without market and validity."""
    return frame_of(quality.limits(connection), LIMIT)


def reading_limits(connection: Connection) -> pd.DataFrame:
    """What binds readings everywhere: a frame LIMIT with `valid_from` and `valid_to`, of all times.

    Without what is inspected or analysed: between two inspections nothing is unknown that could be read.
    """
    found = specifications_frame(connection).rename(columns={"characteristic": "quantity_kind"})
    found = found[(found["market"] == "") & found["quantity_kind"].map(is_kind).astype(bool)]
    return found[[*LIMIT, "valid_from", "valid_to"]].reset_index(drop=True)


def equipment_frame(connection: Connection, *, names: Items = None) -> pd.DataFrame:
    """A frame with the columns `EQUIPMENT`."""
    return frame_of(measured.equipment(connection, names=_listed(names)), EQUIPMENT)


def runs_frame(
    connection: Connection,
    *,
    items: Items = None,
    equipment: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> pd.DataFrame:
    """Production runs that began in [start, end), a frame with the columns `RUN`."""
    return frame_of(measured.runs(connection, items=_listed(items), equipment=equipment, start=start, end=end), RUN)


def activities_frame(
    connection: Connection, *, subjects: Items = None, start: int | None = None, end: int | None = None
) -> pd.DataFrame:
    """What overlaps [start, end), a frame with the columns `ACTIVITY`; `subjects` are items, runs and places."""
    return frame_of(measured.activities(connection, subjects=_listed(subjects), start=start, end=end), ACTIVITY)


def factors_frame(connection: Connection) -> pd.DataFrame:
    """A frame with the columns `FACTOR`."""
    return frame_of(measured.factors(connection), FACTOR)


def frame_of(rows: Sequence[Row[Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """The store's rows as a frame with these columns; times are times, and a number that is missing is NaN."""
    frame = empty(columns)
    if not rows:
        return frame
    names = list(rows[0]._fields)
    found = pd.DataFrame.from_records([tuple(row) for row in rows], columns=names)[list(columns)]
    for name, dtype in frame.dtypes.items():
        column = found[name]
        if str(dtype) == TIME_DTYPE:
            found[name] = pd.to_datetime(column.astype("Int64"), unit="us", utc=True).astype(TIME_DTYPE)
        elif dtype in ("float64", "int64"):
            found[name] = column.astype(dtype)
        else:
            found[name] = column.astype(object).where(column.notna(), None)
    return found


def _listed(values: Items) -> list[str] | None:
    return None if values is None else list(values)
