"""`lotmark quality hold`, `holds` and `release`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.exits import Usage
from api.cli.tables import table
from api.cli.wording import local_time
from api.names import short


@click.command("hold")
@click.argument("item")
@click.option("--reason", required=True, help="Why it must not go on.")
@click.option("--cause", default="", help="A cause code, such as cooling or supplier.")
@click.option("--incident", type=click.IntRange(1), help="The incident that it is held for.")
@pass_context
def hold(context: Context, item: str, reason: str, cause: str, incident: int | None) -> None:
    """Put a hold on ITEM. Every trace of it, and of what was made of it, shows the hold."""
    body = {"item": item, "reason": reason, "cause_code": cause, "incident": incident}
    with client(context.home, context.settings) as http:
        placed = http.request("POST", "/quality/holds", json=body).json()
    context.show(placed, [Text(f"{short(placed['item'])} is on hold.")])


@click.command("holds")
@click.option("--all", "released_too", is_flag=True, help="Also those that were released.")
@pass_context
def holds(context: Context, released_too: bool) -> None:
    """Show what is on hold."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/holds", live=None if released_too else True, limit=1000)["holds"]
    shown = table("id", "item", "since", "by", "reason", "released", unbroken=["since", "released"])
    for one in found:
        released = local_time(one["released_at"]) if one["released_at"] else ""
        since = local_time(one["placed_at"])
        shown.add_row(str(one["id"]), short(one["item"]), since, one["placed_by"], one["reason"], released)
    context.show(found, [shown if found else Text("Nothing is on hold.")], rows=found)


@click.command("release")
@click.argument("item")
@click.option("--reason", required=True, help="Why it may go on.")
@pass_context
def release(context: Context, item: str, reason: str) -> None:
    """End the hold on ITEM."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/holds", live=True, item=item)["holds"]
        if not found:
            raise Usage(f"{item} is not on hold", advice="`lotmark quality holds` shows what is.")
        released = http.request("POST", f"/quality/holds/{found[0]['id']}/release", json={"reason": reason}).json()
    context.show(released, [Text(f"{short(released['item'])} is released.")])


def hold_lines(found: dict[str, Any]) -> Iterator[Text]:
    """Of a trace or an item's quality: one line per hold, above all else."""
    asked = found["item"]["uri"]
    for one in found.get("holds", ()):
        others = [item for item in one["items"] if item != one["held_by"]]
        concerns = "" if one["held_by"] == asked else f"; concerns {', '.join(short(item) for item in others[:5])}"
        more = f" and {len(others) - 5} more" if concerns and len(others) > 5 else ""
        yield Text(
            f"ON HOLD: {short(one['held_by'])} since {local_time(one['placed_at'])}: {one['reason']}{concerns}{more}",
            style="bold red",
        )
