"""What a message may hold: a JSON object, or an array of them, with exactly the fields of a reading.

    {"time": "2026-06-01T06:00:00Z", "sensor": "reefer-7", "item": "(01)09521000010017(10)H26-114",
     "quantity_kind": "Temperature", "value": 3.4, "unit": "CEL"}

`place` may stand in place of `item`. Anything else is refused whole, with the reason: a message is stored or it is not.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from api.quality.intake.fields import identifier, kind, one_line, unit
from api.quality.kinds import KINDS
from api.quality.units import compatible
from ledger.errors import InvalidInput
from ledger.events import parse_json, parse_time

MOST_BYTES = 256 * 1024
MOST_READINGS = 2_000
#: a reading's clock may be so far ahead of ours, in microseconds
_AHEAD = 3_600_000_000
_NAMES = frozenset({"time", "sensor", "item", "place", "quantity_kind", "value", "unit"})
_TEXTS = ("time", "sensor", "quantity_kind", "unit")


def read_payload(payload: bytes, now: int) -> list[dict[str, Any]]:
    """Rows of the table `reading`. Raises InvalidInput for the first thing that is wrong."""
    if len(payload) > MOST_BYTES:
        raise InvalidInput(f"a message of {len(payload):,} bytes", expected=f"at most {MOST_BYTES:,}")
    value = parse_json(payload)
    readings = value if isinstance(value, list) else [value]
    if not 0 < len(readings) <= MOST_READINGS:
        raise InvalidInput(f"{len(readings):,} readings", expected=f"1 to {MOST_READINGS:,} in a message")
    return [_row(each, f"reading {number}", now) for number, each in enumerate(readings)]


def _row(value: Any, where: str, now: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(f"{type(value).__name__} is no reading", where=where, expected="a JSON object")
    unknown = value.keys() - _NAMES
    if unknown:
        raise InvalidInput(f"unknown field {min(unknown)!r}", where=where, expected=", ".join(sorted(_NAMES)))
    for name in _TEXTS:
        if not isinstance(value.get(name), str):
            raise InvalidInput("is no text", where=f"{where} /{name}", expected="a text")
    item, place = value.get("item"), value.get("place")
    if (item is None) == (place is None):
        raise InvalidInput("both or neither of item and place", where=where, expected="exactly one of them")
    try:
        time = parse_time(value["time"])
        _fits(value["quantity_kind"], value["unit"])
        row = {"sensor": _sensor(value["sensor"]), "item": _subject(item), "place": _subject(place)}
    except InvalidInput as error:
        raise InvalidInput(error.problem.message, where=where, expected=error.problem.expected) from error
    if time > now + _AHEAD:
        raise InvalidInput(f"{value['time']} has not come yet", where=where, expected="a sensor whose clock is right")
    named = {name: value[name] for name in ("quantity_kind", "unit")}
    return {"time": time, **row, **named, "value": _number(value.get("value"), where)}


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput("is no number", where=f"{where} /value", expected="a finite number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidInput("is not finite", where=f"{where} /value", expected="a finite number")
    return number


def _subject(text: Any) -> str | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise InvalidInput(f"{type(text).__name__} is no identifier", expected="a text")
    return _identifier(text)


@lru_cache(maxsize=10_000)
def _identifier(text: str) -> str:
    return identifier(text)


@lru_cache(maxsize=10_000)
def _sensor(text: str) -> str:
    if not text or len(text) > 500:
        raise InvalidInput("is no sensor's name", expected="1 to 500 characters")
    return one_line(text)


@lru_cache(maxsize=1_000)
def _fits(quantity_kind: str, code: str) -> None:
    reference = KINDS.get(kind(quantity_kind), "")
    if not compatible(unit(code), reference or code):
        raise InvalidInput(f"{quantity_kind} cannot be in {code}", expected=f"a unit such as {reference}")
