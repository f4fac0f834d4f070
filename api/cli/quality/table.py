"""`lotmark quality table`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.cli.wording import amount, counted
from api.names import short


@click.command("table")
@click.argument("item")
@click.option("--direction", type=click.Choice(["backward", "forward", "both"]), default="backward", show_default=True)
@click.option("--depth", type=click.IntRange(0, 1000), help="How many edges to follow; without: all.")
@pass_context
def command(context: Context, item: str, direction: str, depth: int | None) -> None:
    """Show all that was measured of ITEM by genealogy: its own readings, inspections and results, and its ancestors'.

    One row per event, item and quantity, with the share that the row's item has in ITEM (forward: ITEM in it).
    """
    params = {"item": item, "direction": direction, **({} if depth is None else {"depth": depth})}
    with client(context.home, context.settings) as http:
        found = http.get("/quality/table", **params)
    context.show(found, _texts(found), rows=[_flat(row) for row in found["rows"]])


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    flagged = " ".join(f"{name}={count}" for name, count in row["flagged"].items())
    return row | {"flagged": flagged, "sources": " ".join(row["sources"]), "inputs": row["inputs"]["digest"]}


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    if found["withheld"]:
        yield Text("What belongs to sealed events is withheld without an API key.", style="yellow")
    if not found["rows"]:
        yield Text("Nothing was measured of it or of what it was made of, as far as this ledger knows.")
        return
    shown = table("item", "is", "share", "quantity", "count", "measured", "verdict", unbroken=["share", "verdict"])
    for row in found["rows"]:
        shown.add_row(
            short(row["item"]), row["relation"], _share(row), row["quantity"], str(row["count"]), _measured(row),
            row["verdict"].replace("_", " "),
        )  # fmt: skip
    yield shown
    quality = found["data_quality"]
    known = "" if quality["known"] is None else f"{quality['known']:.0%} of the limited time known; "
    flagged = ", ".join(f"{count} {name}" for name, count in quality["flagged"].items()) or "none"
    yield Text(f"{known}set aside by cleaning: {flagged}; {counted(quality['uncertain'], 'row')} only possible.")


def _share(row: dict[str, Any]) -> str:
    if row["share"] is not None:
        return f"{row['share']:.1%}"
    return f"{row['share_low']:.0%}–{row['share_high']:.0%}"  # an en dash between figures


def _measured(row: dict[str, Any]) -> str:
    if row["minimum"] is None:
        return f"{row['failed']:g} failed" if row["failed"] else "" if row["count"] else "nothing"
    ends = dict.fromkeys((row["minimum"], row["maximum"]))
    return " to ".join(amount(round(each, 4), row["unit"] or "") for each in ends)
