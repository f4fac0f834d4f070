"""`lotmark import`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.exits import Answered
from api.cli.sources import Source
from api.cli.wording import counted


@click.command("import")
@click.argument("kind", metavar="KIND", type=click.Choice(["readings", "inspections", "limits"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_context
def command(context: Context, kind: str, file: Path) -> None:
    """Import quality data of one KIND from the CSV FILE: all of it, or nothing.

    \b
    readings     time, sensor, item or place, quantity_kind, value, unit
    inspections  time, item, characteristic, value and unit, or passed, inspector
    limits       item, quantity_kind, low, high, unit

    What the columns hold is in docs/quality.md. Importing again is safe: a row that is there already stays one row.
    """
    data = Source(str(file), file).raw(context.settings.max_document_bytes)
    with client(context.home, context.settings) as http:
        try:
            done = http.request("POST", f"/quality/{kind}", content=data, headers={"Content-Type": "text/csv"}).json()
        except Answered as error:
            raise error.within(str(file)) from error
    context.show(done, [Text(f"Imported {counted(done['imported'], kind[:-1])}; {done['known']:,} known before.")])
