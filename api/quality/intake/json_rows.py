"""A list of JSON objects as a table, one row each; strict JSON, problems by JSON pointer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from api.quality.intake.header import checked_header
from api.quality.intake.table import MOST_PROBLEMS, Table
from ledger.errors import InvalidDocument, InvalidInput, Problem
from ledger.events import parse_json


def json_table(
    data: bytes | str, *, source: str, required: Sequence[str], optional: Sequence[str] = (), zone: str | None = None
) -> Table:
    """What is empty may be left out or null. InvalidInput for anything but such a list."""
    rows = parse_json(data, source=source)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidInput("not a list of objects", where=source, expected='[{"…": …}, …]')
    names = list(dict.fromkeys(name for row in rows for name in row))
    missing = [name for name in required if name not in names] if not rows else []
    known = checked_header([*names, *missing], required, optional, where=source)
    problems = [
        Problem("a list or an object", f"{source} /{at}/{name}".strip(), "text, a number, true, false or null")
        for at, row in enumerate(rows)
        for name, value in row.items()
        if isinstance(value, list | dict)
    ]
    if problems:
        raise InvalidDocument(problems[:MOST_PROBLEMS])
    written = dict(zip(known, [*names, *missing], strict=True))
    columns = {name: _column([row.get(member) for row in rows]) for name, member in written.items()}
    return Table(
        columns,
        lambda row, name: f"{source} /{row}/{written.get(name, name)}".strip(),
        optional=optional,
        zone=zone,
    )


def _column(values: list[Any]) -> pd.Series[Any]:
    if values and all(type(value) in (int, float) for value in values if value is not None):
        numbers = pd.Series([None if value is None else float(value) for value in values], dtype="float64")
        if numbers.notna().any() and not all(type(value) is int for value in values if value is not None):
            return numbers
    return pd.Series([_text(value) for value in values], dtype=str)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip() if isinstance(value, str) else repr(value)
