"""Acceptance sampling: the standard's plan for a lot, what any plan lets pass, the smallest plan for two risks."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.access import Anyone
from api.analysis.sampling import operating_characteristic, plan_for_lot, plan_of, plan_through
from api.models.manufacturing import FoundPlanAnswer, LotPlanAnswer, OperatingAnswer
from api.problem import responses
from api.quality.manufacturing.sampling.find import MOST_IN_LOT, RiskPoint

router = APIRouter(tags=["quality"])

Distribution = Annotated[
    Literal["binomial", "poisson", "hypergeometric"],
    Query(description="nonconforming units of a process, defects per unit, nonconforming units of a finite lot"),
]
LotSize = Annotated[int | None, Query(ge=2, le=10_000_000, description="without it the lot counts as endless")]
Fraction = Annotated[float, Query(gt=0, lt=1, description="0.015 is 1.5 %")]


@router.get(
    "/quality/sampling/plan",
    response_model=LotPlanAnswer,
    summary="The standard's sampling plan for a lot",
    responses=responses(400, 401),
)
def get_plan(
    _: Anyone,
    lot_size: Annotated[int, Query(ge=2, le=10_000_000_000, examples=[5000])],
    aql: Annotated[float, Query(description="percent, of the standard's series", examples=[1.5])],
    level: Annotated[Literal["I", "II", "III", "S-1", "S-2", "S-3", "S-4"], Query()] = "II",
    severity: Annotated[Literal["normal", "tightened", "reduced"], Query()] = "normal",
    kind: Annotated[Literal["single", "double"], Query()] = "single",
) -> JSONResponse:
    """ANSI/ASQ Z1.4, ISO 2859-1, MIL-STD-105E; reduced plans are those of MIL-STD-105E."""
    return JSONResponse(plan_for_lot(lot_size, aql, level, severity, double=kind == "double"))


@router.get(
    "/quality/sampling/oc",
    response_model=OperatingAnswer,
    summary="What a sampling plan lets pass",
    responses=responses(400, 401),
)
def get_operating_characteristic(
    _: Anyone,
    n: Annotated[list[Annotated[int, Query(ge=1, le=1_000_000)]], Query(min_length=1, max_length=2)],
    ac: Annotated[list[Annotated[int, Query(ge=0, le=500)]], Query(min_length=1, max_length=2)],
    re: Annotated[list[Annotated[int, Query(ge=1, le=501)]], Query(max_length=2, description="without it Ac + 1")] = [],  # noqa: B006  # FastAPI copies it
    model: Distribution = "binomial",
    lot_size: LotSize = None,
) -> JSONResponse:
    """A single plan from one n, Ac, Re; a double plan from two of each. Qualities are fractions."""
    return JSONResponse(operating_characteristic(plan_of(n, ac, re), model, lot_size))


@router.get(
    "/quality/sampling/find",
    response_model=FoundPlanAnswer,
    summary="The smallest sampling plan for two risks",
    responses=responses(400, 401),
)
def get_found_plan(
    _: Anyone,
    producer_quality: Fraction,
    consumer_quality: Fraction,
    producer_probability: Annotated[float, Query(gt=0, lt=1, description="passes at least so often")] = 0.95,
    consumer_probability: Annotated[float, Query(gt=0, lt=1, description="passes at most so often")] = 0.10,
    method: Annotated[Literal["attributes", "sigma_known", "sigma_unknown"], Query()] = "attributes",
    model: Distribution = "binomial",
    lot_size: Annotated[int | None, Query(ge=2, le=MOST_IN_LOT, description="of the hypergeometric model")] = None,
) -> JSONResponse:
    """By attributes, or by variables with the process's σ known or estimated from the sample."""
    points = (RiskPoint(producer_quality, producer_probability), RiskPoint(consumer_quality, consumer_probability))
    return JSONResponse(plan_through(*points, method=method, model=model, lot_size=lot_size))
