"""Code letters: how large a sample a lot of this size takes at this inspection level.

MIL-STD-105E table I (public domain), the same in ANSI/ASQ Z1.4 and ISO 2859-1. Which plan a letter stands for is in
`single` and `double`.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from ledger.errors import InvalidInput

#: the code letters, smallest sample first; I and O are not used
CODES: Final = "ABCDEFGHJKLMNPQR"

#: acceptance quality limits in percent nonconforming, or in defects per hundred units
AQLS: Final = (0.01, 0.015, 0.025, 0.04, 0.065, 0.1, 0.15, 0.25, 0.4, 0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10.0)

#: the largest lot of each range but the last, which is open
_LOT_UP_TO: Final = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000)

#: inspection level → code letter of each range of lot sizes
_LETTERS: Final = {
    "S-1": "AAAABBBBCCCCDDD",
    "S-2": "AAABBBCCCDDDEEE",
    "S-3": "AABBCCDDEEFFGGH",
    "S-4": "AABCCDEEFGGHJJK",
    "I": "AABCCDEFGHJKLMN",
    "II": "ABCDEFGHJKLMNPQ",
    "III": "BCDEFGHJKLMNPQR",
}
LEVELS: Final = tuple(_LETTERS)


def code_letter(lot_size: int, level: str = "II") -> str:
    """The code letter of a lot of `lot_size` units (at least 2). Raises InvalidInput."""
    if lot_size < 2:
        raise InvalidInput(
            f"a lot of {lot_size} cannot be sampled", expected="a lot of 2 units or more", advice="Inspect the unit."
        )
    if level not in _LETTERS:
        raise InvalidInput(f"unknown inspection level {level!r}", expected=", ".join(LEVELS))
    return _LETTERS[level][bisect_left(_LOT_UP_TO, lot_size)]


def code_index(letter: str) -> int:
    """The place of a code letter, A being 0. Raises InvalidInput."""
    if len(letter) != 1 or letter not in CODES:
        raise InvalidInput(f"unknown code letter {letter!r}", expected=f"one of {CODES}")
    return CODES.index(letter)


def aql_index(aql: float) -> int:
    """The place of an AQL in percent, 0.010 being 0. Raises InvalidInput for one that is not in the series."""
    for place, each in enumerate(AQLS):
        if abs(each - aql) < 1e-9:
            return place
    raise InvalidInput(
        f"no plans are tabulated for an AQL of {aql:g} %",
        expected=", ".join(f"{each:g}" for each in AQLS),
        advice="Take the next smaller AQL of the series, or let the plan be found through two risk points.",
    )
