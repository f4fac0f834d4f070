"""`lotmark quality mass-balance`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.cli.wording import local_time
from api.names import short

_REASONS = {
    "quantity": "a quantity is missing", "unit": "a quantity is no mass", "moisture": "a moisture is missing",
    "nothing_in": "nothing went in", "no_output": "nothing came out",
}  # fmt: skip
_SHOWN = 30


@click.command("mass-balance")
@click.argument("item", required=False)
@click.option("--history-until", help="Earlier steps set the limits (RFC 3339); without: all of them.")
@pass_context
def command(context: Context, item: str | None, history_until: str | None) -> None:
    """Hold mass in against mass out: of every process, or of those that ITEM went through.

    A closure is judged by a control chart of its own process's history, not by a fixed percentage. Lots of which more
    was used than ever made are told.
    """
    with client(context.home, context.settings) as http:
        found = http.get("/quality/mass-balance", item=item, history_until=history_until)
    context.show(found, _texts(found), rows=found["chart"])


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    reasons = {one["event"]: one["reason"] for one in found["closures"]}
    signals = [one for one in found["chart"] if one["signal"]]
    yield Text(f"{len(found['chart']):,} steps, {len(signals):,} with a closure beyond its limits")
    shown = table("when", "process", "closure", "verdict", unbroken=["when"])
    ordered = sorted(found["chart"], key=lambda one: (one["signal"] is not True, one["time"]))
    for one in ordered[:_SHOWN]:
        closure = "" if one["closure"] is None else f"{one['closure']:.4f}"
        shown.add_row(local_time(one["time"]), one["process"], closure, _verdict(one, reasons[one["event"]]))
    if ordered:
        yield shown
    overdrawn = [one for one in found["lots"] if one["verdict"] == "overdrawn"]
    for one in overdrawn:
        yield Text(f"{short(one['item'])}: {one['used']:g} kg used of {one['made']:g} kg made", style="bold red")


def _verdict(one: dict[str, Any], reason: str) -> Text:
    if one["signal"] is None:
        return Text(_REASONS.get(reason, "too little history for limits"), style="yellow")
    return Text("beyond its limits", style="bold red") if one["signal"] else Text("as usual", style="green")
