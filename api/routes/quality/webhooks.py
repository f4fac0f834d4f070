"""Webhooks, for the operator alone: whoever adds one makes this server send requests to where they point."""

from __future__ import annotations

from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Path, Response
from sqlalchemy import Connection

from api.access import Operator
from api.bodies import documented_model, json_body
from api.live.deliveries import secret_of
from api.models.live import MadeWebhook, NewWebhook, WebhookAnswer
from api.problem import responses
from api.state import StateDependency
from ledger.errors import InvalidInput
from ledger.events import format_time
from ledger.store import webhooks

router = APIRouter(tags=["live"])


@router.get(
    "/quality/webhooks", response_model=list[WebhookAnswer], summary="All webhooks", responses=responses(401, 403)
)
def get_webhooks(state: StateDependency, _: Operator) -> list[WebhookAnswer]:
    with state.ledger.store.read() as connection:
        return [WebhookAnswer(**_form(connection, row)) for row in webhooks.list_all(connection)]


@router.post(
    "/quality/webhooks",
    status_code=201,
    response_model=MadeWebhook,
    summary="Tell a URL of incidents and holds from now on",
    responses=responses(400, 401, 403, 409, 413, 415),
    openapi_extra=documented_model(NewWebhook),
)
def post_webhook(state: StateDependency, _: Operator, new: Annotated[NewWebhook, json_body(NewWebhook)]) -> MadeWebhook:
    """The answer is the only place where its secret is shown."""
    url = _checked(new.url)
    with state.ledger.store.begin() as connection:
        row = webhooks.add(connection, url)
        form = _form(connection, row)
    return MadeWebhook(**form, secret=secret_of(state.ledger.store, row.salt))


@router.delete(
    "/quality/webhooks/{id}",
    status_code=204,
    response_class=Response,
    summary="Remove a webhook, and what it has not taken yet",
    responses=responses(400, 401, 403, 404),
)
def delete_webhook(state: StateDependency, _: Operator, id: Annotated[int, Path(ge=1, le=2**53, examples=[1])]) -> None:
    with state.ledger.store.begin() as connection:
        webhooks.remove(connection, id)


def _checked(text: str) -> str:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise InvalidInput(f"no URL: {error}", where="/url", expected="http:// or https://") from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.fragment:
        raise InvalidInput("no URL to post to", where="/url", expected="http:// or https://, without a user or #")
    return str(url)


def _form(connection: Connection, row: Any) -> dict[str, Any]:
    waiting, error = webhooks.owed(connection, row.id)
    form = {"id": row.id, "url": row.url, "created_at": format_time(row.created_at)}
    return form | {"waiting": waiting, "dropped": webhooks.dropped(connection, row.id), "last_error": error}
