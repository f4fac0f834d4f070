"""`lotmark quality retest`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.cli.wording import amount, counted, local_time


@click.command("retest")
@click.argument("laboratory")
@click.option("--analyte", help="Only this one.")
@pass_context
def command(context: Context, laboratory: str, analyte: str | None) -> None:
    """Hold what others state against the retests of LABORATORY, your own: is there a bias, and since when?

    A pair is a result of another laboratory with your own of the same item and analyte. What is below its limit of
    quantification has no difference, and is counted as left out.
    """
    with client(context.home, context.settings) as http:
        found = http.get("/quality/retests", own=laboratory, analyte=analyte)
    context.show(found, _texts(found), rows=[{k: v for k, v in one.items() if k != "ewma"} for one in found])


def _texts(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not found:
        yield Text("No item has results of both this laboratory and another.")
        return
    shown = table("analyte", "pairs", "left out", "stated − own", "from", "to", "p", "drift since")
    for one in found:
        drift = next((point["time"] for point in one["ewma"] if point["signal"]), None)
        bounds = ("unknown" if one[name] is None else f"{one[name]:.3g}" for name in ("low", "high"))
        mean = "unknown" if one["mean"] is None else amount(float(f"{one['mean']:.3g}"), one["unit"])
        p = "unknown" if one["p"] is None else f"{one['p']:.2g}"
        since = local_time(drift) if drift else ""
        shown.add_row(one["analyte"], f"{one['pairs']:,}", f"{one['left_out']:,}", mean, *bounds, p, since)
    yield shown
    few = sum(one["pairs"] < 2 for one in found)
    if few:
        yield Text(f"{counted(few, 'analyte')} with fewer than two pairs: nothing can be said.", style="yellow")
    yield Text("A small p says that there is a bias, not which of the two has it.")
