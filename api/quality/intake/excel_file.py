"""Excel workbooks (.xlsx, ISO/IEC 29500) as a table: the first row names the columns; problems by sheet and cell.

Excel's dates have no zone: they are refused unless one is told. A cell that shows an error (#DIV/0!) is refused, and so
are merged cells and formulas that were never computed; of others the value counts that Excel last computed. What is
shown in percent is read as shown, 50%, not as the half that is stored. Macros are never run. What a workbook unpacks to
is bounded before anything of it is read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from api.quality.intake.excel_gaps import hidden_gaps
from api.quality.intake.header import checked_header
from api.quality.intake.table import MOST_PROBLEMS, Table
from ledger.errors import InvalidDocument, InvalidInput, LotmarkError, Problem, TooLarge

#: of a sheet, ISO/IEC 29500-1; a file may claim any
_MOST_ROWS = 1_048_576
#: what a number format shows as it stands
_LITERAL = re.compile(r'"[^"]*"|\\.')


def excel_table(
    data: bytes,
    *,
    source: str,
    required: Sequence[str],
    optional: Sequence[str] = (),
    sheet: str | None = None,
    zone: str | None = None,
    most_bytes: int,
) -> Table:
    """InvalidDocument where the bytes are no workbook with this header; TooLarge where it unpacks to too much."""
    try:
        _check_size(data, source, most_bytes)
        return _read(data, source, required, optional, sheet, zone)
    except LotmarkError:
        raise
    except Exception as error:  # openpyxl passes on whatever zipfile, zlib, XML parsers and its own conversions meet
        raise InvalidInput(
            f"not a readable workbook ({type(error).__name__})",
            where=source,
            expected="an Excel file (.xlsx)",
            advice="Open it in Excel and save it as .xlsx without a password, or as CSV UTF-8.",
        ) from error


def _check_size(data: bytes, source: str, most_bytes: int) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > most_bytes:
        raise TooLarge(
            f"unpacks to {size:,} bytes",
            where=source,
            expected=f"at most {most_bytes:,} bytes",
            advice="Split it, or send CSV or Parquet.",
        )


def _read(
    data: bytes, source: str, required: Sequence[str], optional: Sequence[str], sheet: str | None, zone: str | None
) -> Table:
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        page = _sheet(book, sheet, source)
        page.reset_dimensions()  # what a file says of its own size is often wrong, and rows beyond would be dropped
        where = f"{source} sheet {page.title}".strip()
        first = next(page.iter_rows(max_row=1, max_col=len(required) + len(optional) + 20, values_only=True), ())
        header = _without_tail(first)
        names = checked_header(header, required, optional, where=f"{where} row 1")
        with page._get_source() as sheet_xml:
            gaps = hidden_gaps(sheet_xml, len(names), where)
        if gaps:
            raise InvalidDocument(gaps[:MOST_PROBLEMS])
        numbers, rows = _rows(page, len(names), where)
    finally:
        book.close()
    letters = {name: get_column_letter(at + 1) for at, name in enumerate(names)}
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return Table(
        {name: _column(list(column)) for name, column in zip(names, columns, strict=True)},
        lambda row, name: f"{where} {f'cell {letters[name]}' if name in letters else 'row '}{numbers[row]}",
        optional=optional,
        zone=zone,
    )


def _sheet(book: Any, wanted: str | None, source: str) -> Any:
    pages = book.worksheets
    chosen = [page for page in pages if page.title == wanted] if wanted is not None else pages
    if len(chosen) == 1:
        return chosen[0]
    raise InvalidInput(
        f"there is no sheet {wanted!r}" if wanted is not None else f"there are {len(pages)} sheets",
        where=source,
        expected="one of the sheets " + ", ".join(repr(page.title) for page in pages[:20]),
        advice="Say which sheet is meant.",
    )


def _rows(page: Any, width: int, where: str) -> tuple[list[int], list[tuple[Any, ...]]]:
    """The rows that are not empty, with their numbers. Errors are refused, and what stands right of the header."""
    numbers: list[int] = []
    rows: list[tuple[Any, ...]] = []
    problems: list[Problem] = []
    for number, cells in enumerate(page.iter_rows(min_row=2, max_col=width + 1), 2):
        if number > _MOST_ROWS:
            raise InvalidInput(f"row {number:,}", where=where, expected=f"at most {_MOST_ROWS:,} rows")
        values = tuple(_value(cell) for cell in cells)
        if not any(value is not None and value != "" for value in values):
            continue
        problems += _faults(cells, width, where)
        if len(problems) >= MOST_PROBLEMS:
            break
        numbers.append(number)
        rows.append((*values, *[None] * width)[:width])
    if problems:
        raise InvalidDocument(problems[:MOST_PROBLEMS])
    return numbers, rows


def _value(cell: Any) -> Any:
    """What the cell holds; with its sign, as it is shown, if that is a percentage."""
    value = cell.value
    if type(value) in (int, float) and cell.has_style and "%" in _LITERAL.sub("", cell.number_format):
        return f"{100 * value:.15g}%"
    return value


def _faults(cells: Sequence[Any], width: int, where: str) -> Iterator[Problem]:
    for at, cell in enumerate(cells):
        if cell.value is None:
            continue
        place = f"{where} cell {cell.coordinate}"
        if cell.data_type == "e":
            yield Problem(
                f"the cell shows {cell.value}", place, "a value", "Correct the formula, or leave the cell empty."
            )
        elif at >= width:
            yield Problem("there is a value outside the table", place, "columns with a name in row 1")


def _without_tail(values: Sequence[Any]) -> list[Any]:
    kept = list(values)
    while kept and kept[-1] is None:
        kept.pop()
    return kept


def _column(values: list[Any]) -> pd.Series[Any]:
    """Numbers as numbers if all are, otherwise as the text that gives them back exactly."""
    if all(value is None or type(value) in (int, float) for value in values) and any(v is not None for v in values):
        if any(type(value) is float for value in values):
            return pd.Series(values, dtype="float64")
        if all(value is None or abs(value) < 2**63 for value in values):
            return pd.Series(values, dtype="Int64")
    return pd.Series([_text(value) for value in values], dtype=str)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()
