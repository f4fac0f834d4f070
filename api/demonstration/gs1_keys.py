"""GS1 keys as canonical Digital Links, from a company prefix of seven digits. Prefixes 952… are GS1's, for examples."""

from __future__ import annotations

_ROOT = "https://id.gs1.org"


def check_digit(digits: str) -> str:
    """The GS1 check digit: weights 3, 1, 3, … from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def gln(prefix: str, reference: int) -> str:
    """A GLN-13."""
    digits = f"{prefix}{reference:05d}"
    return digits + check_digit(digits)


def party(prefix: str) -> str:
    """The party itself (PGLN): location reference 0."""
    return f"{_ROOT}/417/{gln(prefix, 0)}"


def place(prefix: str, reference: int, extension: str = "") -> str:
    """A physical place (SGLN)."""
    return f"{_ROOT}/414/{gln(prefix, reference)}" + (f"/254/{extension}" if extension else "")


def product(prefix: str, reference: int, indicator: int = 0) -> str:
    """A GTIN-14 class."""
    digits = f"{indicator}{prefix}{reference:05d}"
    return f"{_ROOT}/01/{digits}{check_digit(digits)}"


def lot(of: str, number: str) -> str:
    return f"{of}/10/{number}"


def serial(of: str, number: str, in_lot: str = "") -> str:
    """One instance; with its lot beside it where `in_lot` is given."""
    return f"{of}/10/{in_lot}/21/{number}" if in_lot else f"{of}/21/{number}"


def logistic_unit(prefix: str, number: int) -> str:
    """An SSCC, extension digit 0."""
    digits = f"0{prefix}{number:09d}"
    return f"{_ROOT}/00/{digits}{check_digit(digits)}"


def asset(prefix: str, reference: str) -> str:
    """A GIAI, such as a trailer or a measuring device."""
    return f"{_ROOT}/8004/{prefix}{reference}"


def transaction(prefix: str, number: str) -> str:
    """A business document of a party, as CBV names it."""
    return f"urn:epcglobal:cbv:bt:{gln(prefix, 0)}:{number}"
