"""RFC 8785 (JSON Canonicalization Scheme) text of one JSON scalar, quickly.

Strings go through the encoder that `json` itself uses, whose escapes are those of RFC 8785 §3.2.2.2 (a property test
holds it against the `rfc8785` package); numbers that are not small integers are left to that package. Objects and
lists are not encoded here for the commitment, which has only scalars and fixed shapes of objects. `parse_canonical` is
the way back, for what arrives from others: bytes that are not the RFC 8785 form of their own content are refused.
"""

from __future__ import annotations

import json
import re
from json import encoder
from typing import Any

import rfc8785

from ledger.errors import InvalidInput

Scalar = None | bool | int | float | str

#: integers beyond are not exact as doubles, so RFC 8785 has no text for them
LARGEST_INTEGER = 2**53 - 1

#: levels of objects and lists that arriving bytes may have
DEEPEST = 64

_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[][{}]', re.DOTALL)
_STEP = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}

string_text = encoder.encode_basestring


def scalar_text(value: Scalar) -> str:
    """The RFC 8785 text of `value`; InvalidInput for what JSON cannot say exactly."""
    kind = type(value)
    if kind is str:
        return string_text(value)  # type: ignore[arg-type]
    if kind is int and -LARGEST_INTEGER <= value <= LARGEST_INTEGER:  # type: ignore[operator]
        return repr(value)
    if kind is bool:
        return "true" if value else "false"
    if value is None:
        return "null"
    return _number_text(value)


def _number_text(value: object) -> str:
    if type(value) is not float and type(value) is not int:
        raise InvalidInput(
            f"{type(value).__name__} is not a JSON value", expected="null, a boolean, a number or a string"
        )
    try:
        return rfc8785.dumps(value).decode("ascii")
    except rfc8785.CanonicalizationError as error:
        raise InvalidInput(
            f"the number {value!r} has no exact JSON form",
            expected="a finite number that is exact as a double",
            advice="write such a number as a string",
        ) from error


def parse_canonical(data: bytes) -> Any:
    """The JSON value of which `data` is the RFC 8785 form; InvalidInput for any other bytes."""
    _check_depth(data)
    try:
        value = json.loads(data.decode("utf-8"), parse_int=_integer)
        canonical = rfc8785.dumps(value)
    except (ValueError, RecursionError) as error:  # of UTF-8, JSON and RFC 8785: all are ValueErrors
        raise InvalidInput(f"not canonical JSON: {error}", expected="RFC 8785 JSON in UTF-8") from error
    if canonical != data:
        raise InvalidInput(
            "JSON, but not in its canonical form",
            where=f"byte {_first_difference(canonical, data)}",
            expected="RFC 8785: sorted members without duplicates, no spaces, shortest numbers and escapes",
        )
    return value


def _check_depth(data: bytes) -> None:
    """Before parsing: the C parser of `json` recurses, and a raised recursion limit lets it overflow the stack."""
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(data):
        depth += _STEP.get(token[0], 0)
        if depth > DEEPEST:
            raise InvalidInput("objects or lists nested too deeply", expected=f"at most {DEEPEST} levels")


def _integer(digits: str) -> int | float:
    value = float(digits)
    return int(digits) if abs(value) <= LARGEST_INTEGER else value


def _first_difference(left: bytes, right: bytes) -> int:
    for index, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return index
    return min(len(left), len(right))
