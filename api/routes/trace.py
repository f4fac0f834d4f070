"""GET /trace/{item} and GET /events/{eventID}."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.access import Anyone
from api.models.trace import Direction, Events, TraceAnswer
from api.paths import EventIdInPath, ItemInPath
from api.problem import responses
from api.state import StateDependency
from api.traces import bearing, traced

router = APIRouter(tags=["trace"])
Depth = Annotated[int | None, Query(ge=0, le=1000, description="how many edges to follow each way; without: all")]
Way = Annotated[Direction, Query(description="`backward`: what it is made of; `forward`: what it went into")]


@router.get(
    "/trace/{item:path}",
    response_model=TraceAnswer,
    summary="Trace a product by its ID",
    responses=responses(400, 401, 404),
)
def get_trace(
    state: StateDependency,
    caller: Anyone,
    item: ItemInPath,
    direction: Way = "both",
    depth: Depth = None,
    limit: Annotated[int, Query(ge=1, le=100_000, description="most events")] = 10_000,
    quality: Annotated[bool, Query(description="with what was measured")] = True,
) -> JSONResponse:
    """An item that no event names has an empty trace, which says nothing about whether it exists."""
    store = state.ledger.store
    return JSONResponse(
        traced(store, caller, item, direction=direction, depth=depth, limit=limit, with_quality=quality)
    )


@router.get(
    "/events/{eventID:path}",
    response_model=Events,
    summary="All events that bear an eventID",
    responses=responses(400, 401, 404),
)
def get_events(state: StateDependency, caller: Anyone, event_id: EventIdInPath) -> JSONResponse:
    """An eventID is not unique: an error declaration shares it with what it corrects. A commitment names one event."""
    return JSONResponse(bearing(state.ledger.store, caller, event_id))
