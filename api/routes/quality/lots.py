"""One lot on one screen: GET /quality/lot/{item}. For callers with a key, since it tells of sealed events too."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.access import Reader
from api.analysis.lot import lot_of
from api.models.lot import LotAnswer
from api.paths import ItemInPath
from api.problem import responses
from api.state import StateDependency

router = APIRouter(tags=["quality"])
Market = Annotated[str, Query(max_length=64, description="where the goods are to be sold", examples=["EU"])]


@router.get(
    "/quality/lot/{item:path}",
    response_model=LotAnswer,
    summary="One lot on one screen",
    responses=responses(400, 401, 403, 404),
)
def get_lot(state: StateDependency, _: Reader, item: ItemInPath, market: Market = "") -> JSONResponse:
    """What was decided, what calls for attention, and everything behind it. An item that no event names: 404."""
    return JSONResponse(lot_of(state.ledger.store, item, market=market))
