"""`lotmark quality lot`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.cli.wording import amount, attributes_line, counted, local_time
from api.names import short

_STATES = {
    "hold": ("on hold", "bold red"), "recalled": ("recalled", "bold red"), "released": ("released", "green"),
    "unknown": ("no decision", "yellow"),
}  # fmt: skip
_STYLES = {"critical": "bold red", "major": "red", "minor": "yellow", "warning": "yellow"}


@click.command("lot")
@click.argument("item")
@click.option("--market", help="Where it is to be sold, such as EU: the laboratory limits of that market count.")
@pass_context
def command(context: Context, item: str, market: str | None) -> None:
    """Show ITEM on one screen: what was decided, what calls for attention, worst first, and what it is made of.

    As CSV: the signals. The page shows the same with charts; `lotmark quality report` writes it to a file.
    """
    with client(context.home, context.settings) as http:
        found = http.get(f"/quality/lot/{quote(item, safe='')}", market=market)
    context.show(found, _texts(found), rows=[_row(one) for one in found["signals"]])


def _row(signal: Mapping[str, Any]) -> dict[str, Any]:
    return {name: signal[name] for name in ("severity", "kind", "item", "subject", "message", "since")}


def _texts(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield Text.assemble(
        (found["item"]["element_string"], "bold"), (f"  {found['name']}" if found["name"] else "", "cyan")
    )
    yield _decided(found["disposition"])
    yield Text(_facts(found))
    if found["attributes"]:
        yield Text(attributes_line(found["attributes"]))
    if found["signals"]:
        yield Text()
        yield _signals(found["signals"])
    else:
        yield Text("Nothing calls for attention, as far as was measured.")
    if found["genealogy"]["parents"]:
        yield Text()
        yield _parents(found["genealogy"]["parents"])


def _decided(disposition: Mapping[str, Any]) -> Text:
    word, style = _STATES[disposition["state"]]
    text = Text(word, style=style)
    if disposition["since"]:
        text.append(f" since {local_time(disposition['since'])}, by {disposition['by']}", style="not bold")
    if disposition["reason"]:
        text.append(f": {disposition['reason']}", style="not bold")
    elif disposition["said"]:
        text.append(f"; its last event says {disposition['said'].replace('_', ' ')}", style="not bold")
    return text


def _facts(found: Mapping[str, Any]) -> str:
    record, known, life = found["record"], found["data_quality"]["known"], found["shelf_life"]
    facts = [f"{record['final']:,} of {counted(record['events'], 'event')} final on the chain"]
    if known is not None:
        facts.append(f"readings for {100 * known:.0f} % of the time with limits")
    if life is not None:
        facts.append(f"keeps {life['least']:.1f} to {life['most']:.1f} days more, as of {local_time(life['until'])}")
    return "; ".join(facts)


def _signals(signals: list[dict[str, Any]]) -> Table:
    shown = table("severity", "what", "of", "since", unbroken=["severity", "since"])
    for one in signals:
        since = local_time(one["since"]) if one["since"] else ""
        shown.add_row(Text(one["severity"], style=_STYLES[one["severity"]]), one["message"], one["item"], since)
    return shown


def _parents(parents: list[dict[str, Any]]) -> Table:
    shown = table("made of", "amount", "share", "signal")
    for one in parents:
        much = "" if one["quantity"] is None else amount(round(one["quantity"], 3), one["uom"])
        share = "" if one["share"] is None else f"{100 * one['share']:.1f} %"
        shown.add_row(" ".join(filter(None, (short(one["uri"]), one["name"]))), much, share, one["severity"] or "")
    return shown
