"""`lotmark status`."""

from __future__ import annotations

from typing import Any

import click
from rich.table import Table
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from ledger.errors import Problem

STATES = {
    "captured": "durable here, on their way",
    "sent": "given to the chain",
    "recorded": "in a block",
    "final": "in a block that stays",
}


@click.command("status")
@pass_context
def command(context: Context) -> None:
    """Show what is captured, sent, recorded and final, and what keeps anything from going on."""
    with client(context.home, context.settings) as http:
        health = http.get("/health")
    context.show(health, [_chain(health), _events(health), *_problems(health)])


def _chain(health: dict[str, Any]) -> Text:
    chain = health["chain"]
    return Text(f"chain {chain['url']} (id {chain['chain_id']}), ledger {chain['ledger']}, block {chain['block']}")


def _events(health: dict[str, Any]) -> Table:
    shown = table("state", "events", "meaning")
    for state, meaning in STATES.items():
        shown.add_row(state, f"{health['events'][state]:,}", meaning)
    if health["jobs"]["unfinished"]:
        shown.add_row("accepted", f"{health['jobs']['unfinished']:,} documents", "durable, being captured")
    return shown


def _problems(health: dict[str, Any]) -> list[Text]:
    return [Text(f"problem: {Problem(**problem)}", style="yellow") for problem in health["problems"]]
