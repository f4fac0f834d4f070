"""The remaining shelf life of an item from every temperature that its way through the ledger tells of."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from api.analysis.trace_quality import along_the_way
from api.quality.cold_chain.ageing import AgeingModel
from api.quality.cold_chain.shelf_life import ShelfLife, remaining_shelf_life
from api.quality.frames import timestamps
from api.quality.join.matching import match
from api.quality.join.series import series_of
from api.quality.join.windows import windows_of
from api.quality.step_hold import GAP_FACTOR
from api.quality.units import compatible, convert
from ledger.errors import NotFound
from ledger.trace import Trace

_NEVER = np.iinfo(np.int64).min


def temperatures_of(connection: Connection, trace: Trace, item: str, until: pd.Timestamp) -> pd.DataFrame:
    """A frame `holds.HOLD` in °C: what was said of the item, its containers and the places it was at."""
    way = along_the_way(connection, trace, [item])
    windows = windows_of(way.steps, way.inside, until)
    series = series_of(way.readings, way.sensor_readings, windows, GAP_FACTOR)
    matches = match(windows, series)
    # of a sum over a time the extremes count, one hold each: the truth lies between them
    parts = [
        pd.DataFrame(
            {"start": matches.start, "end": matches.end, "value": values[matches.row], "kind": series.kind[matches.row]}
        )
        for values in (series.minimum, series.maximum)
    ]
    found = pd.concat(parts, ignore_index=True).dropna(subset="value").drop_duplicates()
    found = found.merge(series.kinds[series.kinds["quantity_kind"] == "Temperature"], on="kind")
    celsius = found["value"].to_numpy(dtype=np.float64, copy=True)
    for unit in found["unit"].unique():
        rows = (found["unit"] == unit).to_numpy()
        fits = bool(unit) and compatible(unit, "CEL")
        celsius[rows] = convert(celsius[rows], unit, "CEL") if fits else np.nan
    held = pd.DataFrame(
        {
            "start": timestamps(found["start"], missing=_NEVER),
            "end": timestamps(found["end"], missing=_NEVER),
            "value": celsius,
        }
    )
    return held.dropna(subset="value").reset_index(drop=True)


def shelf_life_of(
    connection: Connection,
    trace: Trace,
    item: str,
    *,
    model: AgeingModel,
    shelf_life: pd.Timedelta,
    since: pd.Timestamp | None,
    until: pd.Timestamp,
    plausible: tuple[float, float] | None = None,
    known: pd.DataFrame | None = None,
) -> ShelfLife:
    """What is left at `until`; it began to run at `since`, or with the first event that names the item.

    `known` are its temperatures until then, where they are at hand. Raises NotFound where no event names it and no
    `since` is given.
    """
    if since is None:
        named = [each.event_time for each in trace.events if any(one.item == item for one in each.mentions)]
        if not named:
            raise NotFound(
                f"no event names {item}", expected="an item of this ledger", advice="Or say since when its life runs."
            )
        since = pd.Timestamp(min(named), unit="us", tz="UTC")
    known = temperatures_of(connection, trace, item, until) if known is None else known
    return remaining_shelf_life(
        known, model=model, shelf_life=shelf_life, since=since, until=until, plausible=plausible
    )
