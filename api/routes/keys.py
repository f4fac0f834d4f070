"""API keys, for the operator: list, make, revoke."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from api.access import Operator
from api.bodies import documented_model, json_body
from api.models.keys import KeyAnswer, MadeKey, NewKey
from api.problem import responses
from api.state import State, StateDependency
from ledger.events import format_time
from ledger.store import api_keys
from ledger.store.api_keys import ApiKey

router = APIRouter(tags=["keys"])


@router.get("/keys", response_model=list[KeyAnswer], summary="All API keys", responses=responses(401, 403))
def get_keys(state: StateDependency, _: Operator) -> list[KeyAnswer]:
    with state.ledger.store.read() as connection:
        found = api_keys.list_all(connection)
    return [_answer(state, key) for key in found]


@router.post(
    "/keys",
    status_code=201,
    response_model=MadeKey,
    summary="Make an API key",
    responses=responses(400, 401, 403, 413, 415),
    openapi_extra=documented_model(NewKey),
)
def post_key(state: StateDependency, _: Operator, new: Annotated[NewKey, json_body(NewKey)]) -> MadeKey:
    """The answer is the only place where the key is ever shown."""
    organisation = state.ledger.organisation(new.organisation) if new.organisation else None
    with state.ledger.store.begin() as connection:
        key = api_keys.create(
            connection, new.scope, organisation_id=organisation.id if organisation else None, note=new.note
        )
        made = api_keys.authenticate(connection, key)
    assert made is not None  # noqa: S101  it was made in this very transaction
    return MadeKey(**_answer(state, made).model_dump(), key=key)


@router.delete(
    "/keys/{id}",
    status_code=204,
    response_class=Response,
    summary="Revoke an API key",
    responses=responses(401, 403, 404),
)
def delete_key(id: str, state: StateDependency, _: Operator) -> None:
    with state.ledger.store.begin() as connection:
        api_keys.revoke(connection, id)


def _answer(state: State, key: ApiKey) -> KeyAnswer:
    uris = {one.id: one.uri for one in state.ledger.organisations()}
    return KeyAnswer(
        id=key.id,
        scope="write" if key.scope == "write" else "read",
        organisation=uris[key.organisation_id] if key.organisation_id else None,
        note=key.note,
        created_at=format_time(key.created_at),
        revoked_at=None if key.revoked_at is None else format_time(key.revoked_at),
    )
