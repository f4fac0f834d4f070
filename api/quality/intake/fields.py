"""The fields that the quality CSVs have in common: identifiers, quantity kinds, units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from api.quality.frames import rows_by
from api.quality.intake.csv_table import CsvTable
from api.quality.kinds import KINDS, is_kind, kind_advice
from api.quality.units import compatible, require_unit
from ledger.errors import InvalidInput
from ledger.identifiers import parse_item


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


def refuse_unfit_units(table: CsvTable, frame: pd.DataFrame) -> None:
    """Refuse a unit that cannot measure its quantity kind, such as kilograms of temperature."""
    for (name, code), rows in rows_by(frame, "quantity_kind", "unit").items():
        reference = KINDS.get(name, "")
        if reference and not compatible(code, reference):
            bad = np.zeros(len(frame), dtype=bool)
            bad[rows] = True
            table.refuse(bad, "unit", f"{name} cannot be in {code}", expected=f"a unit such as {reference}")
