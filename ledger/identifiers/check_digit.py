"""The check digit of GS1 keys: GS1 General Specifications §7.9.1, one algorithm for all numeric keys.

From the right of what it protects, digits weigh 3, 1, 3, 1 …; the check digit fills the sum up to a multiple of ten.
It catches every single wrong digit and most swaps of neighbours; it proves nothing else. Callers pass ASCII digits.
"""

from __future__ import annotations


def check_digit(payload: str) -> str:
    """The digit that belongs behind `payload`."""
    digits = payload.encode("ascii")
    weighted = sum(digits) + 2 * sum(digits[::-2]) - ord("0") * (len(digits) + 2 * len(digits[::-2]))
    return str(-weighted % 10)


def with_check_digit(payload: str) -> str:
    return payload + check_digit(payload)
