"""Strict JSON (RFC 8259, with the care of RFC 7493 "I-JSON"), so that nothing of a document changes silently.

What is committed is the parsed JSON; therefore everything that two parsers could read differently is an error
here: duplicate keys, NaN and Infinity, lone surrogates, bytes that are not UTF-8, and numbers whose decimal value
is not that of their double's shortest form (1234567890.123456789, 9007199254740993, 1e400). Numbers of integral
value below 2**53 become `int`, all others `float`, so equal JSON values are equal Python values. A leading byte
order mark is not part of the document and is skipped, as RFC 8259 §8.1 allows: common spreadsheet programs write one.

The standard library's C scanner does the work; `json_places` is asked where the fault is, only once there is one.
It does not know EPCIS.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from itertools import accumulate
from typing import Any, Literal, NoReturn, TypeAlias

from ledger.errors import InvalidInput
from ledger.events import json_places

Json: TypeAlias = Any
"""None, bool, int, float, str, list or dict with str keys; typed loosely because every reader checks what it takes."""

MAX_DEPTH = 100
"""Objects and lists within each other; real events have fewer than ten levels."""

MAX_NUMBER_LENGTH = 400
"""Characters of a number; the shortest form of a double has at most 24, and written out in full at most 330."""

_EXACT_INTEGERS = 2**53
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89abcdefABCDEF]")
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F])|.)", re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_DEPTH_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(set(range(256)) - _DEPTH_STEP.keys())


class _Fault(Exception):
    """What a hook of the scanner found; its place is not known yet."""


def parse_json(data: bytes | str, *, source: str = "", duplicate_keys: Literal["refuse", "last"] = "refuse") -> Json:
    """Return the document's value; `InvalidInput` with line and column where it is not strict JSON.

    With `duplicate_keys="last"`, said by whoever submits the document, the last of several equal keys counts.
    """
    text = _decode(data, source).removeprefix("\ufeff")
    _refuse_lone_surrogates(text, source)
    if _is_too_deep(text):
        message = f"objects and lists are nested more than {MAX_DEPTH} deep"
        raise InvalidInput(message, where=source, expected=f"at most {MAX_DEPTH} levels")
    try:
        return _decoders[duplicate_keys].decode(text)
    except json.JSONDecodeError as error:
        _raise_syntax(error, text, source)
    except _Fault:
        _raise_fault(text, source, duplicate_keys)


def is_exact(literal: str) -> bool:
    """Whether the JSON number `literal` has the decimal value of its double's shortest form."""
    if len(literal) > MAX_NUMBER_LENGTH:
        return False
    number = float(literal)
    if number in (float("inf"), float("-inf")):
        return False
    if number == 0:
        return not literal.lower().partition("e")[0].strip("-0.")
    shortest = repr(number)
    return literal == shortest or Decimal(literal) == Decimal(shortest)


def _decode(data: bytes | str, source: str) -> str:
    if isinstance(data, str):
        return data
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        raise InvalidInput(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            where=json_places.place(before, len(before), source),
            expected="JSON text in UTF-8",
            advice="Save the file as UTF-8.",
        ) from None


def _refuse_lone_surrogates(text: str, source: str) -> None:
    position = -1
    if not text.isascii() and (found := _LONE_SURROGATE.search(text)):
        position = found.start()
    elif _SURROGATE_ESCAPE.search(text):
        position = next((escape.start() for escape in _ESCAPE.finditer(text) if escape[1]), -1)
    if position >= 0:
        raise InvalidInput(
            "a lone surrogate, which is half of a character",
            where=json_places.place(text, position, source),
            expected="both halves, such as \\ud83d\\ude00",
            advice="The text was cut in the middle of a character; write it again.",
        )


def _is_too_deep(text: str) -> bool:
    """Whether brackets outside strings are nested too deep. Asked first: the scanner recurses in C until it crashes."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    unescaped = text.replace("\\\\", "").replace('\\"', "") if "\\" in text else text
    brackets = "".join(unescaped.split('"')[::2]).encode().translate(None, _NO_BRACKETS)
    return any(depth > MAX_DEPTH for depth in accumulate(map(_DEPTH_STEP.__getitem__, brackets)))


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Fault
    return members


def _integer(literal: str) -> int | float:
    if len(literal) < 16:
        return int(literal)
    return _number(literal)


def _number(literal: str) -> int | float:
    if not is_exact(literal):
        raise _Fault
    number = float(literal)
    return int(number) if number.is_integer() and abs(number) < _EXACT_INTEGERS else number


def _constant(literal: str) -> NoReturn:
    raise _Fault


_decoders = {
    name: json.JSONDecoder(
        object_pairs_hook=pairs, parse_float=_number, parse_int=_integer, parse_constant=_constant, strict=True
    )
    for name, pairs in (("refuse", _pairs), ("last", None))
}


def _raise_syntax(error: json.JSONDecodeError, text: str, source: str) -> NoReturn:
    position = error.pos
    rest = text[position : position + 40].strip()
    unterminated = error.msg.startswith("Unterminated string")
    if not text.strip():
        message, advice = "the document is empty", "Give a JSON document."
    elif not rest or unterminated:
        message, advice = "the document ends in the middle", "It was cut off; send the whole file."
        position = len(text) if not rest else position
    else:
        message, advice = f"not JSON: {json_places.plain(error.msg)}, at {rest[:20]!r}", ""
    where = json_places.place(text, position, source)
    raise InvalidInput(message, where=where, expected="JSON", advice=advice) from None


def _raise_fault(text: str, source: str, duplicate_keys: str) -> NoReturn:
    found = json_places.first_fault(text, is_exact, duplicates=duplicate_keys == "refuse")
    where = json_places.place(text, found.position, source)
    raise InvalidInput(found.message, where=where, expected=found.expected, advice=found.advice) from None
