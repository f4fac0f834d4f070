"""A table being read, whatever file it came in: columns of text, numbers or times, and every problem with its place.

Each check takes a column, gives the parsed one and notes what is wrong; `done` raises it all at once, so that nothing
is half imported. Distinct texts are checked once: a million readings name few sensors and units.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.intake.moments import EXPECTED, ZONE_ADVICE, Moments
from ledger.errors import InvalidDocument, LotmarkError, Problem

MOST_PROBLEMS = 100
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_DAYS_ADVICE = "If it is a spreadsheet's count of days: format the column as dates, and save again."
_REMOVE = "Remove the wrong row."

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
#: the place of a row and column, for people
Place = Callable[[int, str], str]
#: words, or how they are made from a cell's text
Said = Callable[[str], str] | str


class Table:
    """`columns` hold text ('' for nothing) or typed values (missing for nothing); `optional` ones may be absent."""

    def __init__(
        self,
        columns: Mapping[str, pd.Series[Any]],
        place: Place,
        *,
        optional: Sequence[str] = (),
        zone: str | None = None,
    ) -> None:
        self._columns = dict(columns)
        self._place = place
        self._zone = zone
        self._problems: list[Problem] = []
        self._rows = len(next(iter(columns.values()), ()))
        for name in optional:
            self._columns.setdefault(name, pd.Series([""] * self._rows, dtype=str))

    def __len__(self) -> int:
        return self._rows

    def text(self, name: str) -> pd.Series[str]:
        """The column as text without surrounding blanks; '' where the file has nothing."""
        column = self._columns[name]
        return column if column.dtype == "str" else _as_text(column)

    def filled(self, name: str) -> Mask:
        """Where the column has something."""
        column = self._columns[name]
        return np.asarray(column != "" if column.dtype == "str" else column.notna(), dtype=bool)

    def refuse(self, bad: Mask, name: str, message: Said, *, expected: str, advice: Said = "") -> None:
        """Note a problem in column `name` for every row where `bad`; message and advice may be made from the text."""
        rows = np.flatnonzero(bad)[: MOST_PROBLEMS - len(self._problems)]
        for row in rows:
            said, advised = (
                text if isinstance(text, str) else text(self._shown(name, int(row))) for text in (message, advice)
            )
            self._problems.append(Problem(said, self._place(int(row), name), expected, advised))

    def times(self, name: str, *, required: bool = True) -> pd.Series[pd.Timestamp]:
        """The column as points in time; offsets may be mixed. NaT where it is empty and not required, or wrong."""
        moments = Moments.of(self._columns[name], self._zone)
        given = self.filled(name)
        self.refuse(
            given & moments.without_zone,
            name,
            lambda t: f"time {t!r} has no zone",
            expected=EXPECTED,
            advice=ZONE_ADVICE,
        )
        self.refuse(
            given & moments.not_once,
            name,
            lambda t: f"local time {t!r} occurs twice or never in {self._zone}",
            expected="a time with its offset from UTC, where clocks are changed",
        )
        self.refuse(
            given & moments.wrong if not required else moments.wrong | ~given,
            name,
            lambda t: f"{t!r} is not a point in time",
            expected=EXPECTED,
            advice=lambda t: _DAYS_ADVICE if re.fullmatch(_NUMBER, t) else "",
        )
        return moments.times

    def numbers(
        self,
        name: str,
        *,
        required: bool = True,
        besides: Mask | None = None,
        advice: str = "A reading that failed is left out, not written as a word.",
    ) -> Floats:
        """The column as finite doubles; NaN where it is empty and not required, or wrong, or in the rows `besides`."""
        numbers, bad = self._parsed_numbers(name)
        if not required:
            bad &= self.filled(name)
        if besides is not None:
            bad &= ~besides
        self.refuse(
            bad,
            name,
            lambda t: f"{t!r} is not a number" if t else "the value is missing",
            expected="a finite number with a decimal point, such as 3.8",
            advice=lambda t: _number_advice(t) or advice,
        )
        return numbers

    def counts(self, name: str, *, required: bool = True) -> Floats:
        """The column as whole numbers from 0; NaN where it is empty and not required, or wrong."""
        numbers = self.numbers(name, required=required)
        bad = np.isfinite(numbers) & ((numbers < 0) | (numbers != np.floor(numbers)) | (numbers > 2**53))
        self.refuse(bad, name, lambda t: f"{t!r} is not a count", expected="a whole number from 0")
        return np.where(bad, np.nan, numbers)

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
        return pd.Series(np.array([*parsed, None], dtype=object)[codes], dtype=object)

    def refuse_contradictions(
        self, frame: pd.DataFrame, identity: Sequence[str], name: str, *, what: str, advice: str = _REMOVE
    ) -> None:
        """Refuse, in column `name`, a second and different row of the same identity; one half read has been told."""
        again = frame.duplicated(list(identity))
        if again.any():
            bad = again & ~frame.duplicated() & frame[list(identity)].notna().all(axis=1)
            self.refuse(
                np.asarray(bad, dtype=bool),
                name,
                f"a second, different {what}",
                expected="one row per " + ", ".join(identity).replace("_", " "),
                advice=advice,
            )

    def done(self) -> None:
        """Raise InvalidDocument if anything was wrong."""
        if self._problems:
            raise InvalidDocument(self._problems)

    def _parsed_numbers(self, name: str) -> tuple[Floats, Mask]:
        column = self._columns[name]
        if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
            numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
            return numbers, ~np.isfinite(numbers)
        text = self.text(name)
        shaped = text.str.fullmatch(_NUMBER)
        numbers = text.where(shaped, "nan").to_numpy(dtype=object).astype(np.float64)
        return numbers, ~np.isfinite(numbers)

    def _shown(self, name: str, row: int) -> str:
        return str(self.text(name).iloc[row])


def _number_advice(text: str) -> str:
    if "," in text:
        return "Write a decimal point, not a comma, and nothing between thousands."
    return "Write the number in the unit of its row; that of percent is P1." if text.endswith("%") else ""


def _as_text(column: pd.Series[Any]) -> pd.Series[str]:
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.map({True: "true", False: "false"}).fillna("").astype(str)
    return column.astype(object).where(column.notna(), "").astype(str)


class _Missing(LotmarkError):
    """A required field is empty."""
