"""`lotmark quality touched`."""

from __future__ import annotations

from typing import Any

import click

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.names import short


@click.command("touched")
@click.option("--sensor", help="The sensor of a reading, with --time and --kind.")
@click.option("--time", help="When it was read (RFC 3339).")
@click.option("--kind", "quantity_kind", help="What it measured, such as Temperature.")
@click.option("--reading", type=click.IntRange(1), help="A reading by its id.")
@click.option("--inspection", type=click.IntRange(1), help="An inspection by its id.")
@click.option("--result", type=click.IntRange(1), help="A laboratory result by its id.")
@pass_context
def command(context: Context, /, **options: Any) -> None:
    """Show what a measurement touches: what was there, and all that it went into since.

    An inspection or a laboratory result speaks for its whole lot, so it touches whatever was ever made of that.
    """
    params = {name: value for name, value in options.items() if value is not None}
    with client(context.home, context.settings) as http:
        found = http.get("/quality/touched", **params)
    shown = table("item", "through", "share", "certainty", unbroken=["share"])
    for row in found["touched"]:
        low, high = row["share_low"], row["share_high"]
        share = f"{low:.0%} to {high:.0%}" if row["share"] is None else f"{row['share']:.1%}"
        shown.add_row(short(row["item"]), row["through"], share, row["certainty"])
    context.show(found, [shown], rows=found["touched"])
