"""`lotmark trace`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.journey import journey
from api.cli.lineage import lineage
from api.cli.quality.holds import hold_lines
from api.cli.wording import counted, titled
from api.names import short


@click.command("trace")
@click.argument("item")
@click.option("--direction", type=click.Choice(["both", "backward", "forward"]), default="both", show_default=True)
@click.option("--depth", type=click.IntRange(0, 1000), help="How many steps to follow each way; else all.")
@pass_context
def command(context: Context, item: str, direction: str, depth: int | None) -> None:
    """Show where ITEM comes from and where it went, with the quality measured on its way.

    ITEM is an element string such as "(01)09521000000018(21)7", an EPC URN, a GS1 Digital Link, or any URI.
    """
    with client(context.home, context.settings) as http:
        found = http.get(f"/trace/{quote(item, safe='')}", direction=direction, depth=depth)
        names = {} if context.as_json else http.get("/pages/start.json")["names"]
    context.show(found, _texts(found, direction, names))


def _texts(found: dict[str, Any], direction: str, names: dict[str, str]) -> Iterator[RenderableType]:
    yield titled(found["item"]["uri"], names)
    yield from hold_lines(found)
    if found.get("withheld"):
        yield Text("Sealed events are withheld without an API key.", style="yellow")
    if not found["events"]:
        yield Text("No event in this ledger names it. That says nothing about whether it exists.")
        return
    yield Text(_summary(found))
    if direction != "forward":
        yield lineage(found, names, "comes from", "target", "source")
    if direction != "backward":
        yield lineage(found, names, "went into", "source", "target")
    yield Text()
    yield journey(found, names)
    for cut in found["cuts"]:
        yield Text(f"Cut at {short(cut['item'])}: more is beyond the {cut['reason']}.", style="yellow")


def _summary(found: dict[str, Any]) -> str:
    events = found["events"]
    organisations = {event["organisation"]["uri"] for event in events}
    states = {event["state"] for event in events}
    state = f"all {states.pop()}" if len(states) == 1 else "in several states"
    return (
        f"{counted(len(events), 'event')} of {counted(len(organisations), 'organisation')} "
        f"about {counted(len(found['items']), 'item')}, {state}"
    )
