"""`lotmark quality weibull`: of a file, without any home."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.quality.manufacturing.reliability import fit_weibull
from api.quality.manufacturing.study_file import read_ages
from api.quality.plain import plain


@click.command("weibull")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--confidence", type=click.FloatRange(0.5, 0.9999), default=0.95, show_default=True)
@pass_context
def command(context: Context, file: Path, confidence: float) -> None:
    """Fit time to failure from FILE with the column age, and failed (yes or no) where some have not failed yet."""
    ages = read_ages(file.read_bytes(), source=file.name)
    found = plain(fit_weibull(ages["age"], ages["failed"], confidence=confidence))
    shown = table("", "estimate", "from", "to")
    rows = [{"figure": name} | found[name] for name in ("shape", "scale", "b10")]
    for row in rows:
        shown.add_row(row["figure"], *(f"{row[name]:.4g}" for name in ("value", "low", "high")))
    said = Text(f"{found['failures']} of {found['units']} failed. By the age b10 a tenth has failed.")
    context.show(found, [said, shown], rows=rows)
