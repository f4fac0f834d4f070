"""`lotmark org`."""

from __future__ import annotations

from typing import Any

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table


@click.group("org")
def command() -> None:
    """List and add organisations."""


@command.command("list")
@pass_context
def list_(context: Context) -> None:
    """Show the organisations that this home knows."""
    with client(context.home, context.settings) as http:
        found = http.get("/organisations")
    shown = table("name", "URI", "prefixes", "policy", "signs here")
    for one in found:
        prefixes = ", ".join(one["company_prefixes"])
        shown.add_row(one["name"], one["uri"], prefixes, one["policy"], "yes" if one["custodial"] else "no")
    context.show(found, [shown if found else Text("No organisation yet. Add one with `lotmark org add`.")])


@command.command("add")
@click.argument("uri")
@click.argument("name")
@click.option("--prefix", "prefixes", multiple=True, help="A GS1 company prefix of it; may be repeated.")
@click.option("--policy", type=click.Choice(["sealed", "open"]), default="sealed", show_default=True)
@pass_context
def add(context: Context, uri: str, name: str, prefixes: tuple[str, ...], policy: str) -> None:
    """Add an organisation with a key, and register it on the chain.

    URI names it for ever, such as the Digital Link of its PGLN; NAME is for people. The key is made in this home.
    """
    body: dict[str, Any] = {"uri": uri, "name": name, "company_prefixes": list(prefixes), "policy": policy}
    with client(context.home, context.settings) as http:
        made = http.request("POST", "/organisations", json=body).json()
    context.show(made, [Text(f"Added {made['name']} ({made['uri']}).")])
