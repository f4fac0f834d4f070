"""The processes behind a lot: control charts and capability of what was inspected on it, beside its whole product."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from api.analysis.process_data import Selection
from api.analysis.spc import capability_in, chart_in, shown
from api.quality.join.limits import limit_keys
from ledger.errors import InvalidInput, NotFound

#: points of a chart, and inspections that make one worth drawing
_LAST, _LEAST = 60, 8


def charts_of(
    connection: Connection, item: str, lot: str | None, characteristics: Iterable[str]
) -> list[dict[str, Any]]:
    """A chart of each characteristic that has enough points, against frozen limits where there are any."""
    return _charts(connection, _selections(item, lot, characteristics))


def capabilities_of(
    connection: Connection, item: str, lot: str | None, characteristics: Iterable[str]
) -> list[dict[str, Any]]:
    """Of each characteristic that has a specification and enough values."""
    return _capabilities(connection, _selections(item, lot, characteristics))


def charts_between(
    connection: Connection, characteristics: Iterable[str], start: int, end: int
) -> list[dict[str, Any]]:
    """As `charts_of`, of everything inspected in [start, end)."""
    return _charts(connection, [Selection(name, start=start, end=end) for name in sorted(set(characteristics))])


def capabilities_between(
    connection: Connection, characteristics: Iterable[str], start: int, end: int
) -> list[dict[str, Any]]:
    """As `capabilities_of`, of everything inspected in [start, end)."""
    return _capabilities(connection, [Selection(name, start=start, end=end) for name in sorted(set(characteristics))])


def _charts(connection: Connection, wanted: Iterable[Selection]) -> list[dict[str, Any]]:
    found = []
    for each in wanted:
        try:
            made, of = chart_in(connection, each, limits="auto")
        except (InvalidInput, NotFound):  # too little, or nothing that a chart could be made of
            continue
        if len(made.points) >= _LEAST:
            found.append(shown(made, of, _LAST))
    return found


def _capabilities(connection: Connection, wanted: Iterable[Selection]) -> list[dict[str, Any]]:
    found = []
    for each in wanted:
        try:
            made = capability_in(connection, each)
        except (InvalidInput, NotFound):
            continue
        least = made[made["judged"]]
        if least is not None and made["n"] >= _LEAST:
            row = {name: made[name] for name in ("characteristic", "unit", "n", "verdict", "threshold", "method")}
            found.append(row | {"judged": made["judged"], "index": least["value"], "low": least["low"]})
    return found


def _selections(item: str, lot: str | None, characteristics: Iterable[str]) -> list[Selection]:
    """Of all that share the item's class, for a lot alone has few points, and limits are frozen for a class."""
    keys = [key for key in limit_keys(item, lot) if key]
    return [Selection(name, item=keys[-1] if keys else item) for name in sorted(set(characteristics))]
