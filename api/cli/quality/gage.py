"""`lotmark quality gage`: of a file without any home, or of the inspections in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.exits import Usage
from api.cli.tables import table
from api.quality.manufacturing.gage import gage_study
from api.quality.manufacturing.study_file import read_gage_study
from api.quality.plain import plain


@click.command("gage")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--characteristic", help="Of the inspections in the ledger, instead of FILE.")
@click.option("--low", type=float, help="Lower end of the tolerance.")
@click.option("--high", type=float, help="Upper end of the tolerance.")
@pass_context
def command(
    context: Context, file: Path | None, characteristic: str | None, low: float | None, high: float | None
) -> None:
    """Judge a measurement system (Gage R&R) from FILE with the columns part, operator, value."""
    if (file is None) == (characteristic is None):
        raise Usage("say what to judge", expected="FILE, or --characteristic")
    if file is not None:
        study = gage_study(read_gage_study(file.read_bytes(), source=file.name), low=low, high=high)
        found: dict[str, Any] = plain(study)
    else:
        with client(context.home, context.settings) as http:
            found = http.get("/quality/gage", characteristic=characteristic, low=low, high=high)
    context.show(found, _texts(found), rows=found["components"])


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield Text(f"{found['parts']} parts, {found['operators']} operators, {found['trials']} trials.")
    pooled = "pooled with repeatability" if found["interaction_pooled"] else "kept"
    if found["p_interaction"] is not None:
        yield Text(f"Interaction of part and operator: p {found['p_interaction']:.3g}, {pooled}.")
    shown = table("component", "variance", "from", "to", "contribution %", "study %", "tolerance %")
    for row in found["components"]:
        numbers = ("variance", "low", "high", "contribution", "study", "tolerance")
        shown.add_row(row["component"], *("" if row[name] is None else f"{row[name]:.4g}" for name in numbers))
    yield shown
    if found["ndc"] is not None:
        yield Text(f"Distinct categories: {found['ndc']} (AIAG asks for 5 or more).")
