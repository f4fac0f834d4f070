"""`lotmark quality footprint`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.cli.wording import counted
from api.names import short


@click.command("footprint")
@click.argument("item")
@pass_context
def command(context: Context, item: str) -> None:
    """Add up what was used for ITEM: energy, water, carbon, whatever the factors on file name.

    Carried through mixing and splitting by mass. A factor or a mass that is missing makes it incomplete, never zero.
    """
    with client(context.home, context.settings) as http:
        found = http.get(f"/quality/footprint/{quote(item, safe='')}")
    context.show(found, _texts(found), rows=found["lots"])


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield Text(short(found["item"]), style="bold")
    if not found["lots"]:
        yield Text("Nothing is known of it. Import activities and factors with `lotmark import`.")
        return
    shown = table("indicator", "own", "inherited", "total", "per kg", "")
    for one in found["lots"]:
        numbers = [f"{one[name]:,.4g} {one['per']}" for name in ("own", "inherited", "total")]
        each = "" if one["per_kilogram"] is None else f"{one['per_kilogram']:.4g}"
        shown.add_row(
            one["indicator"], *numbers, each, Text("" if one["complete"] else "at least: a part is unknown", "yellow")
        )
    yield shown
    if found["unallocated"]:
        yield Text(f"{counted(len(found['unallocated']), 'amount')} in this ledger could not be given to any lot.")
