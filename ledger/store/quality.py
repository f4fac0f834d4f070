"""Readings, inspections and limits: plain rows, inserted in bulk, selected by item or place and time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from ledger.store.clock import now
from ledger.store.insert import chunks, insert
from ledger.store.quality_tables import inspection, reading, since_ever, specification

#: an item or place, from when (inclusive) to when (exclusive), microseconds
Window = tuple[str, int, int]

#: a limit on everything
ANY_ITEM = ""
_IDENTITY = ("item", "characteristic", "market", since_ever())


def add_readings(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Rows of the table `reading` (time, sensor, item or place, quantity_kind, value, unit); how many were new.

    A reading of the same sensor, time and quantity kind is there already, whatever its value: the first stands.
    """
    defaults = {"item": None, "place": None, "imported_at": now()}
    statement = insert(connection, reading).on_conflict_do_nothing(index_elements=["time", "sensor", "quantity_kind"])
    return _add(connection, statement, [defaults | row for row in rows])


def add_inspections(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Rows of the table `inspection` ; how many are new."""
    nothing = dict.fromkeys(("value", "unit", "passed", "size", "nonconforming", "defects", "run"))
    defaults = nothing | {"inspector": "", "sample": "", "imported_at": now()}
    statement = insert(connection, inspection).on_conflict_do_nothing(
        index_elements=["time", "item", "characteristic", "inspector", "sample"]
    )
    return _add(connection, statement, [defaults | row for row in rows])


def _add(connection: Connection, statement: Any, rows: Sequence[dict[str, Any]]) -> int:
    return connection.execute(statement, rows).rowcount if rows else 0


def set_limit(
    connection: Connection, item: str, quantity_kind: str, *, low: float | None, high: float | None, unit: str
) -> None:
    """Within what an item (or a GTIN's URI, or `ANY_ITEM`) must stay, everywhere and always; replaces the one before.

    A specification without market and validity.
    """
    values = {"low": low, "high": high, "unit": unit, "imported_at": now()}
    statement = insert(connection, specification).values(item=item, characteristic=quantity_kind, market="", **values)
    connection.execute(statement.on_conflict_do_update(index_elements=_IDENTITY, set_=values))


def limits(connection: Connection, items: Sequence[str] | None = None) -> list[Row[Any]]:
    """What was set by `set_limit` on these items and on everything; all of it if no items are named."""
    columns = specification.c
    statement = (
        select(columns.item, columns.characteristic.label("quantity_kind"), columns.low, columns.high, columns.unit)
        .where(columns.market == "", columns.valid_from.is_(None), columns.valid_to.is_(None))
        .order_by(columns.item, columns.characteristic)
    )
    if items is not None:
        statement = statement.where(columns.item.in_([ANY_ITEM, *items]))
    return list(connection.execute(statement))


def readings(
    connection: Connection,
    *,
    items: Sequence[str] = (),
    places: Sequence[str] = (),
    start: int | None = None,
    end: int | None = None,
) -> list[Row[Any]]:
    """What belongs to any of these items or places, start ≤ time < end; in order of time for each of them."""
    statement = select(reading).order_by(reading.c.time, reading.c.sensor)
    if start is not None:
        statement = statement.where(reading.c.time >= start)
    if end is not None:
        statement = statement.where(reading.c.time < end)
    return [
        row
        for column, wanted in ((reading.c.item, items), (reading.c.place, places))
        for some in chunks(sorted(set(wanted)))
        for row in connection.execute(statement.where(column.in_(some)))
    ]


def readings_within(
    connection: Connection, *, items: Sequence[Window] = (), places: Sequence[Window] = ()
) -> list[Row[Any]]:
    """What belongs to an item or place within its windows; the windows of one do not overlap."""
    found: list[Row[Any]] = []
    for column, windows in ((reading.c.item, items), (reading.c.place, places)):
        statement = (
            select(reading)
            .where(
                column == bindparam("key"), reading.c.time >= bindparam("since"), reading.c.time < bindparam("until")
            )
            .order_by(reading.c.time, reading.c.sensor)
        )
        for key, start, end in windows:
            found += connection.execute(statement, {"key": key, "since": start, "until": end}).all()
    return found


def inspections_of(connection: Connection, items: Sequence[str]) -> list[Row[Any]]:
    """In order of item and time."""
    return [
        row
        for some in chunks(sorted(set(items)))
        for row in connection.execute(
            select(inspection).where(inspection.c.item.in_(some)).order_by(inspection.c.item, inspection.c.time)
        )
    ]
