"""`lotmark demo`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from api.cli.context import Context, pass_context


@click.command("demo")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@pass_context
def command(context: Context, folder: Path) -> None:
    """Write the demonstration supply chains to FOLDER: EPCIS documents, quality CSVs, and what to look at.

    All of it is synthetic. `lotmark serve --demo` loads the same data.
    """
    from api.demonstration import demonstration, write

    written = write(demonstration(), folder)
    context.show([str(file) for file in written], [Text(f"Wrote {len(written)} files to {folder}.")])
