"""Manufactured goods: gauge studies, effectiveness, yields, scorecards, calibration. For callers with a key."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.access import Reader
from api.analysis.manufacturing import (
    calibrations,
    gage_of_inspections,
    oee,
    process_yield_of,
    study_as_answer,
    supplier_scorecards,
)
from api.bodies import CSV, body, documented
from api.models.manufacturing import (
    CalibrationAnswer,
    EffectivenessAnswer,
    GageAnswer,
    ScorecardsAnswer,
    YieldAnswer,
)
from api.problem import responses
from api.quality.manufacturing.gage import gage_study
from api.quality.manufacturing.study_file import read_gage_study
from api.routes.quality.moments import When, microseconds
from api.state import StateDependency
from ledger.store.clock import now

router = APIRouter(tags=["quality"])

Bound = Annotated[float | None, Query(allow_inf_nan=False, description="end of the tolerance")]
_STUDY = """\
part,operator,value
A,Ana,1.27
A,Ana,1.31
A,Ben,1.34
A,Ben,1.32
B,Ana,1.12
B,Ana,1.09
B,Ben,1.20
B,Ben,1.10
"""


@router.get(
    "/quality/oee",
    response_model=list[EffectivenessAnswer],
    summary="Overall equipment effectiveness",
    responses=responses(400, 401, 403),
)
def get_oee(
    state: StateDependency,
    _: Reader,
    by: Annotated[
        str,
        Query(
            max_length=200, description="commas between: equipment, item, operator, shift, supplier, day, week, month"
        ),
    ] = "equipment",
    zone: Annotated[
        str, Query(max_length=64, description="whose clocks make days", examples=["Europe/Zurich"])
    ] = "UTC",
    equipment: Annotated[str | None, Query(max_length=2000)] = None,
    start: When = None,
    end: When = None,
) -> JSONResponse:
    """Of the runs that began in the time, summed before anything is divided."""
    groups = [name.strip() for name in by.split(",")]
    with state.ledger.store.read() as connection:
        return JSONResponse(
            oee(connection, by=groups, zone=zone, equipment=equipment, start=microseconds(start), end=microseconds(end))
        )


@router.get(
    "/quality/yield",
    response_model=YieldAnswer,
    summary="Yield of a process, step by step",
    responses=responses(400, 401, 403, 404),
)
def get_yield(
    state: StateDependency,
    _: Reader,
    item: Annotated[str | None, Query(max_length=2000, description="what the runs made")] = None,
    start: When = None,
    end: When = None,
) -> JSONResponse:
    """First pass yield per step, rolled throughput yield, DPMO and the sigma level with its conventional shift."""
    with state.ledger.store.read() as connection:
        return JSONResponse(process_yield_of(connection, item=item, start=microseconds(start), end=microseconds(end)))


@router.get(
    "/quality/suppliers",
    response_model=ScorecardsAnswer,
    summary="Supplier scorecards",
    responses=responses(400, 401, 403),
)
def get_suppliers(state: StateDependency, _: Reader, start: When = None, end: When = None) -> JSONResponse:
    """Shares with intervals, and which suppliers cannot be told apart. There is no rank."""
    with state.ledger.store.read() as connection:
        return JSONResponse(supplier_scorecards(connection, _now(), start=microseconds(start), end=microseconds(end)))


@router.get(
    "/quality/gage",
    response_model=GageAnswer,
    summary="Gage R&R from inspections",
    responses=responses(400, 401, 403, 404),
)
def get_gage(
    state: StateDependency,
    _: Reader,
    characteristic: Annotated[str, Query(min_length=1, max_length=500)],
    low: Bound = None,
    high: Bound = None,
    start: When = None,
    end: When = None,
) -> JSONResponse:
    """Items (and samples) are the parts, inspectors the operators; every one measures every part equally often."""
    with state.ledger.store.read() as connection:
        found = gage_of_inspections(
            connection, characteristic, low=low, high=high, start=microseconds(start), end=microseconds(end)
        )
    return JSONResponse(found)


@router.post(
    "/quality/gage",
    response_model=GageAnswer,
    summary="Gage R&R from a table",
    responses=responses(400, 401, 403, 413, 415),
    openapi_extra=documented(CSV, {"type": "string"}, _STUDY),
)
def post_gage(_: Reader, table: Annotated[bytes, body(CSV)], low: Bound = None, high: Bound = None) -> JSONResponse:
    """CSV with the columns part, operator, value. Nothing of it is kept."""
    return JSONResponse(study_as_answer(gage_study(read_gage_study(table, source=""), low=low, high=high)))


@router.get(
    "/quality/calibration",
    response_model=list[CalibrationAnswer],
    summary="Which equipment is due for calibration",
    responses=responses(400, 401, 403),
)
def get_calibration(
    state: StateDependency,
    _: Reader,
    soon_days: Annotated[float, Query(ge=0, le=3650, description="from so many days before on it is due soon")] = 30,
) -> JSONResponse:
    """Sensors, gauges and scales, the worst first; without a date the calibration is unknown."""
    with state.ledger.store.read() as connection:
        return JSONResponse(calibrations(connection, _now(), soon_days))


def _now() -> pd.Timestamp:
    return pd.Timestamp(now(), unit="us", tz="UTC").as_unit("us")
