"""The cold chain: how much shelf life an item has left. For callers with a key."""

from __future__ import annotations

from typing import Annotated, Literal

import pandas as pd
from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.access import Reader
from api.analysis.cold_chain import shelf_life_of
from api.analysis.subject import subject_of
from api.models.cold_chain import ShelfLifeAnswer
from api.paths import ItemInPath
from api.problem import responses
from api.quality.cold_chain.ageing import Q10, AgeingModel, Arrhenius, SquareRoot
from api.quality.cold_chain.shelf_life import lasts_until
from api.quality.plain import plain
from api.routes.quality.moments import When, timestamp
from api.state import StateDependency
from ledger.errors import InvalidInput

router = APIRouter(tags=["quality"])

Celsius = Annotated[float | None, Query(ge=-200, le=200, allow_inf_nan=False, description="°C")]


@router.get(
    "/quality/shelf-life/{item:path}",
    response_model=ShelfLifeAnswer,
    summary="The remaining shelf life of one item",
    responses=responses(400, 401, 403, 404),
)
def get_shelf_life(
    state: StateDependency,
    _: Reader,
    item: ItemInPath,
    days: Annotated[float, Query(gt=0, le=36_500, allow_inf_nan=False, description="shelf life at `reference`")],
    reference: Annotated[float, Query(ge=-100, le=100, allow_inf_nan=False, description="°C")] = 4.0,
    model: Annotated[Literal["q10", "arrhenius", "square_root"], Query(description="of ageing")] = "q10",
    q10: Annotated[float, Query(ge=1, le=100, allow_inf_nan=False)] = 2.0,
    energy: Annotated[float, Query(gt=0, le=500, allow_inf_nan=False, description="Arrhenius, kJ/mol")] = 83.14,
    minimum: Annotated[float, Query(ge=-150, le=50, allow_inf_nan=False, description="square root, °C")] = -10.0,
    since: When = None,
    until: When = None,
    low: Celsius = None,
    high: Celsius = None,
    ahead: Celsius = None,
) -> JSONResponse:
    """Integrated over every reading that belongs to it. Time without readings is unknown: it counts at `low` in the
    best case and at `high` in the worst; without the two nothing is known of it.
    """
    if (low is None) != (high is None):
        raise InvalidInput("only one plausible temperature", expected="both low and high, or neither")
    chosen = _model(model, reference, q10, energy, minimum)
    plausible = None if low is None or high is None else (low, high)
    now = timestamp(until) or pd.Timestamp.now(tz="UTC").as_unit("us")
    with state.ledger.store.read() as connection:
        subject = subject_of(connection, item)
        life = shelf_life_of(
            connection,
            subject.trace,
            subject.uri,
            model=chosen,
            shelf_life=pd.Timedelta(days=days),
            since=timestamp(since),
            until=now,
            plausible=plausible,
        )
    first, last = lasts_until(life, chosen, reference if ahead is None else ahead)
    ends = {"ends_first": plain(first), "ends_last": plain(last)}
    return JSONResponse({"item": subject.uri, **plain(life), "certain": life.certain, **ends})


def _model(name: str, reference: float, q10: float, energy: float, minimum: float) -> AgeingModel:
    if name == "arrhenius":
        return Arrhenius.of(energy, reference)
    return Q10(q10, reference) if name == "q10" else SquareRoot(minimum, reference)
