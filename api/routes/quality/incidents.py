"""Incidents: list them, acknowledge, own, close; those who may read see them, those who may write decide."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from api.access import Reader, Writer
from api.bodies import documented_model, json_body
from api.live import book
from api.live.forms import incident_form, incident_of
from api.models.live import Closing, IncidentAnswer, IncidentsAnswer, Owner
from api.problem import responses
from api.state import StateDependency
from ledger.events import parse_time
from ledger.identifiers import parse_item
from ledger.store import incidents

router = APIRouter(tags=["live"])
Id = Annotated[int, Path(ge=1, le=2**53, examples=[12])]
Before = Annotated[int | None, Query(ge=1, le=2**53, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=1000, description="most entries on the page")]


@router.get(
    "/quality/incidents",
    response_model=IncidentsAnswer,
    summary="Incidents, the newest first",
    responses=responses(400, 401, 403),
)
def get_incidents(
    state: StateDependency,
    _: Reader,
    live: Annotated[
        bool | None, Query(description="only those whose cause goes on, or only those that are over")
    ] = None,
    item: Annotated[str | None, Query(max_length=2000, description="of this item, in any form")] = None,
    kind: Annotated[str | None, Query(max_length=100, description="such as specification, or missing")] = None,
    before: Before = None,
    limit: Limit = 100,
) -> JSONResponse:
    wanted = parse_item(item).uri if item is not None else None
    with state.ledger.store.read() as connection:
        rows = incidents.newest(connection, live=live, item=wanted, kind=kind, before=before, limit=limit)
    shown = [incident_form(row.id, incident_of(row)) for row in rows]
    return JSONResponse({"incidents": shown, "next": rows[-1].id if len(rows) == limit else None})


@router.get(
    "/quality/incidents/{id}",
    response_model=IncidentAnswer,
    summary="One incident",
    responses=responses(400, 401, 403, 404),
)
def get_incident(state: StateDependency, _: Reader, id: Id) -> JSONResponse:
    with state.ledger.store.read() as connection:
        row = incidents.get(connection, id)
    return JSONResponse(incident_form(row.id, incident_of(row)))


@router.post(
    "/quality/incidents/{id}/acknowledge",
    response_model=IncidentAnswer,
    summary="Say that an incident was seen",
    responses=responses(400, 401, 403, 404),
)
def post_acknowledge(state: StateDependency, caller: Writer, id: Id) -> JSONResponse:
    """The first who does counts."""
    with state.ledger.store.begin() as connection:
        answer = book.acknowledge(connection, id, caller.author)
    return _changed(state, answer)


@router.post(
    "/quality/incidents/{id}/owner",
    response_model=IncidentAnswer,
    summary="Say who sees to an incident",
    responses=responses(400, 401, 403, 404, 409, 413, 415),
    openapi_extra=documented_model(Owner),
)
def post_owner(state: StateDependency, _: Writer, id: Id, owner: Annotated[Owner, json_body(Owner)]) -> JSONResponse:
    due_at = parse_time(owner.due_at) if owner.due_at is not None else None
    with state.ledger.store.begin() as connection:
        answer = book.own(connection, id, owner.owner, due_at)
    return _changed(state, answer)


@router.post(
    "/quality/incidents/{id}/close",
    response_model=IncidentAnswer,
    summary="Say why an incident was, and what was done",
    responses=responses(400, 401, 403, 404, 409, 413, 415),
    openapi_extra=documented_model(Closing),
)
def post_close(
    state: StateDependency, caller: Writer, id: Id, closing: Annotated[Closing, json_body(Closing)]
) -> JSONResponse:
    """A live one is cleared thereby; should its cause go on, the next reading opens a new one."""
    with state.ledger.store.begin() as connection:
        answer = book.close(connection, id, caller.author, closing.cause_code, closing.corrective_action)
    return _changed(state, answer)


def _changed(state: Any, answer: dict[str, Any]) -> JSONResponse:
    state.worker.live.changed()
    return JSONResponse(answer)
