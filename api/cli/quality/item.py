"""`lotmark quality item`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from api.cli.client import Client, client
from api.cli.context import Context, pass_context
from api.cli.quality.holds import hold_lines
from api.cli.tables import table
from api.cli.wording import amount, attributes_line, is_worth_telling, local_time, measured, titled
from ledger.identifiers import parse_item

#: containers within containers that an item's quality is looked for in
_NESTED = 4
#: inspections of one characteristic beyond which they are summed up
_MANY = 5


@click.command("item")
@click.argument("item")
@pass_context
def command(context: Context, item: str) -> None:
    """Show what was measured along ITEM's way, step by step, and the inspections of it.

    Time for which there are no readings is unknown, never within limits. Import data with `lotmark import`.
    """
    with client(context.home, context.settings) as http:
        found = http.get(f"/quality/{quote(item, safe='')}")
        names = {} if context.as_json else http.get("/pages/start.json")["names"]
        events = _events(http, item) if found["steps"] and not context.as_json else []
    context.show(found, _texts(found, names, events))


def _events(http: Client, item: str) -> list[dict[str, Any]]:
    """Of its way on from where it began."""
    found = http.get(f"/trace/{quote(item, safe='')}", direction="forward", depth=_NESTED, quality=False)
    return list(found["events"])


def _said(item: str, events: list[dict[str, Any]]) -> str:
    """What the events in which it, or its lot, began say of it."""
    from api.analysis.lot.attributes import said_of

    parsed = parse_item(item)
    standing = [event for event in events if not event["is_error_declaration"] and not event["corrected_by"]]
    bodies = ((event["commitment"], event["body"]) for event in standing)
    return attributes_line(said_of([one for one in (parsed.uri, parsed.lot) if one], bodies))


def _texts(found: dict[str, Any], names: dict[str, str], events: list[dict[str, Any]]) -> Iterator[RenderableType]:
    offsets = {event["commitment"]: event["event_time_zone_offset"] for event in events}
    yield titled(found["item"]["uri"], names)
    if said := _said(found["item"]["uri"], events):
        yield Text(said)
    yield from hold_lines(found)
    if found.get("withheld"):
        yield Text("What belongs to sealed events is withheld without an API key.", style="yellow")
    steps = [step for step in found["steps"] if is_worth_telling(step)]
    if not steps and not found["inspections"]:
        yield Text("Nothing was measured on its way, as far as this ledger knows.")
    if steps:
        yield _steps(steps, offsets)
    if found["inspections"]:
        yield Text()
        yield _inspections(found["inspections"])


def _steps(steps: list[dict[str, Any]], offsets: dict[str, str]) -> Table:
    shown = table("from", "to", "readings", "measured", "mean kinetic", unbroken=["from", "to"])
    for step in steps:
        mean, offset = step["mean_kinetic_temperature"], offsets.get(step["commitment"], "+00:00")
        ends = (step["start"] or step["first"], step["end"] or step["last"])
        start, end = (local_time(time, offset) if time else "" for time in ends)
        kinetic = "" if mean is None else amount(round(mean, 2), step["unit"])
        shown.add_row(start, end.removesuffix(f" {offset}"), f"{step['count']:,}", measured(step), kinetic)
    return shown


def _inspections(inspections: list[dict[str, Any]]) -> Table:
    """One by one; of a characteristic with many, how many and from where to where."""
    shown = table("when", "inspected", "found", "by", unbroken=["when"])
    many = {name for name, count in Counter(one["characteristic"] for one in inspections).items() if count > _MANY}
    for one in inspections:
        if one["characteristic"] not in many:
            shown.add_row(
                local_time(one["time"]), one["characteristic"].replace("_", " "), _found(one), one["inspector"]
            )
    for name in sorted(many):
        shown.add_row(*_summary([one for one in inspections if one["characteristic"] == name]))
    return shown


def _found(one: dict[str, Any]) -> str:
    found = [] if one["value"] is None else [amount(one["value"], one["unit"])]
    return ", ".join([*found, *([] if one["passed"] is None else ["passed" if one["passed"] else "failed"])])


def _summary(same: list[dict[str, Any]]) -> tuple[str, str, str, str]:
    values, failed = [one for one in same if one["value"] is not None], sum(one["passed"] is False for one in same)
    low, high = (choose(values, key=lambda one: one["value"], default=None) for choose in (min, max))
    span = f", {low['value']:g} to {amount(high['value'], high['unit'])}" if low and high else ""
    inspectors = ", ".join(sorted({one["inspector"] for one in same}))
    name = same[0]["characteristic"].replace("_", " ")
    return (
        local_time(same[0]["time"]),
        name,
        f"{len(same)} times{span}{f', {failed} failed' if failed else ''}",
        inspectors,
    )
