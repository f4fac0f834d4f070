"""`lotmark quality`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.wording import amount, is_worth_telling, local_time, measured, short


@click.command("quality")
@click.argument("item")
@pass_context
def command(context: Context, item: str) -> None:
    """Show what was measured along ITEM's way, step by step, and the inspections of it.

    Time for which there are no readings is unknown, never within limits. Import data with `lotmark import`.
    """
    with client(context.home, context.settings) as http:
        found = http.get(f"/quality/{quote(item, safe='')}")
    context.show(found, _texts(found))


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield Text(short(found["item"]["uri"]), style="bold")
    if found.get("withheld"):
        yield Text("What belongs to sealed events is withheld without an API key.", style="yellow")
    steps = [step for step in found["steps"] if is_worth_telling(step)]
    if not steps and not found["inspections"]:
        yield Text("Nothing was measured on its way, as far as this ledger knows.")
    if steps:
        yield _steps(steps)
    if found["inspections"]:
        yield Text()
        yield _inspections(found["inspections"])


def _steps(steps: list[dict[str, Any]]) -> Table:
    table = Table("from", "to", "readings", "measured", "mean kinetic", box=None, pad_edge=False)
    for step in steps:
        mean = step["mean_kinetic_temperature"]
        first, last = (local_time(step[end]) if step[end] else "" for end in ("first", "last"))
        kinetic = "" if mean is None else amount(round(mean, 2), step["unit"])
        table.add_row(first, last, f"{step['count']:,}", measured(step), kinetic)
    return table


def _inspections(inspections: list[dict[str, Any]]) -> Table:
    table = Table("when", "inspected", "found", "by", box=None, pad_edge=False)
    for one in inspections:
        found = [] if one["value"] is None else [amount(one["value"], one["unit"])]
        if one["passed"] is not None:
            found.append("passed" if one["passed"] else "failed")
        characteristic = one["characteristic"].replace("_", " ")
        table.add_row(local_time(one["time"]), characteristic, ", ".join(found), one["inspector"])
    return table
