"""`lotmark quality archive`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.wording import counted

_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".pq": "application/vnd.apache.parquet",
}
_CHUNK = 2**20


@click.command("archive")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_context
def command(context: Context, file: Path) -> None:
    """Load a large FILE of readings (CSV or Parquet, millions of rows) into the home's archive: all of it, or nothing.

    The columns are those of `lotmark import readings`. Traces and joins see readings from the archive and from imports
    alike. Loading the same file again changes nothing.
    """
    request = {
        "content": _chunks(file),
        "params": {"file": file.name},
        "headers": {"Content-Type": _MEDIA_TYPES.get(file.suffix.lower(), "text/csv")},
        "timeout": None,
    }
    with client(context.home, context.settings) as http:
        done = http.request("POST", "/quality/archive", **request).json()
    known = f", {done['known']:,} were there already" if done["known"] else ""
    context.show(done, [Text(f"{counted(done['imported'], 'reading')} loaded{known}.")], rows=[done])


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
