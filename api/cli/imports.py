"""`lotmark import`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context


@click.command("import")
@click.argument("kind", type=click.Choice(["readings", "inspections", "limits"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_context
def command(context: Context, kind: str, file: Path) -> None:
    """Import quality data of one KIND from the CSV FILE: all of it, or nothing.

    \b
    readings     time, sensor, place or item, quantity kind, value, unit
    inspections  time, item, characteristic, value and unit, or passed
    limits       item, quantity kind, low, high, unit
    The exact columns are in docs/quality.md.
    """
    with client(context.home, context.settings) as http:
        headers = {"Content-Type": "text/csv"}
        done = http.request("POST", f"/quality/{kind}", content=file.read_bytes(), headers=headers).json()
    context.show(done, Text(f"Imported {done['imported']:,} {kind}, {done['known']:,} were known before."))
