"""What Core lacks: INSERT … ON CONFLICT for the dialect at hand (SQLite and PostgreSQL share it); chunks for IN (…)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")

#: how many values one IN (…) holds; SQLite takes 32,766 parameters in all
IN_SIZE = 1000


def insert(connection: Connection, table: Table) -> sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value]  # the same methods, no common type
    return sqlite.insert(table)


def chunks(values: Sequence[T], size: int = IN_SIZE) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
