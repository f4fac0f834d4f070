"""CSV as a table: RFC 4180, UTF-8, with a header; problems by line and column.

A file without quotes and empty lines, as loggers write them, is split by Arrow; any other, and any that Arrow refuses,
by the standard library, row by row, which can say where it is broken.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from api.quality.intake.header import checked_header
from api.quality.intake.table import Table
from ledger.errors import InvalidDocument, Problem


def csv_table(
    data: bytes | str, *, source: str, required: Sequence[str], optional: Sequence[str] = (), zone: str | None = None
) -> Table:
    """InvalidDocument where the bytes are no CSV with this header."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    text = _decoded(raw, source)
    names = _header(text, required, optional, source)
    columns = _split(raw, names)
    if columns is not None:
        return Table(columns, lambda row, name: _place(source, row + 2, name), optional=optional, zone=zone)
    lines, columns = _rows(text, names, source)
    return Table(columns, lambda row, name: _place(source, int(lines[row]), name), optional=optional, zone=zone)


def _place(source: str, line: int, name: str = "") -> str:
    column = f" column {name}" if name else ""
    return f"{source} line {line}{column}".strip()


def _decoded(raw: bytes, source: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidDocument(
            [Problem("the file is not UTF-8", _place(source, line), "UTF-8 text", "Save it as CSV UTF-8.")]
        ) from None


def _header(text: str, required: Sequence[str], optional: Sequence[str], source: str) -> list[str]:
    try:
        first = next(csv.reader(io.StringIO(text[: text.find("\n") + 1 or None])), [])
    except csv.Error as error:
        raise _broken(error, source, 1) from None
    semicolons = len(first) == 1 and any(mark in first[0] for mark in ";\t")
    advice = "Separate columns with commas, and write decimals with a point." if semicolons else ""
    return checked_header(first, required, optional, where=_place(source, 1), advice=advice)


def _split(raw: bytes, names: list[str]) -> dict[str, pd.Series[str]] | None:
    """The columns; None where the lines are not simply values between commas."""
    body = raw[raw.find(b"\n") + 1 :] if b"\n" in raw else b""
    plain = body.replace(b"\r\n", b"\n") if b"\r" in body else body
    if not plain or b'"' in plain or b"\r" in plain or b"\n\n" in plain or plain[:1] == b"\n" or len(names) < 2:
        return None
    try:
        found = pa_csv.read_csv(
            pa.BufferReader(plain),
            read_options=pa_csv.ReadOptions(column_names=names, use_threads=False),
            parse_options=pa_csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return {name: pd.Series(pc.utf8_trim_whitespace(found[name]), dtype=str) for name in names}


def _rows(text: str, names: list[str], source: str) -> tuple[np.ndarray, dict[str, pd.Series[str]]]:
    """The line numbers and columns of the rows below the header; empty lines are skipped."""
    reader = csv.reader(io.StringIO(text), strict=True, skipinitialspace=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    line = 1
    try:
        for fields in reader:
            if reader.line_num > line:
                raise _fail("a quoted value runs over the end of the line", source, line, "one row per line")
            if fields and len(fields) != len(names):
                expected = f"{len(names)} fields, as in the header"
                advice = "A decimal comma is a point here; a comma within a text needs quotes around the text."
                raise _fail(f"{len(fields)} fields", source, line, expected, advice if len(fields) > len(names) else "")
            if fields and line > 1:
                lines.append(line)
                rows.append(list(map(str.strip, fields)))
            line += 1
    except csv.Error as error:
        raise _broken(error, source, line) from None
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    columns = {name: pd.Series(list(column), dtype=str) for name, column in zip(names, values, strict=True)}
    return np.asarray(lines), columns


def _broken(error: csv.Error, source: str, line: int) -> InvalidDocument:
    return _fail(f"broken CSV: {error}", source, line, "quoting as in RFC 4180")


def _fail(message: str, source: str, line: int, expected: str, advice: str = "") -> InvalidDocument:
    return InvalidDocument([Problem(message, _place(source, line), expected, advice)])
