"""Cells of a sheet that look filled and read as empty: the rest of merged ones, and formulas never computed.

openpyxl's fast reader gives both as nothing. An empty market means every market and an empty bound no bound, so they
are told, not taken for empty. The sheet's XML (ISO/IEC 29500-1 §18.3.1) is searched as bytes, in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Final

from ledger.errors import Problem

_PIECE: Final = 2**22
#: more than one cell with its formula takes (8,192 characters)
_OVERLAP: Final = 2**16
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]+\d+:[A-Z]+\d+)[\"']")
_FORMULA: Final = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CELL: Final = re.compile(rb"\sr=[\"']([A-Z]+\d+)[\"']")
_TEXT: Final = re.compile(rb"\st=[\"']str[\"']")


def hidden_gaps(sheet: IO[bytes], width: int, where: str) -> list[Problem]:
    """One problem for each merged range, and each formula without a value, in the first `width` columns."""
    from openpyxl.utils import range_boundaries

    problems = []
    for is_merged, area in dict.fromkeys(_areas(sheet)):
        first_column = range_boundaries(area)[0]
        if first_column is None or first_column > width:
            continue
        place = f"{where} {'cells' if is_merged else 'cell'} {area}"
        if is_merged:
            problems.append(
                Problem("the cells are merged", place, "one value per cell", "Unmerge them, and fill each one in.")
            )
        else:
            advice = "Open the file in Excel and save it, which computes it, or write the value."
            problems.append(Problem("the formula was never computed", place, "a value", advice))
    return problems


def _areas(sheet: IO[bytes]) -> Iterator[tuple[bool, str]]:
    """Whether it is merged, and the range or cell; some of them twice."""
    rest = b""
    while piece := sheet.read(_PIECE):
        text = rest + piece
        for merged in _MERGED.finditer(text):
            yield True, merged.group(1).decode()
        for formula in _FORMULA.finditer(text):
            cell = _CELL.search(formula.group(1))
            if cell is not None and not _TEXT.search(formula.group(1)):  # of type str, it was computed to be empty
                yield False, cell.group(1).decode()
        rest = text[-_OVERLAP:]
