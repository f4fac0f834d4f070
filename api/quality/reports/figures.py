"""How figures and times are written in a report: as many digits as they deserve, and a dash where nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: what is shown for what is missing; never 0
NOTHING = "–"


def number(value: float | None, unit: str = "") -> str:
    """At most four significant digits, without an exponent where it can be read without."""
    if value is None:
        return NOTHING
    text = f"{value:,.4g}" if abs(value) < 10_000 or value != int(value) else f"{value:,.0f}"
    return f"{text} {unit}".strip()


def percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.1f} %"


def hours(seconds: float | None) -> str:
    return NOTHING if seconds is None else f"{seconds / 3600:.1f}"


def moment(time: str | None) -> str:
    """RFC 3339 as people read it, to the minute, in UTC."""
    return NOTHING if not time else f"{time[:10]} {time[11:16]}"


def spaced(text: str | None) -> str:
    return NOTHING if not text else str(text).replace("_", " ")


FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "percent": percent,
    "hours": hours,
    "moment": moment,
    "spaced": spaced,
}
