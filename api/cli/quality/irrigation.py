"""`lotmark quality irrigation`: advice from a file of weather and soil moisture; no ledger is needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
import pandas as pd
from rich.console import RenderableType
from rich.text import Text

from api.cli.context import Context, pass_context
from api.cli.sources import Source
from api.cli.tables import table
from api.quality.agriculture.field_files import read_weather
from api.quality.agriculture.irrigation import Advice, Crop, Soil, advise, water_balance
from api.quality.plain import plain

_STYLES = {"irrigate": "bold blue", "wait": "bold green", "unknown": "bold yellow"}
_SHOWN = 14


@click.command("irrigation")
@click.argument("weather", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--latitude", type=click.FloatRange(-90, 90), required=True, help="Degrees, north positive.")
@click.option("--altitude", type=click.FloatRange(-450, 6000), default=0.0, show_default=True, help="In m.")
@click.option("--field-capacity", type=float, required=True, help="Volumetric, in m³/m³.")
@click.option("--wilting-point", type=float, required=True, help="Volumetric, in m³/m³.")
@click.option("--root-depth", type=float, required=True, help="In m.")
@click.option("--depletion-fraction", type=float, required=True, help="p at 5 mm/day (FAO-56, table 22).")
@click.option("--planted", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--kc", type=(float, float, float), required=True, help="Initial, middle, end (FAO-56, table 12).")
@click.option("--stages", type=(int, int, int, int), required=True, help="Lengths of the four stages, in days.")
@click.option("--depletion", type=float, default=float("nan"), help="Before the first day, in mm; without: unknown.")
@click.option("--oldest-reading", type=int, default=14, show_default=True, help="Of soil moisture, in days.")
@pass_context
def command(
    context: Context, /, weather: Path, latitude: float, altitude: float, field_capacity: float, wilting_point: float,
    root_depth: float, depletion_fraction: float, planted: datetime, kc: tuple[float, float, float],
    stages: tuple[int, int, int, int], depletion: float, oldest_reading: int,
) -> None:  # fmt: skip
    """Advise when and how much to irrigate, from the file WEATHER: the soil water balance of FAO-56.

    \b
    day, low, high                              °C
    humidity_low, humidity_high                 %
    wind, sunshine                              m/s at 2 m, hours
    rain, irrigation                            mm
    moisture                                    of the soil, m³/m³

    What was not measured stays empty. Without a recent soil moisture reading the advice is `unknown`.
    """
    data = Source(str(weather), weather).raw(context.settings.max_document_bytes)
    balance = water_balance(
        read_weather(data, source=weather.name),
        Soil(field_capacity, wilting_point),
        Crop(pd.Timestamp(planted), root_depth, depletion_fraction, kc, stages),
        latitude=latitude,
        altitude=altitude,
        depletion=depletion,
    )
    advice = advise(balance, oldest_reading=oldest_reading)
    rows = plain(balance)
    context.show({"advice": plain(advice), "balance": rows}, _texts(advice, balance), rows=rows)


def _texts(advice: Advice, balance: pd.DataFrame) -> Iterator[RenderableType]:
    depth = f" {advice.depth:.0f} mm" if advice.action == "irrigate" else ""
    left = f", about {advice.days_left:.0f} days to go" if advice.days_left > 0 else ""
    yield Text.assemble((f"{advice.action}{depth}", _STYLES[advice.action]), f"  {advice.reason}{left}")
    shown = table("day", "ET₀", "method", "Kc", "Ks", "ETc", "depletion", "RAW", unbroken=["day"])
    for row in balance.tail(_SHOWN).to_dict("records"):
        numbers = (row[name] for name in ("et0", "kc", "ks", "etc", "depletion", "raw"))
        et0, *rest = ("?" if pd.isna(number) else f"{number:.2f}" for number in numbers)
        shown.add_row(f"{row['day']:%Y-%m-%d}", et0, row["method"].replace("_", "-"), *rest)
    yield shown
