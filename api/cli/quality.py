"""`lotmark quality`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import click
from rich.table import Table
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.wording import local_time, measured, short


@click.command("quality")
@click.argument("item")
@pass_context
def command(context: Context, item: str) -> None:
    """Show what was measured along ITEM's way, step by step, and the inspections of it.

    Time for which there are no readings is unknown, never within limits. Import data with `lotmark import`.
    """
    with client(context.home, context.settings) as http:
        found = http.get(f"/quality/{quote(item, safe='')}")
    head = Text(short(found["item"]["uri"]), style="bold")
    if not found["steps"] and not found["inspections"]:
        context.show(found, head, Text("Nothing was measured on its way, as far as this ledger knows."))
        return
    context.show(found, head, _steps(found["steps"]), _inspections(found["inspections"]))


def _steps(steps: list[dict[str, Any]]) -> Table:
    table = Table("from", "to", "readings", "measured", "mean kinetic", box=None, pad_edge=False)
    for step in steps:
        mean = step["mean_kinetic_temperature"]
        first, last = (local_time(step[end], "+00:00") if step[end] else "" for end in ("first", "last"))
        table.add_row(first, last, f"{step['count']:,}", measured(step), "" if mean is None else f"{mean:.2f}")
    return table


def _inspections(inspections: list[dict[str, Any]]) -> Table:
    table = Table("when", "inspected", "found", "by", box=None, pad_edge=False)
    for one in inspections:
        value = None if one["value"] is None else f"{one['value']:g} {one['unit'] or ''}"
        found = value or ("passed" if one["passed"] else "failed")
        table.add_row(local_time(one["time"], "+00:00"), one["characteristic"], found, one["inspector"])
    return table
