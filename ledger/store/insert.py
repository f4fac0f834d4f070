"""What Core lacks: INSERT … ON CONFLICT for the dialect at hand (SQLite and PostgreSQL share it); chunks for IN (…)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")

#: how many values one IN (…) holds; SQLite takes 32,766 parameters in all
IN_SIZE = 1000


def insert(connection: Connection, table: Table) -> sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value]  # the same methods, no common type
    return sqlite.insert(table)


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT rows of equal columns, handed to the driver as they are: Core's own binding costs three times the insert.

    For values that need no conversion: numbers, text, bytes and None.
    """
    if rows:
        statement = table.insert().compile(dialect=connection.dialect, column_keys=list(rows[0]))
        values = itemgetter(*(statement.positiontup or ()))
        connection.exec_driver_sql(str(statement), [values(row) for row in rows])


def chunks(values: Sequence[T], size: int = IN_SIZE) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
