"""The first pass over a source: its rows as text and parsed, in a Parquet file beside the draft, and what is wrong.

The rules are those of the small import (`intake.readings`), written as sets: SQL finds the rows that break one, the
small import then says what is wrong with them, in its own words. Lines and columns are those of the file.
"""
# ruff: noqa: S608 - names are constants, every path and text is quoted

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.quality.archive.engine import literal
from api.quality.intake.header import checked_header
from api.quality.intake.readings import READINGS
from ledger.errors import InvalidDocument, InvalidInput, Problem

if TYPE_CHECKING:
    import duckdb

COLUMNS = (*READINGS.required, *READINGS.optional)
_MOST_PROBLEMS = 100

_TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,6}0*)?)?(Z|[+-]\d\d(:?\d\d)?)"
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"

#: text → point in time, or NULL
PARSED_TIME = (
    f'CASE WHEN regexp_full_match("time", {literal(_TIME)}) '
    "THEN TRY_CAST(replace(\"time\", ',', '.') AS TIMESTAMPTZ) END"
)
PARSED_VALUE = (
    f'CASE WHEN regexp_full_match("value", {literal(_NUMBER)}) '
    'THEN CASE WHEN isfinite(TRY_CAST("value" AS DOUBLE)) THEN TRY_CAST("value" AS DOUBLE) END END'
)

#: what the staged file has: all of it text but `moment` and `measured`
STAGED = f"SELECT {PARSED_TIME} AS moment, {PARSED_VALUE} AS measured, sensor, item, place, quantity_kind, unit"

#: SQL: whether a staged row `r` breaks a rule; `pairs` has what a unit can measure, above which floor
BREAKS_A_RULE = """
    (r.moment IS NULL OR r.measured IS NULL OR (r.item = '') = (r.place = '')
     OR r.measured <= coalesce((SELECT floor FROM pairs WHERE kind = r.quantity_kind AND code = r.unit), 'inf'))
"""


@dataclass(frozen=True, slots=True)
class Source:
    """A CSV or Parquet file to load; `name` is what problems call it."""

    file: Path
    name: str

    @property
    def is_parquet(self) -> bool:
        return self.file.suffix.lower() in (".parquet", ".pq")

    def header(self, connection: duckdb.DuckDBPyConnection) -> list[str]:
        """The names of its columns. Raises InvalidDocument if one is missing, unknown or there twice."""
        found = self._parquet_header(connection) if self.is_parquet else self._csv_header()
        self._names(found)
        return found

    def rows(self, header: list[str]) -> str:
        """SQL: its rows as trimmed text, '' where there is nothing."""
        ours = dict(zip(self._names(header), header, strict=True))
        picked = ", ".join(
            f"coalesce(trim(CAST({quoted(ours[name])} AS VARCHAR)), '') AS {quoted(name)}"
            if name in ours
            else f"'' AS {quoted(name)}"
            for name in COLUMNS
        )
        return f"SELECT {picked} FROM {self._scan(header)}"

    def _names(self, header: list[str]) -> list[str]:
        where = self.name if self.is_parquet else f"{self.name} line 1"
        return checked_header(header, READINGS.required, READINGS.optional, where=where)

    def _scan(self, header: list[str]) -> str:
        path = literal(str(self.file))
        if self.is_parquet:
            return f"read_parquet({path})"
        columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
        return (
            f"read_csv({path}, auto_detect = false, columns = {{{columns}}}, header = true, delim = ',', quote = '\"', "
            "escape = '\"', strict_mode = true, store_rejects = true, rejects_limit = 100, null_padding = false)"
        )

    def _csv_header(self) -> list[str]:
        with self.file.open("rb") as stream:
            try:
                return next(csv.reader([stream.readline().decode("utf-8-sig")]), [])
            except (UnicodeDecodeError, csv.Error) as error:
                raise unreadable(self.name, error) from None

    def _parquet_header(self, connection: duckdb.DuckDBPyConnection) -> list[str]:
        import duckdb

        try:
            described = connection.execute(f"DESCRIBE SELECT * FROM {self._scan([])}").fetchall()
        except duckdb.Error as error:
            raise unreadable(self.name, error) from None
        return [str(row[0]) for row in described]


def unreadable(name: str, error: Exception) -> InvalidInput:
    said = str(error).splitlines()[0]
    return InvalidInput(f"it cannot be read ({said})", where=name, expected="a CSV (UTF-8) or Parquet file")


def stage(connection: duckdb.DuckDBPyConnection, source: Source, header: list[str], file: Path) -> None:
    """Write the staged file. Raises InvalidDocument for lines that are no rows of the table."""
    import duckdb

    query = f"{STAGED} FROM ({source.rows(header)})"
    try:
        connection.execute(f"COPY ({query}) TO {literal(str(file))} (FORMAT parquet)")
    except duckdb.Error as error:
        raise unreadable(source.name, error) from None
    if not source.is_parquet:
        _refuse_rejects(connection, source.name)


def _refuse_rejects(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    rejected = connection.execute(
        "SELECT DISTINCT line, error_message FROM reject_errors ORDER BY line LIMIT ?", [_MOST_PROBLEMS]
    ).fetchall()
    if rejected:
        raise InvalidDocument(
            [
                Problem(_spoken(str(message)), f"{name} line {line}", "one row per line, as in the header")
                for line, message in rejected
            ]
        )


def _spoken(message: str) -> str:
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    return f"{counts[2]} fields, not {counts[1]}" if counts else message.splitlines()[0]


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
