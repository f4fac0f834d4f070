"""`lotmark quality harvest-to-cool`: how long lots took to cool, from two files; no ledger is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd
from rich.console import RenderableType
from rich.text import Text

from api.cli.context import Context, pass_context
from api.cli.sources import Source
from api.cli.tables import table
from api.cli.wording import counted
from api.quality.agriculture.field_files import read_core_temperatures, read_harvests
from api.quality.cold_chain.harvest_to_cool import cooling, harvest_to_cool
from api.quality.plain import plain

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("harvest-to-cool")
@click.argument("harvests", type=_FILE)
@click.argument("cores", type=_FILE)
@click.option("--target", type=float, required=True, help="Core temperature to be reached, in the file's unit.")
@click.option("--limit-hours", type=float, required=True, help="Within how many hours.")
@click.option("--by", type=click.Choice(["field", "crew", "packhouse"]), help="Compare these.")
@pass_context
def command(context: Context, harvests: Path, cores: Path, target: float, limit_hours: float, by: str | None) -> None:
    """Tell how long lots took from cutting to a cool core.

    \b
    HARVESTS  lot, cut; and perhaps field, crew, packhouse
    CORES     lot, time, value

    A lot that was never seen to reach the target counts as censored, one without readings as unmeasured.
    """
    most = context.settings.max_document_bytes
    lots = read_harvests(Source(str(harvests), harvests).raw(most), source=harvests.name)
    readings = read_core_temperatures(Source(str(cores), cores).raw(most), source=cores.name)
    cooled = cooling(lots, readings, target=target)
    summary = harvest_to_cool(cooled, limit_hours=limit_hours, by=by)
    value = {"summary": plain(summary), "lots": plain(cooled)}
    context.show(value, _texts(summary, limit_hours, "all" if by is None else "not told"), rows=value["summary"])


def _texts(summary: pd.DataFrame, limit: float, nameless: str) -> Iterator[RenderableType]:
    shown = table("group", "lots", "cooled", "median", "90 %", f"over {limit:g} h", "not known")
    for row in summary.to_dict("records"):
        hours = ["?" if pd.isna(row[name]) else f"{row[name]:.1f} h" for name in ("p50", "p90")]
        over = "?" if pd.isna(row["over"]) else f"{row['over']:.0%}"
        over += f" ({row['over_least']:.0%} to {row['over_most']:.0%})"
        unknown = counted(row["unmeasured"], "lot") if row["unmeasured"] else ""
        shown.add_row(row["group"] or nameless, f"{row['lots']:,}", f"{row['reached']:,}", *hours, over, unknown)
    yield shown if len(summary) else Text("There is no lot in the file.")
