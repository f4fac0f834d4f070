"""`lotmark quality agreement`: of a file, without any home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.quality.manufacturing.agreement import attribute_agreement
from api.quality.manufacturing.study_file import read_ratings
from api.quality.plain import plain

_SCOPES = {
    "within": "with themselves", "standard": "with the truth", "between": "all with each other",
    "all_standard": "all with the truth",
}  # fmt: skip


@click.command("agreement")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_context
def command(context: Context, file: Path) -> None:
    """Judge whether inspectors who judge by eye agree, from FILE with the columns part, operator, rating.

    A column standard gives the known truth of each part. Everybody judges every part equally often.
    """
    found: dict[str, Any] = plain(attribute_agreement(read_ratings(file.read_bytes(), source=file.name)))
    context.show(found, _texts(found), rows=found["table"])


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield Text(f"{found['parts']} parts, {found['operators']} operators, {found['trials']} trials.")
    shown = table("operator", "agrees", "parts", "agreed", "share", "from", "to", "kappa")
    for row in found["table"]:
        shares = (f"{row[name]:.1f}%" for name in ("percent", "low", "high"))
        kappa = "unknown" if row["kappa"] is None else f"{row['kappa']:.2f}"
        counts = (str(row["parts"]), str(row["agreed"]))
        shown.add_row(row["operator"] or "", _SCOPES[row["scope"]], *counts, *shares, kappa)
    yield shown
    yield Text("Kappa is the agreement beyond chance: 1 is full agreement, 0 what chance gives.")
