"""`lotmark quality suppliers`."""

from __future__ import annotations

from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.quality.figures import during, percent
from api.cli.tables import table


@click.command("suppliers")
@during
@pass_context
def command(context: Context, /, **options: Any) -> None:
    """Show scorecards with intervals, and which suppliers cannot be told apart. There is no rank."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/suppliers", **options)
    shown = table("supplier", "measure", "of", "counted", "from", "to", "usual", "group")
    for row in found["shares"]:
        if row["trials"]:
            shares = (percent(row[name]) for name in ("value", "low", "high", "usual"))
            shown.add_row(
                row["supplier"], row["measure"].replace("_", " "), f"{row['trials']:,}", *shares, row["group"]
            )
    texts: list[RenderableType] = [
        shown,
        Text("Suppliers that share a letter in `group` cannot be told apart by these data."),
    ]
    nothing = Text("No production run names a supplier.")
    context.show(found, texts if found["shares"] else [nothing], rows=found["shares"])
