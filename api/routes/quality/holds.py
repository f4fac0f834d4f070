"""Holds on lots and items: list, place, release."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.access import Reader, Writer
from api.bodies import documented_model, json_body
from api.live import book
from api.live.forms import hold_form
from api.models.live import HoldAnswer, HoldsAnswer, NewHold, Release
from api.problem import responses
from api.quality.live.incidents import require_cause_code
from api.routes.quality.incidents import Before, Id, Limit
from api.state import StateDependency
from ledger.identifiers import parse_item
from ledger.store import holds

router = APIRouter(tags=["live"])


@router.get(
    "/quality/holds", response_model=HoldsAnswer, summary="Holds, the newest first", responses=responses(400, 401, 403)
)
def get_holds(
    state: StateDependency,
    _: Reader,
    live: Annotated[bool | None, Query(description="only those that stand, or only those released")] = None,
    item: Annotated[str | None, Query(max_length=2000, description="on this item, in any form")] = None,
    before: Before = None,
    limit: Limit = 100,
) -> JSONResponse:
    wanted = parse_item(item).uri if item is not None else None
    with state.ledger.store.read() as connection:
        rows = holds.newest(connection, live=live, item=wanted, before=before, limit=limit)
    page = [hold_form(row) for row in rows]
    return JSONResponse({"holds": page, "next": rows[-1].id if len(rows) == limit else None})


@router.post(
    "/quality/holds",
    status_code=201,
    response_model=HoldAnswer,
    summary="Put a hold on a lot or item",
    responses=responses(400, 401, 403, 404, 409, 413, 415),
    openapi_extra=documented_model(NewHold),
)
def post_hold(state: StateDependency, caller: Writer, new: Annotated[NewHold, json_body(NewHold)]) -> JSONResponse:
    """Every trace in which the item, or something made of it, appears will show it."""
    item = parse_item(new.item).uri
    if new.cause_code:
        require_cause_code(new.cause_code)
    with state.ledger.store.begin() as connection:
        placed = book.hold(
            connection,
            item,
            reason=new.reason,
            by=caller.author,
            cause_code=new.cause_code,
            incident_id=new.incident,
        )
    state.worker.live.changed()
    return JSONResponse(placed, 201)


@router.post(
    "/quality/holds/{id}/release",
    response_model=HoldAnswer,
    summary="End a hold",
    responses=responses(400, 401, 403, 404, 409, 413, 415),
    openapi_extra=documented_model(Release),
)
def post_release(
    state: StateDependency, caller: Writer, id: Id, release: Annotated[Release, json_body(Release)]
) -> JSONResponse:
    with state.ledger.store.begin() as connection:
        released = book.release(connection, id, by=caller.author, reason=release.reason)
    state.worker.live.changed()
    return JSONResponse(released)
