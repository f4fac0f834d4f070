"""`lotmark quality model list`."""

from __future__ import annotations

from typing import Any

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.cli.wording import local_time


@click.command("list")
@pass_context
def command(context: Context) -> None:
    """Show the models whose cards are registered here, and how far the events that record them are on the chain."""
    with client(context.home, context.settings) as http:
        found: list[dict[str, Any]] = http.get("/quality/models")
    shown = table("model", "predicts", "registered", "on the chain", "card", unbroken=["registered"])
    for one in found:
        states = sorted({record["state"] for record in one["records"]}) or ["no event"]
        title = f"{one['name']} {one['version']}"
        shown.add_row(title, one["target"], local_time(one["registered_at"]), ", ".join(states), one["sha256"])
    context.show(found, [shown if found else Text("No model is registered yet.")], rows=found)
