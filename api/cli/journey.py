"""A trace's events on the terminal in the order of time: where, by whom, and what was measured."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from rich.table import Table
from rich.text import Text

from api.cli.about import about
from api.cli.tables import table
from api.cli.wording import is_worth_telling, local_time, measured
from api.names import short

_SEVERITY = ("outside", "unknown", "in_range", "no_limit")


def journey(found: dict[str, Any], names: dict[str, str]) -> Table:
    steps: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for step in found["quality"]:
        steps[step["commitment"]].append(step)
    is_uniform = len({event["state"] for event in found["events"]}) == 1
    traced, items = found["item"]["uri"], {item["uri"] for item in found["items"]}
    shown = table("when", "what", "where, by whom, measured", unbroken=["when"])
    for event in sorted(found["events"], key=lambda one: str(one["event_time"])):
        where = event["biz_location"] or event["read_point"] or ""
        claim = _claim(event, names.get(where) or short(where), is_uniform)
        details = Text("\n").join([claim, *_worst(steps[event["commitment"]])])
        what = Text("\n").join(text for text in (_what(event), about(event, traced, items)) if text)
        shown.add_row(local_time(event["event_time"], event["event_time_zone_offset"]), what, details)
    return shown


def _what(event: dict[str, Any]) -> Text:
    step = (event["biz_step"] or event["type"]).rsplit("/", 1)[-1].replace("_", " ")
    text = Text(step)
    if event["corrected_by"]:
        text.append(" (declared wrong)", style="bold red")
    if event["is_error_declaration"]:
        text.append(" (declares an error)", style="yellow")
    if event["conflicts_with"]:
        text.append(" (conflicts with another of this ID)", style="bold red")
    return text


def _claim(event: dict[str, Any], place: str, is_uniform: bool) -> Text:
    words = [place, event["organisation"]["name"], "" if is_uniform else event["state"]]
    return Text(" · ".join(word for word in words if word))


def _worst(steps: list[dict[str, Any]]) -> list[Text]:
    """One line a quantity: the step of the item that fared worst."""
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for step in steps:
        if is_worth_telling(step):
            by_kind[step["quantity_kind"]].append(step)
    return [measured(min(of_kind, key=_severity)) for of_kind in by_kind.values()]


def _severity(step: dict[str, Any]) -> tuple[int, float]:
    return _SEVERITY.index(step["verdict"]), -step["seconds_outside"] - (step["seconds_unknown"] or 0)
