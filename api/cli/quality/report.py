"""`lotmark quality report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from ledger.errors import InvalidInput

_SUFFIXES = {".html": "html", ".htm": "html", ".pdf": "pdf"}
_output = click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it; .pdf or .html says what.",
)
_language = click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="English or Chinese."
)
_market = click.option("--market", help="Where the goods are to be sold, such as EU.")


@click.group("report")
def command() -> None:
    """Write the report of a lot or a month, with charts, as one file that needs nothing else."""


@command.command("lot")
@click.argument("item")
@_output
@_language
@_market
@pass_context
def lot(context: Context, item: str, output: Path, language: str, market: str | None) -> None:
    """Write the report of ITEM: decisions, signals, genealogy, cold chain, charts, laboratory results."""
    _write(context, f"/quality/report/lot/{quote(item, safe='')}", output, language=language, market=market)


@command.command("month")
@click.argument("month")
@_output
@_language
@_market
@pass_context
def month(context: Context, month: str, output: Path, language: str, market: str | None) -> None:
    """Write the report of MONTH, such as 2026-05, in UTC: figures, signals, incidents, charts, OEE, suppliers."""
    _write(context, f"/quality/report/month/{quote(month, safe='')}", output, language=language, market=market)


def _write(context: Context, path: str, output: Path, **params: Any) -> None:
    """All of the file or nothing: it takes its name once it is whole."""
    format_ = _SUFFIXES.get(output.suffix.lower())
    if format_ is None:
        raise InvalidInput(
            f"{output.name} says no format", where="--output", expected="a name that ends in .pdf or .html"
        )
    asked = {name: value for name, value in params.items() if value is not None} | {"format": format_}
    with client(context.home, context.settings) as http:
        report = http.request("GET", path, params=asked).content
    partial = output.with_name(f".{output.name}.partial")
    partial.write_bytes(report)
    partial.replace(output)
    value = {"file": str(output), "bytes": len(report)}
    context.show(value, [Text(f"Wrote {output} ({len(report):,} bytes).")], rows=[value])
