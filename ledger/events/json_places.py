"""Where the fault is in a JSON text that the scanner refused: line, column and JSON pointer (RFC 6901).

Slow and careful, for it runs only once something is wrong. It decides nothing: `strict_json` does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_PLAIN = {
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Illegal trailing comma before end of object": "a comma before the closing brace",
    "Illegal trailing comma before end of array": "a comma before the closing bracket",
    "Extra data": "more text after the end of the document",
    "Invalid control character at": "a line break or another control character within a string",
}


@dataclass(frozen=True, slots=True)
class Fault:
    position: int
    message: str
    expected: str
    advice: str


@dataclass(slots=True)
class _Level:
    """An object or a list that is open at the token under the eye."""

    is_object: bool
    keys: set[str] = field(default_factory=set)
    step: str | int = 0
    expects_key: bool = True


def place(text: str, position: int, source: str) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    prefix = f"{source}, " if source else ""
    return f"{prefix}line {line}, column {column}"


def plain(message: str) -> str:
    """The scanner's message without its jargon."""
    return _PLAIN.get(message, message[:1].lower() + message[1:])


def pointer(path: list[str | int] | tuple[str | int, ...]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def shown(text: str, limit: int = 60) -> str:
    """`text` short enough for a message."""
    return text if len(text) <= limit else f"{text[: limit - 20]}…{text[-10:]} ({len(text):,} characters)"


def first_fault(text: str, is_exact: Callable[[str], bool], *, duplicates: bool = True) -> Fault:
    """The first duplicate key (if they count), constant or inexact number; the text before is well-formed JSON."""
    levels: list[_Level] = []
    for token in _TOKEN.finditer(text):
        word = token[0]
        fault = _fault_of(word, token.start(), levels, is_exact)
        if fault and (duplicates or word[0] != '"'):
            return fault
        _follow(word, levels)
    return Fault(0, "not strict JSON", "JSON", "")


def _at(path: list[str | int]) -> str:
    return f", at {shown(pointer(path))}" if path else ""


def _follow(word: str, levels: list[_Level]) -> None:
    if word in "{[":
        levels.append(_Level(word == "{"))
    elif word in "}]":
        levels.pop()
    elif word == "," and levels:
        level = levels[-1]
        level.expects_key = True
        if isinstance(level.step, int) and not level.is_object:
            level.step += 1
    elif word[0] == '"' and levels and levels[-1].is_object and levels[-1].expects_key:
        level = levels[-1]
        level.step = json.loads(word)
        level.keys.add(str(level.step))
        level.expects_key = False


def _fault_of(word: str, position: int, levels: list[_Level], is_exact: Callable[[str], bool]) -> Fault | None:
    if word[0] == '"':
        level = levels[-1] if levels else None
        if level is None or not level.is_object or not level.expects_key or json.loads(word) not in level.keys:
            return None
        at = _at([*(above.step for above in levels[:-1]), json.loads(word)])
        return Fault(position, f"the key {shown(word)} comes twice{at}", "each key once", "Remove one of them.")
    at = _at([level.step for level in levels])
    if word in _CONSTANTS:
        return Fault(position, f"{word} is not a JSON number{at}", "a finite number", "Leave the field out.")
    if (word[0] == "-" or word[0].isdigit()) and not is_exact(word):
        return Fault(
            position,
            f"the number {shown(word)} would change: a 64-bit double cannot hold it{at}",
            "a number that a double holds exactly as written, about 15 significant digits",
            "Round it, or write it as a string.",
        )
    return None
