"""What has been inspected and sensed, summed up where the rows are: by characteristic, by series, by hour."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from ledger.store.quality_tables import inspection, reading

_HOUR = 3600 * 1_000_000
#: which series there are is looked up in so many of the latest readings, for the table may hold tens of millions
LATEST = 200_000


def inspected(connection: Connection) -> list[Row[Any]]:
    """Per characteristic: how many rows, with a value, and of how many items; a unit; the first and last time."""
    columns = inspection.c
    return list(
        connection.execute(
            select(
                columns.characteristic,
                func.count().label("count"),
                func.count(columns.value).label("values"),
                func.count(columns.item.distinct()).label("items"),
                func.max(columns.unit).label("unit"),
                func.min(columns.time).label("first"),
                func.max(columns.time).label("last"),
            )
            .group_by(columns.characteristic)
            .order_by(columns.characteristic)
        )
    )


def sensed(connection: Connection, quantity_kind: str | None = None) -> list[Row[Any]]:
    """Per kind, sensor, item and place among the `LATEST` readings: how many, a unit, the first and last time."""
    latest = select(reading).order_by(reading.c.id.desc()).limit(LATEST).subquery().c
    series = (latest.quantity_kind, latest.sensor, latest.item, latest.place)
    statement = select(
        *series,
        func.count().label("count"),
        func.max(latest.unit).label("unit"),
        func.min(latest.time).label("first"),
        func.max(latest.time).label("last"),
    )
    if quantity_kind is not None:
        statement = statement.where(latest.quantity_kind == quantity_kind)
    return list(connection.execute(statement.group_by(*series).order_by(*series)))


def hourly_means(
    connection: Connection,
    quantity_kind: str,
    *,
    item: str | None = None,
    place: str | None = None,
    sensor: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> list[Row[Any]]:
    """`time` (the hour's beginning), `value` (the mean) and `unit`, for hours that have readings, in order of time."""
    columns = reading.c
    hour = (columns.time // _HOUR) * _HOUR
    where: list[ColumnElement[bool]] = [columns.quantity_kind == quantity_kind]
    for column, wanted in ((columns.item, item), (columns.place, place), (columns.sensor, sensor)):
        where += [column == wanted] if wanted is not None else []
    where += [columns.time >= start] if start is not None else []
    where += [columns.time < end] if end is not None else []
    statement = select(hour.label("time"), func.avg(columns.value).label("value"), columns.unit).where(*where)
    return list(connection.execute(statement.group_by(hour, columns.unit).order_by(hour)))
