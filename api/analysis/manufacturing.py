"""Machines, steps, suppliers and gauges as the store knows them: runs, equipment and inspections into figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from api.analysis.quality_store import equipment_frame, inspections_frame, runs_frame
from api.quality.columns import TIME_DTYPE
from api.quality.manufacturing.calibration import calibration_state
from api.quality.manufacturing.gage import GageStudy, gage_study
from api.quality.manufacturing.oee import effectiveness
from api.quality.manufacturing.suppliers import DELIVERY, scorecards
from api.quality.manufacturing.yields import yield_of_runs
from api.quality.plain import plain
from api.quality.units import convert
from ledger.errors import NotFound
from ledger.identifiers import parse_item


def oee(
    connection: Connection,
    *,
    by: Sequence[str],
    zone: str = "UTC",
    equipment: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> list[dict[str, Any]]:
    """One entry per group: what was counted by under `group`, the figures beside it. Raises InvalidInput."""
    runs = runs_frame(connection, equipment=equipment, start=start, end=end)
    found = effectiveness(runs, equipment_frame(connection), by=by, zone=zone)
    return [
        {"group": {name: row[name] for name in by}} | {name: row[name] for name in row if name not in by}
        for row in plain(found)
    ]


def process_yield_of(
    connection: Connection, *, item: str | None = None, start: int | None = None, end: int | None = None
) -> dict[str, Any]:
    """Of the runs that made `item`, or of all. Raises NotFound where there are none, InvalidInput."""
    items = None if item is None else [parse_item(item).uri]
    runs = runs_frame(connection, items=items, start=start, end=end)
    if runs.empty:
        raise NotFound("there are no production runs here", advice="Import runs, or widen the time.")
    found: dict[str, Any] = plain(yield_of_runs(runs, equipment_frame(connection)))
    return found


def supplier_scorecards(
    connection: Connection, now: pd.Timestamp, *, start: int | None = None, end: int | None = None
) -> dict[str, Any]:
    """Of the suppliers that production runs name; a lot is accepted unless an inspection of it, or of its run, failed.

    What is on time, what certificates say and corrective actions are not in the store: those shares are unknown.
    """
    runs = runs_frame(connection, start=start, end=end)
    named = runs[runs["supplier"].fillna("") != ""].reset_index(drop=True)
    found: dict[str, Any] = plain(scorecards(_deliveries(named, inspections_frame(connection)), now=now))
    return found


def gage_of_inspections(
    connection: Connection,
    characteristic: str,
    *,
    low: float | None = None,
    high: float | None = None,
    start: int | None = None,
    end: int | None = None,
) -> dict[str, Any]:
    """A study by inspections: items (and samples) are the parts, inspectors the operators.

    Raises NotFound where nothing was measured, InvalidInput where it was not a crossed study.
    """
    rows = inspections_frame(connection, characteristic=characteristic, start=start, end=end)
    measured = rows[rows["value"].notna()]
    if measured.empty:
        raise NotFound(f"{characteristic!r} was not measured", advice="Import inspections with value and unit.")
    unit = measured["unit"].iloc[0]
    values = measured["value"].to_numpy(dtype=float).copy()
    for other in set(measured["unit"]) - {unit}:
        there = (measured["unit"] == other).to_numpy()
        values[there] = convert(values[there], other, unit)
    part = (measured["item"] + " " + measured["sample"].fillna("")).str.strip()
    data = pd.DataFrame({"part": part, "operator": measured["inspector"], "value": values})
    return study_as_answer(gage_study(data, low=low, high=high))


def study_as_answer(study: GageStudy) -> dict[str, Any]:
    """As JSON can carry it."""
    found: dict[str, Any] = plain(study)
    return found


def calibrations(connection: Connection, now: pd.Timestamp, soon_days: float) -> list[dict[str, Any]]:
    """Equipment that has, or should have, a calibration: sensors, gauges and what a date is known of."""
    equipment = equipment_frame(connection)
    dated = equipment["calibrated"].notna() | equipment["calibration_due"].notna()
    measures = equipment["kind"].str.contains("sensor|gauge|gage|logger|scale|thermometer", case=False, na=False)
    found: list[dict[str, Any]] = plain(calibration_state(equipment[dated | measures], now, soon_days=soon_days))
    return found


def _deliveries(runs: pd.DataFrame, inspections: pd.DataFrame) -> pd.DataFrame:
    told = inspections[inspections["passed"].notna()]
    verdicts = [
        told.assign(passed=told["passed"].astype(bool)).groupby(name)["passed"].all() for name in ("item", "run")
    ]
    by_item, by_run = runs["item"].map(verdicts[0]), runs["run"].map(verdicts[1])
    # the worse of the two where both are known: 1 accepted, 0 not, NaN unknown
    accepted = np.fmin(by_item.astype(float), by_run.astype(float))
    unknown = pd.Series(pd.NaT, index=runs.index, dtype=TIME_DTYPE)
    units = runs["total"].astype(float)
    return pd.DataFrame(
        {
            "supplier": runs["supplier"], "lot": runs["run"], "received": unknown, "due": unknown, "units": units,
            "nonconforming": units - runs["good"].astype(float), "accepted": accepted,
            "coa_agrees": np.full(len(runs), None, dtype=object),
        }
    )[list(DELIVERY)]  # fmt: skip
