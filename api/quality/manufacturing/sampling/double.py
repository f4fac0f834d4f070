"""Double sampling plans for normal inspection: a smaller first sample, a second where the first decides nothing.

MIL-STD-105E table III-A (public domain), by the same rule as the single plans: k picks the numbers, and both samples
are of the size of the letter before. Where a single plan has Ac 0 the standard gives no double plan.

What was checked: the plan for lots of 3201 to 10 000 at AQL 1.5, level II, is quoted by a second source; for every
other one a test holds its operating characteristic to that of the single plan which it stands for. Tightened and
reduced double plans are not here; `operating` evaluates any double plan.
"""

from __future__ import annotations

from typing import Final

from api.quality.manufacturing.sampling.codes import code_index, code_letter
from api.quality.manufacturing.sampling.plans import DoublePlan
from api.quality.manufacturing.sampling.single import NORMAL_SIZES, plan_at
from ledger.errors import InvalidInput

#: acceptance number of the single plan → Ac1, Re1, Ac2
_NUMBERS: Final = {
    1: (0, 2, 1),
    2: (0, 3, 3),
    3: (1, 4, 4),
    5: (2, 5, 6),
    7: (3, 7, 8),
    10: (5, 9, 12),
    14: (7, 11, 18),
    21: (11, 16, 26),
}


def double_plan(lot_size: int, aql: float, level: str = "II") -> DoublePlan:
    """The double plan of normal inspection for a lot of `lot_size` units at an AQL in percent.

    Raises InvalidInput where the standard has none.
    """
    letter, single = plan_at(code_letter(lot_size, level), aql)
    if single.ac == 0 or letter == "A":
        raise InvalidInput(
            f"there is no double plan for a lot of {lot_size} at AQL {aql:g} %, level {level}",
            expected="a lot and an AQL whose single plan accepts one nonconforming unit or more",
            advice=f"Use the single plan: {single}.",
        )
    size = NORMAL_SIZES[code_index(letter) - 1]
    return DoublePlan(size, size, *_NUMBERS[single.ac])
