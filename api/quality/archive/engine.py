"""DuckDB as the archive uses it: in memory, with a limit, spilling beside the archive, never fetching extensions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextmanager
def engine(spill: Path, memory: str, threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own; times are in UTC. `memory` as DuckDB has it: `512MB`."""
    import duckdb  # half a second that those without an archive need not wait for

    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET memory_limit = {literal(memory)}")
        connection.execute(f"SET threads = {int(threads)}")
        connection.execute(f"SET temp_directory = {literal(str(spill))}")
        connection.execute("SET enable_progress_bar = false")
        yield connection


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: list[str]) -> str:
    """A list of SQL strings."""
    return "[" + ", ".join(map(literal, texts)) + "]"
