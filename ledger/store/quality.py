"""Readings, inspections and limits: plain rows, inserted in bulk, selected by item or place and time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from ledger.store.clock import now
from ledger.store.insert import chunks, insert
from ledger.store.tables import inspection, limit, reading

#: a limit on everything
ANY_ITEM = ""


def add_readings(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Rows of the table `reading` (time, sensor, item or place, quantity_kind, value, unit); how many were new.

    A reading of the same sensor, time and quantity kind is there already, whatever its value: the first stands.
    """
    defaults = {"item": None, "place": None, "imported_at": now()}
    statement = insert(connection, reading).on_conflict_do_nothing(index_elements=["time", "sensor", "quantity_kind"])
    return _add(connection, statement, [defaults | row for row in rows])


def add_inspections(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Rows of the table `inspection` (time, item, characteristic, value, unit, passed, inspector); how many are new."""
    defaults = {"value": None, "unit": None, "passed": None, "inspector": "", "imported_at": now()}
    statement = insert(connection, inspection).on_conflict_do_nothing(
        index_elements=["time", "item", "characteristic", "inspector"]
    )
    return _add(connection, statement, [defaults | row for row in rows])


def _add(connection: Connection, statement: Any, rows: Sequence[dict[str, Any]]) -> int:
    return connection.execute(statement, rows).rowcount if rows else 0


def set_limit(
    connection: Connection, item: str, quantity_kind: str, *, low: float | None, high: float | None, unit: str
) -> None:
    """Within what an item (or a GTIN's URI, or `ANY_ITEM`) must stay; replaces what was set before."""
    values = {"low": low, "high": high, "unit": unit}
    statement = insert(connection, limit).values(item=item, quantity_kind=quantity_kind, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["item", "quantity_kind"], set_=values))


def limits(connection: Connection, items: Sequence[str] | None = None) -> list[Row[Any]]:
    """The limits set on these items and on everything; all of them if no items are named."""
    statement = select(limit).order_by(limit.c.item, limit.c.quantity_kind)
    if items is not None:
        statement = statement.where(limit.c.item.in_([ANY_ITEM, *items]))
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


def inspections_of(connection: Connection, items: Sequence[str]) -> list[Row[Any]]:
    """In order of item and time."""
    return [
        row
        for some in chunks(sorted(set(items)))
        for row in connection.execute(
            select(inspection).where(inspection.c.item.in_(some)).order_by(inspection.c.item, inspection.c.time)
        )
    ]
