"""How identifiers, times and measurements read on a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from rich.text import Text

from api.names import called, short
from api.unit_signs import sign
from ledger.events import parse_offset

_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_STYLES = {"outside": "bold red", "unknown": "yellow", "in_range": "green"}


def counted(count: int, noun: str) -> str:
    """`1 event`, `2,000 events`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def titled(uri: str, names: dict[str, str]) -> Text:
    """What an answer is about, as its first line."""
    name = called(uri, names)
    return Text.assemble((short(uri), "bold"), (f"  {name}" if name else "", "cyan"))


def local_time(time: str, offset: str = "+00:00") -> str:
    """The wall clock where it happened, with its offset from UTC."""
    zone = timezone(timedelta(minutes=parse_offset(offset)))
    written = datetime.fromisoformat(time).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return f"{written}Z" if offset == "+00:00" else f"{written} {offset}"


def amount(value: float, unit: str | None) -> str:
    return f"{value:g} {sign(unit)}".rstrip()


def is_worth_telling(step: dict[str, Any]) -> bool:
    """Something was measured, or should have been."""
    return bool(step["count"]) or (step["verdict"] == "unknown" and bool(step["seconds_unknown"]))


def measured(step: dict[str, Any]) -> Text:
    """One quantity of one step in a line."""
    text = Text(step["quantity_kind"])
    if step["count"]:
        low, high = step["minimum"], step["maximum"]
        extremes = amount(high, step["unit"]) if low == high else f"{low:g} to {amount(high, step['unit'])}"
        text.append(f" {extremes}")
    verdict = _verdict(step)
    if verdict:
        text.append(f"{',' if step['count'] else ''} {verdict}", style=_STYLES.get(step["verdict"], ""))
    return text


def _verdict(step: dict[str, Any]) -> str:
    if step["verdict"] == "no_limit":
        return ""
    words = []
    if step["verdict"] == "outside":
        lasting = f" for {_duration(step['seconds_outside'])}" if step["seconds_outside"] else ""
        words.append(f"outside {_limits(step)}{lasting}")
    if step["seconds_unknown"] and step["verdict"] != "in_range":
        words.append(f"unknown for {_duration(step['seconds_unknown'])}")
    return ", ".join(words) or step["verdict"].replace("_", " ")


def _limits(step: dict[str, Any]) -> str:
    low, high, unit = step["low"], step["high"], step["unit"]
    if low is None:
        return f"≤ {amount(high, unit)}"
    return f"≥ {amount(low, unit)}" if high is None else f"{low:g} to {amount(high, unit)}"


def _duration(seconds: float) -> str:
    if seconds >= 2 * 86400:
        return f"{seconds / 86400:.1f} d"
    return f"{seconds / 3600:.1f} h" if seconds >= 5400 else f"{seconds / 60:.0f} min"


def attributes_line(attributes: Sequence[Mapping[str, Any]]) -> str:
    """What was said of an item when it began, in one line; camel case as words."""
    said = ((_CAPITAL.sub(" ", one["attribute"]).lower(), one["text"]) for one in attributes)
    return "; ".join(f"{name} {text}" for name, text in said)
