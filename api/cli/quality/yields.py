"""`lotmark quality yield`."""

from __future__ import annotations

from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.quality.figures import during, percent
from api.cli.tables import table


@click.command("yield")
@click.option("--item", help="Only of the runs that made this.")
@during
@pass_context
def command(context: Context, /, **options: Any) -> None:
    """Show the yield of a process step by step, rolled throughput, DPMO and the sigma level."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/yield", **options)
    shown = table("step", "units", "defects", "rework", "first pass", "from", "to")
    for row in found["steps"]:
        counts = (f"{row[name]:.0f}" for name in ("opportunities", "defects", "rework"))
        shown.add_row(row["step"], *counts, *(percent(row[name]) for name in ("first_pass", "low", "high")))
    rolled, level = found["rolled"], found["sigma_level"]
    through, least, most = (percent(rolled[name]) for name in ("value", "low", "high"))
    value, at_least = (_level(level[name], found["dpmo"]["value"]) for name in ("value", "low"))
    texts: list[RenderableType] = [
        shown,
        Text(f"Rolled throughput {through} ({least} to {most})."),
        Text(f"{found['dpmo']['value']:.0f} DPMO, sigma level {value} (at least {at_least}) "
             f"with the conventional shift of {found['shift']}."),
    ]  # fmt: skip
    context.show(found, texts, rows=found["steps"])


def _level(sigma: float | None, dpmo: float) -> str:
    """A sigma level; None where no defect was found, or nothing but defects."""
    return f"{sigma:.2f}" if sigma is not None else "∞" if dpmo == 0 else "−∞"
