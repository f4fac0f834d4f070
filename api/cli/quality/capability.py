"""`lotmark quality capability`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.quality.spc import selecting
from api.cli.tables import table
from api.cli.wording import amount, counted

_STYLES = {"capable": "bold green", "not_capable": "bold red", "unknown": "bold yellow"}
_INDICES = ("cp", "cpl", "cpu", "cpk", "cpm", "pp", "ppl", "ppu", "ppk")


@click.command("capability")
@click.argument("characteristic")
@selecting
@click.option("--low", type=float, help="Lower limit, instead of the specification on file.")
@click.option("--target", type=float, help="Target, with --low and --high.")
@click.option("--high", type=float, help="Upper limit, instead of the specification on file.")
@click.option("--confidence", type=float, default=0.95, show_default=True)
@click.option("--threshold", type=float, default=1.33, show_default=True, help="What the lower bound must reach.")
@pass_context
def command(context: Context, /, characteristic: str, **options: Any) -> None:
    """Judge whether the process that makes CHARACTERISTIC can keep its specification: Cp, Cpk, Pp, Ppk, Cpm.

    The lower bound of the interval is judged, not the point. Not enough data is unknown, never capable.
    """
    with client(context.home, context.settings) as http:
        found = http.get("/quality/spc/capability", characteristic=characteristic, **options)
    context.show(found, _texts(found), rows=_rows(found))


def _rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"index": name, **found[name]} for name in _INDICES if found[name]]


def _texts(found: dict[str, Any]) -> Iterator[RenderableType]:
    verdict = found["verdict"].replace("_", " ")
    yield Text.assemble(
        (found["characteristic"], "bold"), "  ", (verdict, _STYLES[found["verdict"]]),
        f"  ({found['judged'].capitalize()} with its lower bound against {found['threshold']:g})",
    )  # fmt: skip
    limits = [f"{name} {amount(found[name], found['unit'])}" for name in ("low", "target", "high")
              if found[name] is not None]  # fmt: skip
    method = {"normal": "", "box_cox": ", Box-Cox transformed", "percentile": ", by percentiles"}[found["method"]]
    outside = f"{found['outside']:,} outside"
    yield Text(f"specification {', '.join(limits)}; {counted(found['n'], 'value')}, {outside}{method}")
    shown = table("index", "estimate", f"{found['confidence']:.0%} interval")
    for row in _rows(found):
        shown.add_row(
            row["index"].capitalize(), _number(row["value"]), f"{_number(row['low'])} to {_number(row['high'])}"
        )
    yield shown
    for warning in found["warnings"]:
        yield Text(f"Note: {warning}.", style="yellow")


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
