"""What is wrong with a source that broke a rule: the first rows that did, judged by the small import, in its words.

Only read when something is wrong. Rows are numbered by their order in the source, lines by counting the file's.
"""
# ruff: noqa: S608 - names are constants, every path and text is quoted

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NoReturn

import pandas as pd

from api.quality.archive.staging import BREAKS_A_RULE, COLUMNS, PARSED_TIME, PARSED_VALUE, Source, quoted
from api.quality.intake.readings import READINGS
from api.quality.intake.table import Table
from ledger.errors import InvalidInput

if TYPE_CHECKING:
    import duckdb

_MOST_ROWS = 100
_NAMED = ("sensor", "item", "place", "quantity_kind", "unit")


def refuse(connection: duckdb.DuckDBPyConnection, source: Source, header: list[str]) -> NoReturn:
    """Raise InvalidDocument for the rows that break a rule.

    The tables of the connection say which: `wrong` (name of the column, text) has what the small import refuses,
    `pairs` (kind, code, floor) above which value a unit measures a kind, `contradicting` the readings that come twice.
    """
    texts = " OR ".join(f"{name} IN (SELECT text FROM wrong WHERE name = '{name}')" for name in _NAMED)
    query = f"""
        WITH numbered AS (SELECT row_number() OVER () AS row, * FROM ({source.rows(header)})),
        r AS (SELECT *, {PARSED_TIME} AS moment, {PARSED_VALUE} AS measured FROM numbered)
        SELECT row, {", ".join(map(quoted, COLUMNS))} FROM r
        WHERE {BREAKS_A_RULE} OR {texts}
            OR EXISTS (SELECT 1 FROM contradicting AS c
                       WHERE c.moment = r.moment AND c.sensor = r.sensor AND c.quantity_kind = r.quantity_kind)
        ORDER BY row LIMIT {_MOST_ROWS}
    """
    rows = connection.execute(query).fetchall()
    places = _places(source, [int(row[0]) for row in rows])
    texts_of = {name: pd.Series([row[at] for row in rows], dtype="str") for at, name in enumerate(COLUMNS, start=1)}
    READINGS.parse(Table(texts_of, lambda row, name: f"{source.name} {places[row]} column {name}"))
    raise InvalidInput("some rows cannot be read", where=source.name, expected="the columns of the readings' import")


def _places(source: Source, numbers: list[int]) -> list[str]:
    """`line 17` of each row of a CSV, `row 17` of a Parquet file."""
    if source.is_parquet:
        return [f"row {number}" for number in numbers]
    last = max(numbers, default=0)
    with source.file.open("rb") as stream:
        filled = (line for line, text in enumerate(stream, start=1) if text.strip())
        lines = list(islice(filled, last + 1))
    return [f"line {lines[number]}" for number in numbers]
