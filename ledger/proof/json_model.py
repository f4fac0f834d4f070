"""Reading parsed JSON strictly: each helper takes a value and its place, and refuses what is not exactly of the named
form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ledger.errors import InvalidInput


def members(value: Any, names: Sequence[str], where: str) -> list[Any]:
    """The values of an object that has exactly the members `names`, in that order."""
    if type(value) is not dict:
        raise InvalidInput("not an object", where=where, expected="an object with " + ", ".join(names))
    if unknown := sorted(value.keys() - set(names)):
        raise InvalidInput(f"unknown member {unknown[0]!r}", where=where, expected="only " + ", ".join(names))
    if missing := sorted(set(names) - value.keys()):
        raise InvalidInput(f"no member {missing[0]!r}", where=where, expected="all of " + ", ".join(names))
    return [value[name] for name in names]


def items(value: Any, where: str) -> list[Any]:
    if type(value) is not list:
        raise InvalidInput("not a list", where=where, expected="a list")
    return value


def text(value: Any, where: str) -> str:
    if type(value) is not str or not value:
        raise InvalidInput(f"{value!r} is not a text", where=where, expected="a text, not empty")
    return value


def integer(value: Any, where: str) -> int:
    if type(value) is not int or value < 0:
        raise InvalidInput(f"{value!r} is not a number", where=where, expected="an integer, not negative")
    return value


def hexadecimal(value: Any, size: int, where: str) -> bytes:
    if type(value) is not str or not re.fullmatch(f"0x[0-9a-f]{{{size * 2}}}", value):
        raise InvalidInput(f"{value!r} is not hexadecimal", where=where, expected=f"0x, {size * 2} lower-case digits")
    return bytes.fromhex(value[2:])
