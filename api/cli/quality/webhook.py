"""`lotmark quality webhook`: who is told of incidents and holds."""

from __future__ import annotations

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table


@click.group("webhook")
def command() -> None:
    """List, add and remove the URLs that are told of incidents and holds."""


@command.command("list")
@pass_context
def list_(context: Context) -> None:
    """Show all webhooks, and what they have not taken yet."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/webhooks")
    shown = table("id", "url", "waiting", "given up", "last error")
    for one in found:
        shown.add_row(str(one["id"]), one["url"], f"{one['waiting']:,}", f"{one['dropped']:,}", one["last_error"] or "")
    context.show(found, [shown if found else Text("No webhook yet.")], rows=found)


@command.command("add")
@click.argument("url")
@pass_context
def add(context: Context, url: str) -> None:
    """Tell URL of incidents and holds from now on. The secret that signs what is sent is shown once."""
    with client(context.home, context.settings) as http:
        made = http.request("POST", "/quality/webhooks", json={"url": url}).json()
    context.say("This secret is shown once; give it to the receiver.")
    context.show(made, [Text(made["secret"])])


@command.command("remove")
@click.argument("id", type=click.IntRange(1))
@pass_context
def remove(context: Context, id: int) -> None:
    """Remove the webhook ID, and what it has not taken yet."""
    with client(context.home, context.settings) as http:
        http.request("DELETE", f"/quality/webhooks/{id}")
    context.show({"removed": id}, [Text(f"Webhook {id} is removed.")])
