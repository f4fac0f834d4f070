"""The fields that the quality files have in common: identifiers, quantity kinds, units, texts, validity."""

from __future__ import annotations

import numpy as np
import pandas as pd

from api.quality.frames import rows_by
from api.quality.intake.table import Mask, Table
from api.quality.kinds import KINDS, is_kind, kind_advice
from api.quality.units import compatible, require_unit
from ledger.errors import InvalidInput
from ledger.identifiers import parse_item

UNIT = "a UN/ECE Recommendation 20 code"
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def identifier(text: str) -> str:
    """The canonical URI of what `text` names, in whatever form."""
    return parse_item(text).uri


def unit(text: str) -> str:
    return require_unit(text)


def kind(text: str) -> str:
    if is_kind(text):
        return text
    raise InvalidInput(
        f"unknown quantity kind {text!r}", expected="a GS1 measurement type or a URI", advice=kind_advice(text)
    )


def one_line(text: str) -> str:
    """Any text without control characters."""
    if text.isprintable():
        return text
    raise InvalidInput("there are control characters in it", expected="one line of printable text")


def words(table: Table, name: str, *, expected: str = "one line of text", required: bool = False) -> pd.Series[str]:
    """A column of free text; '' where there is none."""
    return table.mapped(name, one_line, expected=expected, required=required).fillna("")


def anyones(table: Table, name: str = "item") -> pd.Series[str]:
    """A column of identifiers in which nothing stands for everything."""
    return table.mapped(name, identifier, expected="an identifier, or nothing", required=False).fillna("")


def yes(table: Table, name: str) -> Mask:
    """A column of yes and no; nothing is no."""

    def parse(text: str) -> str:
        if text.lower() not in _YES:
            raise InvalidInput(f"{text!r} is neither yes nor no", expected="yes, no, or nothing")
        return "yes" if _YES[text.lower()] else "no"

    return np.asarray(table.mapped(name, parse, expected="yes or no", required=False) == "yes", dtype=bool)


def refuse(table: Table, bad: object, name: str, message: str, *, expected: str, advice: str = "") -> None:
    """The same as the table's, from a series of booleans."""
    table.refuse(np.asarray(bad, dtype=bool), name, message, expected=expected, advice=advice)


def refuse_backwards(table: Table, frame: pd.DataFrame, start: str, end: str) -> None:
    """Refuse a time span that is not after its start."""
    refuse(table, frame[end] <= frame[start], end, f"{end} is not after {start}", expected="start before end")


def refuse_unfit_units(table: Table, frame: pd.DataFrame, kinds: str = "quantity_kind") -> None:
    """Refuse a unit that cannot measure its quantity kind, such as kilograms of temperature."""
    for (name, code), rows in rows_by(frame, kinds, "unit").items():
        reference = KINDS.get(name, "")
        if reference and not compatible(code, reference):
            bad = np.zeros(len(frame), dtype=bool)
            bad[rows] = True
            table.refuse(bad, "unit", f"{name} cannot be in {code}", expected=f"a unit such as {reference}")


def since_ever(frame: pd.DataFrame) -> pd.DataFrame:
    """With a start of validity where there is none, so that rows compare."""
    return frame.assign(valid_from=frame["valid_from"].fillna(pd.Timestamp("0001-01-01", tz="UTC").as_unit("us")))


def bounds(table: Table, frame: pd.DataFrame, *names: str) -> None:
    """Refuse rows without any of these bounds, and those whose bounds are not in ascending order."""
    given = [table.filled(name) for name in names]
    expected = f"{', '.join(names[:-1])} or {names[-1]}"
    table.refuse(~np.logical_or.reduce(given), names[-1], "no bound is given", expected=expected)
    for at, lower in enumerate(names):
        for upper in names[at + 1 :]:
            above = frame[lower] > frame[upper]
            refuse(table, above, lower, f"{lower} is above {upper}", expected=f"{lower} at most {upper}")
