"""A CSV file of any columns as a frame: numbers where every cell is one that a double holds, else text; empty: missing.

RFC 4180, UTF-8, a header of distinct names, the same number of cells in every row. Unlike the files of readings and
inspections (`intake`), whose columns are known, nothing is checked here beyond the form; roles are given later.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection

import numpy as np
import pandas as pd

from ledger.errors import InvalidInput

#: whole numbers from here on are names, and two of them may be one double
_MOST_EXACT = 2.0**53
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"


def read_table(data: bytes, *, source: str = "", texts: Collection[str] = ()) -> pd.DataFrame:
    """The table in `data`; InvalidInput with file and line for anything that is not such a table.

    Columns named in `texts` are text whatever they hold, as words that a model learned from must stay.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInput("the file is not UTF-8", where=f"{source} line {line}", expected="CSV in UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        _check_header(names, source)
        rows = []
        for cells in reader:
            if cells and len(cells) != len(names):
                where = f"{source} line {reader.line_num}"
                raise InvalidInput(f"{len(cells)} cells", where=where, expected=f"{len(names)}, as in the header")
            if cells:
                rows.append(cells)
    except csv.Error as error:
        where = f"{source} line {reader.line_num}"
        raise InvalidInput(f"broken CSV: {error}", where=where, expected="quoting as in RFC 4180") from None
    if not rows:
        raise InvalidInput("the table has no rows", where=source, expected="rows below the header")
    columns = zip(*rows, strict=True)
    read = {name: pd.Series(column, dtype=str).str.strip() for name, column in zip(names, columns, strict=True)}
    return pd.DataFrame({name: _typed(column, is_text=name in texts) for name, column in read.items()})


def _check_header(names: list[str], source: str) -> None:
    if len(names) == 1 and any(mark in names[0] for mark in ";\t"):
        raise InvalidInput(
            "there is one column only",
            where=f"{source} line 1",
            expected="columns with commas between them",
            advice="Separate columns with commas, and write decimals with a point.",
        )
    wrong = [name for name in names if not name or names.count(name) > 1]
    if not names or wrong:
        what = f"column {wrong[0]!r} occurs twice" if wrong and wrong[0] else "a column has no name"
        raise InvalidInput(what, where=f"{source} line 1", expected="a header of distinct names")


def _typed(cells: pd.Series[str], *, is_text: bool) -> pd.Series[float] | pd.Series[str]:
    filled = cells != ""
    if not is_text and filled.any() and cells[filled].str.fullmatch(_NUMBER).all():
        numbers = cells.where(filled, "nan").astype(np.float64)
        exact = (numbers.abs() < _MOST_EXACT) | cells.str.contains(r"[.eE]")
        if (exact & np.isfinite(numbers))[filled].all():
            return numbers
    return cells.where(filled, None)
