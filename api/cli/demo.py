"""`lotmark demo`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from api.cli.context import Context, pass_context
from ledger.errors import Conflict


@click.command("demo")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@pass_context
def command(context: Context, folder: Path) -> None:
    """Write the demonstration supply chains to FOLDER: EPCIS documents, quality CSVs, and what to look at.

    All of it is synthetic, and the same every time. index.json says whose each document is, for `lotmark submit --org`;
    `lotmark serve --demo` loads all of it.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise Conflict("the folder is not empty", where=str(folder), expected="a new or empty folder")
    from api.demonstration import demonstration

    data = demonstration()
    index = data.write(folder)
    value = {"index": str(index), "documents": len(data.documents), "events": len(data.events)}
    context.show(value, [Text(f"Wrote {len(data.documents)} documents with {len(data.events)} events; see {index}.")])
