"""`lotmark quality oee`."""

from __future__ import annotations

from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.quality.figures import during, percent
from api.cli.tables import table
from api.cli.wording import counted


@click.command("oee")
@click.option("--by", default="equipment", show_default=True, help="equipment, item, operator, shift, day, week …")
@click.option("--zone", default="UTC", show_default=True, help="Whose clocks make days.")
@click.option("--equipment", help="Only of this machine or line.")
@during
@pass_context
def command(context: Context, /, **options: Any) -> None:
    """Show overall equipment effectiveness, and where the time went."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/oee", **options)
    shown = table("of", "runs", "availability", "performance", "quality", "OEE", "down h", "slow h", "bad h")
    for row in found:
        factors = (percent(row[name]) for name in ("availability", "performance", "quality", "oee"))
        lost = (f"{row[name] / 3600:.2f}" for name in ("downtime_loss", "speed_loss", "quality_loss"))
        shown.add_row(_named(row), str(row["runs"]), *factors, *lost)
    hints = [Text(f"{_named(row)}: {row['hint']}", style="yellow") for row in found if row["hint"]]
    unknown = sum(row["unknown_runs"] for row in found)
    if unknown:
        said = f"{counted(unknown, 'run')} left out: a time, a count or the equipment's ideal rate is not known."
        hints.append(Text(said, style="yellow"))
    nothing = Text("There are no production runs. Import them with `lotmark import`.")
    texts: list[RenderableType] = [shown, *hints] if found else [nothing]
    context.show(found, texts, rows=[row | row["group"] for row in found])


def _named(row: dict[str, Any]) -> str:
    return ", ".join(name or "not told" for name in row["group"].values())
