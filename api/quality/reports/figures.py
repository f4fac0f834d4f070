"""How figures and times are written in a report: as many digits as they deserve, and a dash where nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from api.quality.reports.words import Words
from api.unit_signs import sign

#: what is shown for what is missing; never 0
NOTHING = "–"


def number(value: float | None, unit: str = "") -> str:
    """At most four significant digits, without an exponent where it can be read without."""
    if value is None:
        return NOTHING
    text = f"{value:,.4g}" if abs(value) < 10_000 or value != int(value) else f"{value:,.0f}"
    return f"{text} {sign(unit)}".strip()


def percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.1f} %"


def hours(seconds: float | None) -> str:
    return NOTHING if seconds is None else f"{seconds / 3600:.1f}"


def moment(time: str | None) -> str:
    """RFC 3339 as people read it, to the minute, in UTC."""
    return NOTHING if not time else f"{time[:10]} {time[11:16]}"


def spaced(text: str | None) -> str:
    return NOTHING if not text else str(text).replace("_", " ")


def breakable(identifier: str | None) -> Markup:
    """An element string that may go on in the next line behind a bracket, never within a number."""
    return escape(identifier or "").replace(")", Markup(")<wbr>"))


def signal(found: Mapping[str, Any], words: Words) -> str:
    """What a signal says, put together from its fields in the language of the report."""
    facts, subject = found["facts"], spaced(found["subject"])
    told = _TOLD.get(found["kind"])
    text = told(facts, words) if told else words(_KINDS[found["kind"]])
    from_ancestor = f" ({words('in what it is made of')})" if facts.get("inherited") else ""
    return f"{subject}: {text}{from_ancestor}" if found["subject"] else f"{text}{from_ancestor}"


def _excursion(facts: Mapping[str, Any], words: Words) -> str:
    above = facts["high"] is not None and facts["maximum"] is not None and facts["maximum"] > facts["high"]
    value, limit = (facts["maximum"], facts["high"]) if above else (facts["minimum"], facts["low"])
    lasting = f", {hours(facts['seconds_outside'])} {words('hours')}" if facts["seconds_outside"] else ""
    return f"{number(value, facts['unit'])}, {words('above' if above else 'below')} {number(limit)}{lasting}"


def _residue(facts: Mapping[str, Any], words: Words) -> str:
    bound = facts["low"] if facts["high"] is None else facts["high"]
    return f"{number(facts['value'], facts['unit'])} ± {number(facts['expanded'])}, {words('limit')} {number(bound)}"


def _failed(facts: Mapping[str, Any], words: Words) -> str:
    return f"{words('failed')} {'' if facts['value'] is None else number(facts['value'], facts['unit'])}".strip()


def _capability(facts: Mapping[str, Any], words: Words) -> str:
    index = f"{facts['judged'].capitalize()} {facts['index']:.2f}"
    return f"{index}, {words('lower bound')} {facts['low']:.2f}, {words('limit')} {facts['threshold']:g}"


_TOLD: dict[str, Callable[[Mapping[str, Any], Words], str]] = {
    "excursion": _excursion,
    "residue": _residue,
    "inspection": _failed,
    "spc": lambda facts, words: f"{words('points signal')}: {facts['points']}",
    "capability": _capability,
    "mass_balance": lambda facts, words: f"{words('mass closure')} {percent(facts['closure'])}",
    "missing": lambda facts, words: f"{percent(1 - facts['known'])} {words('of the time nobody knows')}",
}
_KINDS = {"hold": "on hold"}

FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "percent": percent,
    "hours": hours,
    "moment": moment,
    "spaced": spaced,
    "signal": signal,
    "breakable": breakable,
    "sign": sign,
}
