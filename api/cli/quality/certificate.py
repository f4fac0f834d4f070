"""`lotmark quality certificate`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.tables import table
from api.names import short

_STYLES = {"passed": "bold green", "failed": "bold red", "unknown": "bold yellow"}


@click.command("certificate")
@click.argument("item")
@click.option(
    "--document", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The signed document, as a file."
)
@click.option("--certificate", help="Only the one with this SHA-256; without: that of the document, or all.")
@click.option("--market", help="Where it is to be sold: the specifications of that market count.")
@click.option("--require", "required", multiple=True, metavar="ANALYTE", help="Must be on it; repeatable.")
@pass_context
def command(context: Context, /, item: str, document: Path | None, **options: Any) -> None:
    """Re-check the certificates of analysis of ITEM, line by line.

    Every result against its specification, unit, method, sample and the laboratory's accreditation; the document
    against the hash under which it was recorded. What cannot be checked is unknown, never passed.
    """
    digest = hashlib.sha256(document.read_bytes()).hexdigest() if document else None
    with client(context.home, context.settings) as http:
        found = http.get(f"/quality/certificates/{quote(item, safe='')}", document=digest, **options)
    rows = [{"certificate": one["certificate"], **check} for one in found for check in one["checks"]]
    context.show(found, _texts(found), rows=rows)


def _texts(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    for one in found:
        yield Text.assemble(
            (short(one["item"]), "bold"), f"  {one['certificate'][:16]}…  ", (one["verdict"], _STYLES[one["verdict"]])
        )
        wrong = [check for check in one["checks"] if check["state"] != "passed"]
        shown = table("check", "analyte", "sample", "state", "why")
        for check in wrong:
            state = Text(check["state"], style=_STYLES[check["state"]])
            shown.add_row(check["check"], check["analyte"], check["sample"], state, check["message"])
        if wrong:
            yield shown
        yield Text(f"{len(one['checks']) - len(wrong):,} of {len(one['checks']):,} checks passed")
