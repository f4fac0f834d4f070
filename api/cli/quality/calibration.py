"""`lotmark quality calibration`."""

from __future__ import annotations

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table


@click.command("calibration")
@click.option("--soon-days", type=click.FloatRange(0, 3650), default=30, show_default=True)
@pass_context
def command(context: Context, soon_days: float) -> None:
    """Show which equipment is due for calibration; without a date it is unknown."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/calibration", soon_days=soon_days)
    shown = table("equipment", "name", "state", "due", "days left")
    for row in found:
        left = "" if row["days_left"] is None else f"{row['days_left']:.0f}"
        due = (row["calibration_due"] or "")[:10]
        shown.add_row(row["equipment"], row["name"], row["state"].replace("_", " "), due, left)
    nothing = Text("No equipment here is known to need calibration.")
    context.show(found, [shown if found else nothing], rows=found)
