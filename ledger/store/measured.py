"""Selecting what was measured or decided, by what it belongs to and by time; rows of the tables, in a fixed order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, select

from ledger.store import quality_tables as tables
from ledger.store.insert import chunks

Found = list[Row[Any]]


def inspections(
    connection: Connection,
    *,
    items: Sequence[str] | None = None,
    characteristic: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Found:
    """Of these items (of all, if none are named), start ≤ time < end."""
    table = tables.inspection
    where = [*_equal(table.c.characteristic, characteristic), *_during(table.c.time, start, end)]
    return _select(connection, table, where, [table.c.time, table.c.item, table.c.sample], (table.c.item, items))


def results(
    connection: Connection,
    *,
    items: Sequence[str] | None = None,
    analyte: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Found:
    """Laboratory results of samples taken at start ≤ time < end."""
    table = tables.laboratory_result
    where = [*_equal(table.c.analyte, analyte), *_during(table.c.time, start, end)]
    return _select(connection, table, where, [table.c.time, table.c.item, table.c.analyte], (table.c.item, items))


def specifications(connection: Connection, *, items: Sequence[str] | None = None) -> Found:
    """Of all times, oldest first; name '' for those of everything."""
    table = tables.specification
    order = [table.c.item, table.c.characteristic, table.c.market, table.c.valid_from]
    return _select(connection, table, [], order, (table.c.item, items))


def equipment(connection: Connection, *, names: Sequence[str] | None = None) -> Found:
    table = tables.equipment
    return _select(connection, table, [], [table.c.equipment], (table.c.equipment, names))


def runs(
    connection: Connection,
    *,
    items: Sequence[str] | None = None,
    equipment: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Found:
    """Production runs that began at start ≤ time < end."""
    table = tables.production_run
    where = [*_equal(table.c.equipment, equipment), *_during(table.c.start, start, end)]
    return _select(connection, table, where, [table.c.start, table.c.run], (table.c.item, items))


def activities(
    connection: Connection,
    *,
    subjects: Sequence[str] | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Found:
    """What was used by these items, runs and places; those that overlap [start, end)."""
    table = tables.activity
    where: list[ColumnElement[bool]] = []
    where += [table.c.end > start] if start is not None else []
    where += [table.c.start < end] if end is not None else []
    order = [table.c.start, table.c.subject, table.c.activity]
    return _select(connection, table, where, order, (table.c.subject, subjects))


def factors(connection: Connection) -> Found:
    table = tables.factor
    return _select(connection, table, [], [table.c.activity, table.c.indicator, table.c.valid_from])


def imported_files(connection: Connection, *, limit: int = 100) -> Found:
    """The newest first."""
    table = tables.imported_file
    return list(connection.execute(select(table).order_by(table.c.id.desc()).limit(limit)))


def _select(
    connection: Connection,
    table: Table,
    where: Sequence[ColumnElement[bool]],
    order: Sequence[Column[Any]],
    among: tuple[Column[Any], Sequence[str] | None] | None = None,
) -> Found:
    """Where the column of `among` has one of its values, if any are named; ordered within a thousand of them."""
    statement = select(table).where(*where).order_by(*order)
    column, values = among or (None, None)
    if column is None or values is None:
        return list(connection.execute(statement))
    return [
        row for some in chunks(sorted(set(values))) for row in connection.execute(statement.where(column.in_(some)))
    ]


def _equal(column: Column[Any], value: str | None) -> list[ColumnElement[bool]]:
    return [] if value is None else [column == value]


def _during(column: Column[Any], start: int | None, end: int | None) -> list[ColumnElement[bool]]:
    bounds = [column >= start] if start is not None else []
    return [*bounds, *([column < end] if end is not None else [])]
