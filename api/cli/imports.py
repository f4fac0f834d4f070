"""`lotmark import`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.exits import Answered
from api.cli.sources import Source
from api.cli.wording import counted

#: kind → one row of it, and several
_KINDS = {
    "readings": "reading",
    "inspections": "inspection",
    "results": "result",
    "specifications": "specification",
    "limits": "limit",
    "equipment": "row",
    "runs": "run",
    "activities": "row",
    "factors": "factor",
}
_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
}


@click.command("import")
@click.argument("kind", metavar="KIND", type=click.Choice(list(_KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheet", metavar="NAME", help="The sheet of an Excel file that has several.")
@click.option("--zone", metavar="ZONE", help="Time zone of times that have none, such as Europe/Madrid.")
@pass_context
def command(context: Context, kind: str, file: Path, sheet: str | None, zone: str | None) -> None:
    """Import quality data of one KIND from FILE (CSV, Excel, Parquet or JSON): all of it, or nothing.

    \b
    readings        what sensors measured
    inspections     variables, attributes and counts that were checked
    results         of laboratories, with limits of quantification
    specifications  what must be kept, where, and from when to when
    limits          the short form of it
    equipment       machines, sensors, laboratories
    runs            what a machine made in one go
    activities      energy, water, fuel … used
    factors         what one unit of an activity stands for

    What the columns hold is in docs/quality.md. Importing again is safe: a row that is there already stays one row, and
    what was measured is never overwritten.
    """
    data = Source(str(file), file).raw(context.settings.max_document_bytes)
    params = {"file": file.name, "sheet": sheet, "zone": zone}
    request: dict[str, Any] = {
        "content": data,
        "params": {name: value for name, value in params.items() if value is not None},
        "headers": {"Content-Type": _MEDIA_TYPES.get(file.suffix.lower(), "text/csv")},
    }
    with client(context.home, context.settings) as http:
        try:
            done = http.request("POST", f"/quality/{kind}", **request).json()
        except Answered as error:
            raise error.within(str(file)) from error
    context.show(done, [Text(_said(kind, done))])


def _said(kind: str, done: dict[str, int]) -> str:
    said = f"Imported {counted(done['imported'], _KINDS[kind])}; {done['known']:,} known before."
    if done["conflicting"]:
        said += f" {done['conflicting']:,} contradict what was there and were left out."
    return said
