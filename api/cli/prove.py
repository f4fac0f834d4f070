"""`lotmark prove`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from api.cli.client import Client, client
from api.cli.context import Context, pass_context
from ledger.errors import InvalidInput

_COMMITMENT = re.compile("0x[0-9a-f]{64}")


@click.command("prove")
@click.argument("what")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else stdout.")
@click.option("--hide", multiple=True, help="JSON pointer of a field to hide, with all beneath it; may be repeated.")
@click.option("--direction", type=click.Choice(["both", "backward", "forward"]), default="both", show_default=True)
@click.option("--depth", type=click.IntRange(min=0), help="How many steps of the trace each way; else all.")
@pass_context
def command(context: Context, /, what: str, output: Path | None, hide: tuple[str, ...], **trace: Any) -> None:
    """Write a bundle that proves WHAT: the events of an item's trace, or the one event of a commitment (0x…).

    The bundle verifies anywhere with `lotmark verify`, without this server and without an account.
    """
    for pointer in hide:
        if not pointer.startswith("/"):
            raise InvalidInput(f"{pointer!r} is no JSON pointer", where="--hide", expected="such as /ilmd")
    if output is not None and not output.absolute().parent.is_dir():
        raise InvalidInput("there is no such folder", where=str(output.parent), expected="a folder to write into")
    with client(context.home, context.settings) as http:
        bundle = _bundle(http, what, {"hide": list(hide), **{k: v for k, v in trace.items() if v is not None}})
    if output is None:
        context.write(bundle)
        return
    output.write_bytes(bundle)
    context.show({"file": str(output), "bytes": len(bundle)}, [Text(f"Wrote {output} ({len(bundle):,} bytes).")])


def _bundle(http: Client, what: str, params: dict[str, Any]) -> bytes:
    if _COMMITMENT.fullmatch(what):
        return http.request("GET", f"/proofs/{what}", params={"hide": params["hide"]}).content
    return http.request("GET", "/proofs", params={"item": what, **params}).content
