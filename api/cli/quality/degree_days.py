"""`lotmark quality degree-days`: the risk of a pest from a file of temperatures; no ledger is needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
import pandas as pd
from rich.console import RenderableType
from rich.text import Text

from api.cli.context import Context, pass_context
from api.cli.exits import Usage
from api.cli.sources import Source
from api.cli.tables import table
from api.quality.agriculture.degree_days import METHODS, Method, accumulate, daily_extremes
from api.quality.agriculture.field_files import read_extremes, read_values
from api.quality.plain import plain

_SHOWN = 14


@click.command("degree-days")
@click.argument("temperatures", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--zone", help="The file holds readings (time, value), and days are those of this zone.")
@click.option("--biofix", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day on which counting begins.")
@click.option("--lower", type=float, required=True, help="Threshold, in the file's unit.")
@click.option("--upper", type=float, help="Threshold with a horizontal cutoff.")
@click.option("--method", type=click.Choice(METHODS), default="sine", show_default=True)
@click.option("--stage", "stages", multiple=True, metavar="NAME=DEGREE-DAYS", help="Since the biofix; repeatable.")
@click.option("--warmest", type=float, help="The highest mean that a day without readings may have had.")
@pass_context
def command(
    context: Context, /, temperatures: Path, zone: str | None, biofix: datetime, lower: float, upper: float | None,
    method: Method, stages: tuple[str, ...], warmest: float | None,
) -> None:  # fmt: skip
    """Sum up degree-days since the biofix, from the file TEMPERATURES: day, low, high.

    A day that was not wholly measured is unknown: from then on there is a least and a most, and a stage is reached for
    sure or possibly.
    """
    data = Source(str(temperatures), temperatures).raw(context.settings.max_document_bytes)
    if zone is None:
        days = read_extremes(data, source=temperatures.name)
    else:
        days = daily_extremes(read_values(data, source=temperatures.name), zone=zone)
    found = accumulate(
        days,
        biofix=pd.Timestamp(biofix),
        lower=lower,
        upper=upper,
        method=method,
        stages=dict(_stage(text) for text in stages),
        warmest=warmest,
    )
    rows = plain(found)
    context.show(rows, _texts(found), rows=rows)


def _stage(text: str) -> tuple[str, float]:
    name, equals, number = text.rpartition("=")
    try:
        if name and equals:
            return name, float(number)
    except ValueError:
        pass
    raise Usage(f"--stage {text!r} is no stage", advice="Write --stage 'egg hatch=120'.")


def _texts(found: pd.DataFrame) -> Iterator[RenderableType]:
    if found.empty:
        yield Text("No day since the biofix is in the file.")
        return
    last = found.iloc[-1]
    sums = dict.fromkeys(f"{number:,.0f}" for number in (last["least"], last["most"]))
    yield Text.assemble(
        (" to ".join(sums), "bold"), " degree-days; ", (_reached(last["stage"], last["stage_possible"]), "bold")
    )
    shown = table("day", "degree-days", "least", "most", "stage", unbroken=["day"])
    for row in found.tail(_SHOWN).to_dict("records"):
        daily = "unknown" if pd.isna(row["degree_days"]) else f"{row['degree_days']:.1f}"
        shown.add_row(
            f"{row['day']:%Y-%m-%d}",
            daily,
            f"{row['least']:,.1f}",
            f"{row['most']:,.1f}",
            _reached(row["stage"], row["stage_possible"]),
        )
    yield shown


def _reached(stage: str, possible: str) -> str:
    sure = stage or "no stage yet"
    return sure if possible == stage else f"{sure}, possibly {possible}"
