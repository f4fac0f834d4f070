"""`lotmark quality incidents`, `acknowledge` and `close`: what rules found, and what people decide about it."""

from __future__ import annotations

from typing import Any

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.cli.wording import local_time
from api.names import short

_STYLES = {"critical": "bold red", "major": "red", "minor": "yellow", "warning": "yellow"}
_COLUMNS = (
    "id", "state", "severity", "kind", "rule", "item", "place", "sensor", "quantity_kind", "opened_at", "last_at",
    "count", "cleared_at", "acknowledged_by", "owner", "due_at", "cause_code", "corrective_action", "message",
)  # fmt: skip


@click.command("incidents")
@click.option("--live", is_flag=True, help="Only those whose cause goes on.")
@click.option("--item", help="Only those of this item.")
@click.option("--kind", help="Only those of this kind, such as specification or missing.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="Most to show.")
@pass_context
def incidents(context: Context, live: bool, item: str | None, kind: str | None, limit: int) -> None:
    """Show incidents, the newest first."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/incidents", live=live or None, item=item, kind=kind, limit=limit)["incidents"]
    shown = table("id", "since", "state", "severity", "what", "times", unbroken=["since"])
    for one in found:
        severity = Text(one["severity"], style=_STYLES[one["severity"]])
        state = one["state"].replace("_", ", ") + (f", {one['owner']}" if one["owner"] else "")
        shown.add_row(str(one["id"]), local_time(one["opened_at"]), state, severity, told(one), f"{one['count']:,}")
    nothing = Text("No incident." if not live else "No incident is active.")
    context.show(found, [shown if found else nothing], rows=[{name: one[name] for name in _COLUMNS} for one in found])


@click.command("acknowledge")
@click.argument("id", type=click.IntRange(1))
@click.option("--owner", help="Who sees to it.")
@click.option("--due", help="Until when; a time with its zone.")
@pass_context
def acknowledge(context: Context, id: int, owner: str | None, due: str | None) -> None:
    """Say that incident ID was seen, and who sees to it."""
    with client(context.home, context.settings) as http:
        found = http.request("POST", f"/quality/incidents/{id}/acknowledge").json()
        if owner or due:
            body = {"owner": owner, "due_at": due}
            found = http.request("POST", f"/quality/incidents/{id}/owner", json=body).json()
    context.show(found, [Text(f"Incident {id} is acknowledged{f'; {owner} sees to it' if owner else ''}.")])


@click.command("close")
@click.argument("id", type=click.IntRange(1))
@click.option("--cause", required=True, help="A cause code, such as door, sensor, cooling or false_alarm.")
@click.option("--action", required=True, help="What was done.")
@pass_context
def close(context: Context, id: int, cause: str, action: str) -> None:
    """Say why incident ID was, and what was done. If its cause goes on, the next reading opens a new one."""
    body = {"cause_code": cause, "corrective_action": action}
    with client(context.home, context.settings) as http:
        found = http.request("POST", f"/quality/incidents/{id}/close", json=body).json()
    context.show(found, [Text(f"Incident {id} is closed: {cause}.")])


def told(one: dict[str, Any]) -> str:
    """Its message, with the item as it is read by people."""
    message = str(one["message"])
    for subject in (one["item"], one["place"]):
        if subject:
            message = message.replace(subject, short(subject))
    return message
