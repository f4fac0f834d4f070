"""The join of a trace with its readings: per step and quantity kind, what was measured and for how long it was outside.

A reading belongs to a step [start, end) if it is of the item, of a container while the item is inside, or of the
step's place; or if it is in the step's own event. Time is counted by step-hold over the step, with the reading before
its start still holding; several sensors count together, the worst deciding. What no reading holds over is unknown,
never in range.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from api.quality.columns import empty
from api.quality.join.containment import CONTAINMENT
from api.quality.join.limits import limits_of_steps
from api.quality.join.matching import Matches, match
from api.quality.join.series import Series, series_of
from api.quality.join.summary import SUMMARY, summarise
from api.quality.join.windows import windows_of
from api.quality.step_hold import GAP_FACTOR

#: one row per step and quantity kind (and unit, should units of a kind not convert)
QUALITY_COLUMNS = ("step", "item", "event", "quantity_kind", "unit", *SUMMARY)


def quality_by_step(
    steps: pd.DataFrame,
    readings: pd.DataFrame,
    *,
    inside: pd.DataFrame | None = None,
    sensor_readings: pd.DataFrame | None = None,
    limits: pd.DataFrame | None = None,
    lots: Mapping[str, str | None] | None = None,
    until: pd.Timestamp | None = None,
    gap_factor: float = GAP_FACTOR,
) -> pd.DataFrame:
    """A frame with the columns `QUALITY_COLUMNS`, in order of step and kind.

    Frames: `steps` STEP, `readings` READING, `inside` CONTAINMENT, `sensor_readings` SENSOR_READING, `limits` LIMIT,
    perhaps with validity; `lots` and `limits` as in `limits_of_steps`.

    A step without an end lasts until `until`, or until what is known of it ends.

    For every kind that limits a step's item there is a row, with count 0 if nothing was measured; none for a moment at
    which nothing was.
    """
    inside = empty(CONTAINMENT) if inside is None else inside
    windows = windows_of(steps, inside, until)
    series = series_of(readings, sensor_readings, windows, gap_factor)
    matches = match(windows, series)
    bounds = _bounds(steps, limits, lots)
    groups = _groups(steps, matches, series, bounds)
    summary = summarise(groups, matches, series, windows)
    nothing = (summary["count"] == 0) & (summary["start"] == summary["end"])
    return summary.loc[~nothing, list(QUALITY_COLUMNS)].reset_index(drop=True)


def _bounds(steps: pd.DataFrame, limits: pd.DataFrame | None, lots: Mapping[str, str | None] | None) -> pd.DataFrame:
    """The limits of each step: step, quantity_kind, low, high, limit_unit, limit_item."""
    if limits is None:
        limits = pd.DataFrame(columns=["item", "quantity_kind", "low", "high", "unit"])
    return limits_of_steps(limits, steps, lots).rename(columns={"unit": "limit_unit"}).drop(columns="item")


def _groups(steps: pd.DataFrame, matches: Matches, series: Series, bounds: pd.DataFrame) -> pd.DataFrame:
    """One row per step and kind that was measured or is limited; its unit is that of its readings."""
    measured = pd.DataFrame({"step": matches.step, "kind": series.kind[matches.row]}).drop_duplicates()
    measured = measured.merge(series.kinds, on="kind")
    groups = measured.merge(bounds, on=["step", "quantity_kind"], how="outer")
    groups["unit"] = groups["unit"].where(groups["unit"].notna(), groups["limit_unit"])
    groups = groups.merge(steps, on="step").sort_values(["step", "quantity_kind", "unit"], kind="stable")
    never = groups["kind"].isna() & (groups["start"] == groups["end"])
    return groups[~never].reset_index(drop=True)
