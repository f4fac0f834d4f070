"""Single sampling plans of the standard, by rule instead of by table.

Within the master tables of MIL-STD-105E (public domain; ANSI/ASQ Z1.4 and ISO 2859-1 have the same normal table) a
plan depends only on the sum of two places: k = place of the code letter + place of the AQL - 14. From k = 3 on the
acceptance number follows a fixed series; below it are Ac 0 and the arrows, which send the reader to another letter. An
arrow keeps its direction and turns only at the edge of the table.

What was checked: all 256 cells of the normal table against a published copy; the tightened table for AQL 0.65 to 15,
which fixes the rule, against another. The reduced table (MIL-STD-105E table II-C, with its gap between Ac and Re) has
no published check here. ISO 2859-1:1999 has other reduced acceptance numbers and no gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.quality.manufacturing.sampling.codes import CODES, aql_index, code_index, code_letter
from api.quality.manufacturing.sampling.plans import SinglePlan
from ledger.errors import InvalidInput


class Severity(StrEnum):
    """How severely lots are inspected; what moves from one to another is in `switching`."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"


@dataclass(frozen=True, slots=True)
class StandardPlan:
    """What the standard asks of one lot; where `inspect_all`, the sample is as large as the lot or larger."""

    lot_size: int
    level: str
    aql: float
    severity: Severity
    #: of the lot size
    code_letter: str
    #: of the plan, after the arrows
    plan_letter: str
    plan: SinglePlan
    #: how many units to draw: the plan's n, or the whole lot
    sample_size: int
    inspect_all: bool


#: sample sizes of normal inspection, by code letter
NORMAL_SIZES: Final = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000)


@dataclass(frozen=True, slots=True)
class _Table:
    """A master table: sample sizes by letter, what stands at each k, and how far k is shifted."""

    sizes: tuple[int, ...]
    #: Ac and Re from k = 3 on
    numbers: tuple[tuple[int, int], ...]
    shift: int
    #: direction of the arrow at k = 1; at k = 2 it points to larger samples in every table
    at_one: int

    def plan(self, row: int, aql: int) -> SinglePlan | int:
        """The plan in a cell, or the direction in which the cell's arrow points."""
        k = row + aql - 14 - self.shift
        if k == 0 and not self._is_blank(row):
            return SinglePlan.of(self.sizes[row], 0)
        if k < 3:
            return self.at_one if k == 1 else 1
        return SinglePlan(self.sizes[row], *self.numbers[k - 3]) if k - 3 < len(self.numbers) else -1

    def _is_blank(self, row: int) -> bool:
        """The tightened table has no plan with Ac 0 in its first row."""
        return row < self.shift


_TABLES: Final[Mapping[Severity, _Table]] = {
    Severity.NORMAL: _Table(
        NORMAL_SIZES, ((1, 2), (2, 3), (3, 4), (5, 6), (7, 8), (10, 11), (14, 15), (21, 22)), shift=0, at_one=-1
    ),
    # code letter S, with 3150, stands in this table alone: arrows lead to it
    Severity.TIGHTENED: _Table(
        (*NORMAL_SIZES, 3150), ((1, 2), (2, 3), (3, 4), (5, 6), (8, 9), (12, 13), (18, 19)), shift=1, at_one=1
    ),
    Severity.REDUCED: _Table(
        (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800),
        ((0, 2), (1, 3), (1, 4), (2, 5), (3, 6), (5, 8), (7, 10), (10, 13)),
        shift=0,
        at_one=-1,
    ),
}


def plan_at(letter: str, aql: float, severity: Severity = Severity.NORMAL) -> tuple[str, SinglePlan]:
    """The plan for a code letter and an AQL in percent after following the arrows, and the letter where it stands.

    Raises InvalidInput for a letter or an AQL that is not in the tables.
    """
    table, column, row = _TABLES[severity], aql_index(aql), code_index(letter)
    direction = 0
    while True:
        if not 0 <= row < len(table.sizes):
            direction = -direction
            row += direction
        found = table.plan(row, column)
        if isinstance(found, SinglePlan):
            return (CODES + "S")[row], found
        direction = direction or found
        row += direction


def standard_plan(
    lot_size: int, aql: float, level: str = "II", severity: Severity | str = Severity.NORMAL
) -> StandardPlan:
    """The single plan for a lot of `lot_size` units (at least 2) at an AQL in percent. Raises InvalidInput."""
    if severity not in tuple(Severity):
        raise InvalidInput(f"unknown severity {str(severity)!r}", expected=", ".join(Severity))
    severity = Severity(severity)
    letter = code_letter(lot_size, level)
    plan_letter, plan = plan_at(letter, aql, severity)
    inspect_all = plan.n >= lot_size
    return StandardPlan(lot_size, level, aql, severity, letter, plan_letter, plan, min(plan.n, lot_size), inspect_all)
