"""`lotmark quality watch`: follow incidents and holds as they happen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import click

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.quality.incidents import told
from api.names import short


@click.command("watch")
@click.option("--count", type=click.IntRange(1), help="End after so many.")
@pass_context
def command(context: Context, count: int | None) -> None:
    """Follow incidents and holds as they happen, a line each, until interrupted or the server ends."""
    with client(context.home, context.settings) as http:
        for number, (event, data) in enumerate(_events(http.lines("/quality/stream")), start=1):
            context.write(
                (json.dumps({"event": event, "data": data}) if context.as_json else _line(event, data)) + "\n"
            )
            if number == count:
                return


def _events(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, object]]]:
    event = ""
    for line in lines:
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: ") and event:
            yield event, json.loads(line.removeprefix("data: "))
            event = ""


def _line(event: str, data: dict[str, object]) -> str:
    what = event.replace(".", " ")
    if "message" in data:
        return f"{data['opened_at']}  {what} {data['id']}  {data['severity']}: {told(data)}"
    when = data.get("released_at") or data.get("placed_at", "")
    why = data.get("release_reason") or data.get("reason", "")
    return f"{when}  {what}  {short(str(data.get('item', '')))}  {why}".strip()
