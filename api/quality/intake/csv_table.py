"""A strict CSV table (RFC 4180, UTF-8, with a header): columns of text, and every problem with its line and column.

Each check takes a column, gives the parsed one and notes what is wrong; `done` raises it all at once, so that nothing
is half imported. Distinct texts are checked once: a file of a hundred thousand readings names few sensors and units.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.columns import TIME_DTYPE
from ledger.errors import InvalidDocument, LotmarkError, Problem

_MOST_PROBLEMS = 100
_TIME = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6}0*)?)?"
_ZONE = r"(?:[Zz]|[+-]\d\d(?::?\d\d)?)"
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"

Mask = npt.NDArray[np.bool_]


class CsvTable:
    """One file being read. `required` columns must be there, `optional` ones may, others may not."""

    def __init__(
        self, data: bytes | str, *, source: str, required: Sequence[str], optional: Sequence[str] = ()
    ) -> None:
        self._source = source
        self._problems: list[Problem] = []
        text = self._decode(data)
        self._frame = self._read(text, self._header(text, required, optional), optional)

    def __len__(self) -> int:
        return len(self._frame)

    def text(self, name: str) -> pd.Series[str]:
        """The column as it stands, without surrounding blanks; '' where the file has nothing."""
        return self._frame[name]

    def filled(self, name: str) -> Mask:
        """Where the column has something."""
        return np.asarray(self._frame[name] != "", dtype=bool)

    def line(self, row: int) -> int:
        """The line of the file that row number `row` came from; the header is line 1."""
        return int(self._frame.index[row])

    def refuse(
        self, bad: Mask, name: str, message: Callable[[str], str] | str, *, expected: str, advice: str = ""
    ) -> None:
        """Note a problem in column `name` for every row where `bad`; `message` may be made from the text there."""
        rows = np.flatnonzero(bad)
        for row in rows[: _MOST_PROBLEMS - len(self._problems)]:
            said = message if isinstance(message, str) else message(str(self._frame[name].iloc[row]))
            self._problems.append(Problem(said, self._place(self.line(row), name), expected, advice))

    def times(self, name: str) -> pd.Series[pd.Timestamp]:
        """The column as points in time; offsets may be mixed, a missing one is a problem."""
        text = self.text(name)
        zoned = np.asarray(text.str.fullmatch(_TIME + _ZONE), dtype=bool)
        naive = ~zoned
        naive[naive] = np.asarray(text[naive].str.fullmatch(_TIME), dtype=bool)
        expected = "ISO 8601 with a zone, such as 2026-05-04T06:15:00-07:00"
        self.refuse(
            naive,
            name,
            lambda t: f"time {t!r} has no zone",
            expected=expected,
            advice="Append Z or the offset from UTC.",
        )
        times = pd.to_datetime(text.where(zoned), format="ISO8601", utc=True, errors="coerce").astype(TIME_DTYPE)
        self.refuse(
            ~naive & np.asarray(times.isna(), dtype=bool),
            name,
            lambda t: f"{t!r} is not a point in time",
            expected=expected,
        )
        return times

    def numbers(self, name: str, *, required: bool = True) -> npt.NDArray[np.float64]:
        """The column as finite doubles; NaN where it is empty and not required."""
        text = self.text(name)
        shaped = np.asarray(text.str.fullmatch(_NUMBER), dtype=bool)
        numbers = text.where(shaped, "nan").to_numpy(dtype=object).astype(np.float64)
        bad = ~np.isfinite(numbers)
        if not required:
            bad &= self.filled(name)
        self.refuse(
            bad,
            name,
            lambda t: f"{t!r} is not a number" if t else "the value is missing",
            expected="a finite number with a decimal point, such as 3.8",
            advice="A reading that failed is left out, not written as a word.",
        )
        return numbers

    def mapped(
        self, name: str, parse: Callable[[str], str | None], *, expected: str, advice: str = "", required: bool = True
    ) -> pd.Series[str]:
        """The column with every distinct text parsed once; None where empty and not required, or where it is wrong.

        `parse` raises a LotmarkError, whose message, expectation and advice are then used.
        """
        codes, texts = pd.factorize(self.text(name))
        parsed: list[str | None] = []
        for code, text in enumerate(texts):
            try:
                if required and not text:
                    raise _Missing(f"column {name} is empty", expected=expected, advice=advice)
                parsed.append(parse(text) if text else None)
            except LotmarkError as error:
                problem = error.problem
                parsed.append(None)
                self.refuse(
                    codes == code,
                    name,
                    problem.message,
                    expected=problem.expected or expected,
                    advice=problem.advice or advice,
                )
        values = np.array([*parsed, None], dtype=object)[codes]
        return pd.Series(values, index=self._frame.index, dtype=object)

    def done(self) -> None:
        """Raise InvalidDocument if anything was wrong."""
        if self._problems:
            raise InvalidDocument(self._problems)

    def _place(self, line: int, name: str = "") -> str:
        column = f" column {name}" if name else ""
        return f"{self._source} line {line}{column}".strip()

    def _fail(self, message: str, line: int, *, expected: str, advice: str = "", column: str = "") -> InvalidDocument:
        return InvalidDocument([Problem(message, self._place(line, column), expected, advice)])

    def _decode(self, data: bytes | str) -> str:
        if isinstance(data, str):
            return data.removeprefix("\ufeff")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise self._fail(
                "the file is not UTF-8", line, expected="UTF-8 text", advice="Save it as CSV UTF-8."
            ) from None

    def _header(self, text: str, required: Sequence[str], optional: Sequence[str]) -> list[str]:
        try:
            first = next(csv.reader(io.StringIO(text)), [])
        except csv.Error as error:
            raise self._fail(f"broken CSV: {error}", 1, expected="quoting as in RFC 4180") from None
        names = [name.strip().lower().replace(" ", "_") for name in first]
        expected = "columns " + ", ".join(required) + (f" (and perhaps {', '.join(optional)})" if optional else "")
        advice = ""
        if len(names) == 1 and any(mark in names[0] for mark in ";\t"):
            advice = "Separate columns with commas."
        problems = [
            Problem(f"column {name} is missing", self._place(1), expected, advice)
            for name in required
            if name not in names
        ]
        problems += [
            Problem(f"unknown column {first[at]!r}", self._place(1), expected, "Remove or rename it.")
            for at, name in enumerate(names)
            if name not in required and name not in optional
        ]
        problems += [
            Problem(f"column {name} occurs twice", self._place(1), expected)
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]
        if problems:
            raise InvalidDocument(problems)
        return names

    def _read(self, text: str, names: list[str], optional: Sequence[str]) -> pd.DataFrame:
        lines, rows = self._rows(text, len(names))
        columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
        index = pd.Index(lines, dtype="int64")
        frame = pd.DataFrame(index=index)
        for name in (*names, *optional):
            if name not in frame:
                frame[name] = pd.Series(list(columns.get(name, [""] * len(rows))), index=index, dtype=str)
        return frame

    def _rows(self, text: str, width: int) -> tuple[list[int], list[list[str]]]:
        """The rows below the header with their line numbers; empty lines are skipped."""
        reader = csv.reader(io.StringIO(text), strict=True, skipinitialspace=True)
        lines: list[int] = []
        rows: list[list[str]] = []
        line = 1
        try:
            for fields in reader:
                if reader.line_num > line:
                    raise self._fail("a quoted value runs over the end of the line", line, expected="one row per line")
                if fields and len(fields) != width:
                    raise self._fail(f"{len(fields)} fields", line, expected=f"{width} fields, as in the header")
                if fields and line > 1:
                    lines.append(line)
                    rows.append(list(map(str.strip, fields)))
                line += 1
        except csv.Error as error:
            raise self._fail(f"broken CSV: {error}", line, expected="quoting as in RFC 4180") from None
        return lines, rows


class _Missing(LotmarkError):
    """A required field is empty."""
