"""Shapes: what a JSON value must look like, said as data and checked by a tiny evaluator.

A shape is a function from a value to its problems, none if it fits. Shapes are made of shapes: the tables in `fields`,
`event_types` and `envelope` read like the standard, and every problem finds its own JSON pointer on the way out. EPCIS
itself is not known here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from typing import TypeAlias

from ledger.errors import InvalidInput, Problem
from ledger.events.formats import is_uri
from ledger.events.json_places import pointer, shown
from ledger.events.moment import parse_time
from ledger.events.strict_json import Json

Shape: TypeAlias = Callable[[Json], Sequence[Problem]]
Test: TypeAlias = Callable[[dict[str, Json]], bool]

MOST_PROBLEMS = 100
"""After so many a document is broken as a whole, and more would not help anyone."""

FINE: tuple[Problem, ...] = ()
EXPECTED_URI = "an absolute URI, such as https://id.gs1.org/01/09506000134352 or urn:example:7"
_KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}


class Others(Enum):
    """Fields that an object may have beside those of its table."""

    NONE = "none"
    EXTENSIONS = "named by an absolute or a compact URI, such as example:colour"
    ANY = "any"


def found(value: Json) -> str:
    """`value` as a message shows it."""
    return shown(json.dumps(value, ensure_ascii=False))


def kind_of(value: Json) -> str:
    return _KINDS.get(type(value), "a number")


def under(step: str | int, problems: Sequence[Problem]) -> list[Problem]:
    """The problems of a part, seen from the whole."""
    prefix = pointer([step])
    return [Problem(p.message, prefix + p.where, p.expected, p.advice) for p in problems]


def anything(value: Json) -> Sequence[Problem]:
    return FINE


def text(value: Json) -> Sequence[Problem]:
    return FINE if isinstance(value, str) else _unlike(value, "text")


def number(value: Json) -> Sequence[Problem]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return FINE
    advice = "Write the number without quotes." if isinstance(value, str) else ""
    return [Problem(f"{found(value)} is {kind_of(value)}, not a number", "", "a number, such as 12.5", advice)]


def boolean(value: Json) -> Sequence[Problem]:
    return FINE if isinstance(value, bool) else _unlike(value, "true or false")


def uri(value: Json) -> Sequence[Problem]:
    if not isinstance(value, str):
        return _unlike(value, EXPECTED_URI)
    return FINE if is_uri(value) else [Problem(f"{found(value)} is not an absolute URI", "", EXPECTED_URI)]


def time(value: Json) -> Sequence[Problem]:
    if not isinstance(value, str):
        return _unlike(value, "a date and time as text, such as 2026-03-01T08:15:00+01:00")
    try:
        parse_time(value)
    except InvalidInput as error:
        return error.problems
    return FINE


def matching(pattern: str, expected: str) -> Shape:
    """Text that the regular expression matches whole."""
    matches = re.compile(pattern).fullmatch

    def check(value: Json) -> Sequence[Problem]:
        if isinstance(value, str) and matches(value):
            return FINE
        return [Problem(f"{found(value)} does not fit", "", expected)]

    return check


def word(words: Collection[str]) -> Shape:
    """One of a few words."""
    expected = " or ".join(sorted(words))

    def check(value: Json) -> Sequence[Problem]:
        if isinstance(value, str) and value in words:
            return FINE
        return [Problem(f"{found(value)} is not possible here", "", expected, did_you_mean(value, words))]

    return check


def word_or_uri(words: Collection[str], what: str, refused: tuple[str, ...]) -> Shape:
    """A standard word written bare, or a URI of one's own; not a standard word in another spelling."""
    expected = f"a standard word for {what}, such as {min(words)}, or an absolute URI of your own"

    def check(value: Json) -> Sequence[Problem]:
        if isinstance(value, str):
            if value in words:
                return FINE
            if is_uri(value):
                if not value.startswith(refused):
                    return FINE
                advice = "Write the standard's bare word."
                return [Problem(f"{found(value)} is not how JSON writes a standard value", "", expected, advice)]
        return [Problem(f"{found(value)} is not a {what}", "", expected, did_you_mean(value, words))]

    return check


def list_of(item: Shape, *, at_least: int = 0, unique: bool = False) -> Shape:
    def check(value: Json) -> Sequence[Problem]:
        if not isinstance(value, list):
            return _unlike(value, "a list")
        if len(value) < at_least:
            return [Problem("the list is empty", "", f"at least {at_least}")]
        problems: list[Problem] = []
        for index, part in enumerate(value):
            if flaws := item(part):
                problems += under(index, flaws)
                if len(problems) >= MOST_PROBLEMS:
                    return problems
        if unique and not problems:
            return _repeated(value)
        return problems

    return check


def record(fields: Mapping[str, Shape], *, required: Collection[str] = (), others: Others = Others.NONE) -> Shape:
    """An object of these fields."""
    needed = frozenset(required)

    def check(value: Json) -> Sequence[Problem]:
        if not isinstance(value, dict):
            return _unlike(value, "an object")
        problems = [] if value.keys() >= needed else [missing(name) for name in required if name not in value]
        for name, part in value.items():
            shape = fields.get(name)
            flaws = shape(part) if shape else _other(name, fields, others)
            if flaws:
                problems += under(name, flaws)
        return problems

    return check


def either(by_kind: Mapping[type, Shape], expected: str) -> Shape:
    """The shape that belongs to the value's kind."""

    def check(value: Json) -> Sequence[Problem]:
        shape = by_kind.get(type(value))
        return shape(value) if shape else _unlike(value, expected)

    return check


def both(first: Shape, *rules: Shape) -> Shape:
    """The first shape and, for objects, the rules about their fields together."""

    def check(value: Json) -> Sequence[Problem]:
        problems = first(value)
        if isinstance(value, dict):
            for rule in rules:
                if flaws := rule(value):
                    problems = [*problems, *flaws]
        return problems

    return check


def rule(test: Test, message: str, expected: str, advice: str = "") -> Shape:
    broken = (Problem(message, "", expected, advice),)
    return lambda value: FINE if test(value) else broken


def missing(name: str) -> Problem:
    return Problem(f"the required field {name} is missing")


def did_you_mean(value: Json, words: Collection[str]) -> str:
    close = get_close_matches(value, words, 1) if isinstance(value, str) and len(value) < 100 else []
    lower = [each for each in words if isinstance(value, str) and each.lower() == value.lower()]
    return f"Did you mean {(lower or close)[0]}?" if lower or close else ""


def _other(name: str, fields: Mapping[str, Shape], others: Others) -> Sequence[Problem]:
    if others is Others.ANY or (others is Others.EXTENSIONS and is_uri(name)):
        return FINE
    expected = "only the standard's fields here"
    if others is Others.EXTENSIONS:
        expected = f"a field of the standard, or an extension {others.value}"
    return [Problem(f"unknown field {shown(name)}", "", expected, did_you_mean(name, fields))]


def _repeated(values: list[Json]) -> Sequence[Problem]:
    keys = values if all(isinstance(each, str) for each in values) else [json.dumps(v, sort_keys=True) for v in values]
    if len(set(keys)) == len(keys):
        return FINE
    twice = next(index for index, key in enumerate(keys) if key in keys[:index])
    return under(twice, [Problem(f"{found(values[twice])} comes twice", "", "each only once", "Remove one of them.")])


def _unlike(value: Json, expected: str) -> list[Problem]:
    return [Problem(f"{found(value)} is {kind_of(value)}", "", expected)]
