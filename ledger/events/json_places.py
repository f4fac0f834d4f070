"""Where the fault is in a JSON text that the scanner refused: line, column and JSON pointer (RFC 6901).

Slow and careful, for it runs only once something is wrong. It decides nothing: `strict_json` does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
_ADVICE_ON_TWO = "Remove one of them, or say that the last one counts (--duplicate-keys last)."
_PUNCTUATION = frozenset("{}[],:")
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
    """An object or a list that is open at the token under the eye; `step` is the key or index it has come to."""

    is_object: bool
    expects_key: bool
    step: str | int = 0
    keys: set[str] = field(default_factory=set)

    def takes(self, key: str) -> bool:
        """Go to `key`; whether it is new."""
        is_new = key not in self.keys
        self.keys.add(key)
        self.step = key
        self.expects_key = False
        return is_new

    def go_on(self) -> None:
        """To what comes after a comma."""
        self.expects_key = self.is_object
        if isinstance(self.step, int):
            self.step += 1


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
        if word[0] == '"':
            level = levels[-1] if levels else None
            if level and level.expects_key and not level.takes(_unquoted(word)) and duplicates:
                at = _at(levels)
                return Fault(token.start(), f"the key {shown(word)} comes twice{at}", "each key once", _ADVICE_ON_TWO)
        elif word in _PUNCTUATION:
            _follow(word, levels)
        elif fault := _scalar_fault(word, token.start(), levels, is_exact):
            return fault
    return Fault(0, "not strict JSON", "JSON", "")


def _unquoted(word: str) -> str:
    return str(json.loads(word)) if "\\" in word else word[1:-1]


def _at(levels: list[_Level]) -> str:
    return f", at {shown(pointer([level.step for level in levels]))}" if levels else ""


def _follow(word: str, levels: list[_Level]) -> None:
    if word in "{[":
        levels.append(_Level(word == "{", expects_key=word == "{"))
    elif word in "}]":
        levels.pop()
    elif word == ",":
        levels[-1].go_on()


def _scalar_fault(word: str, position: int, levels: list[_Level], is_exact: Callable[[str], bool]) -> Fault | None:
    if word in _CONSTANTS:
        return Fault(position, f"{word} is not a JSON number{_at(levels)}", "a finite number", "Leave the field out.")
    if (word[0] == "-" or word[0].isdigit()) and not is_exact(word):
        return Fault(
            position,
            f"the number {shown(word)} would change: a 64-bit double cannot hold it{_at(levels)}",
            "a number that a double holds exactly as written, about 15 significant digits",
            "Round it, or write it as a string.",
        )
    return None
