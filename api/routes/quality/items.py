"""What was measured: GET /quality/{item}."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.access import Anyone
from api.models.quality import QualityAnswer
from api.paths import ItemInPath
from api.problem import responses
from api.state import StateDependency
from api.traces import measured

router = APIRouter(tags=["quality"])


@router.get(
    "/quality/{item:path}",
    response_model=QualityAnswer,
    summary="What was measured of one item",
    responses=responses(400, 401, 404),
)
def get_quality(state: StateDependency, caller: Anyone, item: ItemInPath) -> JSONResponse:
    """Per step of its way and quantity kind. Time that no reading speaks for is unknown, never in range."""
    return JSONResponse(measured(state.ledger.store, caller, item))
