"""`lotmark key`."""

from __future__ import annotations

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.cli.wording import local_time


@click.group("key")
def command() -> None:
    """List, add and revoke API keys."""


@command.command("list")
@pass_context
def list_(context: Context) -> None:
    """Show the API keys that were made, never the keys themselves."""
    with client(context.home, context.settings) as http:
        found = http.get("/keys")
    shown = table("id", "scope", "organisation", "made", "revoked", "note")
    for one in found:
        organisation = one["organisation"] or "any"
        made, revoked = (local_time(one[when]) if one[when] else "" for when in ("created_at", "revoked_at"))
        shown.add_row(one["id"], one["scope"], organisation, made, revoked, one["note"])
    context.show(found, [shown if found else Text("No API key yet. Add one with `lotmark key add`.")])


@command.command("add")
@click.option("--scope", type=click.Choice(["read", "write"]), default="read", show_default=True)
@click.option("--org", "organisation", help="The one organisation for which it may capture.")
@click.option("--note", default="", help="What it is for.")
@pass_context
def add(context: Context, scope: str, organisation: str | None, note: str) -> None:
    """Make an API key. It is shown once."""
    body = {"scope": scope, "organisation": organisation, "note": note}
    with client(context.home, context.settings) as http:
        made = http.request("POST", "/keys", json=body).json()
    context.say("This key is shown once; keep it safe.")
    context.show(made, [Text(made["key"])])


@command.command("revoke")
@click.argument("id")
@pass_context
def revoke(context: Context, id: str) -> None:
    """End the API key ID at once."""
    with client(context.home, context.settings) as http:
        http.request("DELETE", f"/keys/{id}")
    context.show({"revoked": id}, [Text(f"Revoked {id}.")])
