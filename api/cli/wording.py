"""How identifiers, times and measurements read on a terminal."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from ledger.errors import InvalidInput
from ledger.events import parse_offset
from ledger.identifiers import parse_item

_UNITS = {"CEL": "°C", "FAH": "°F", "KEL": "K", "P1": "%"}


def short(uri: str) -> str:
    """A GS1 identifier as its element string, any other as it is."""
    if not uri:
        return ""
    try:
        return parse_item(uri).element_string
    except InvalidInput:
        return uri


def local_time(time: str, offset: str) -> str:
    """The wall clock where it happened, with its offset from UTC."""
    zone = timezone(timedelta(minutes=parse_offset(offset)))
    return datetime.fromisoformat(time).astimezone(zone).strftime("%Y-%m-%d %H:%M ") + offset


def measured(step: dict[str, Any]) -> str:
    """One quantity of one step in a line."""
    unit = _UNITS.get(step["unit"], step["unit"])
    words = f"{step['quantity_kind']} {step['minimum']:g} to {step['maximum']:g} {unit}"
    if step["seconds_outside"]:
        words += f", {_hours(step['seconds_outside'])} outside limits"
    if step["seconds_unknown"]:
        words += f", {_hours(step['seconds_unknown'])} unknown"
    return words


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 5400 else f"{seconds / 60:.0f} min"
