"""GET /quality/stream: incidents and holds as they happen, as server-sent events."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from api.access import Reader
from api.live.stream import follow
from api.problem import responses
from api.state import StateDependency

router = APIRouter(tags=["live"])
_ANSWER = {
    "description": "events `incident.opened`, `incident.cleared`, `incident.acknowledged`, `incident.owned`, "
    "`incident.closed`, `hold.placed`, `hold.released`, whose data is the incident or hold; `reset`: read them again",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


@router.get(
    "/quality/stream",
    response_class=StreamingResponse,
    summary="Follow incidents and holds",
    responses={200: _ANSWER, **responses(400, 401, 403, 503)},
)
async def get_stream(
    state: StateDependency,
    caller: Reader,
    last_event_id: Annotated[str | None, Header(description="go on after this event")] = None,
) -> StreamingResponse:
    """From now on, or after `Last-Event-ID`. A comment every 15 seconds shows that it lives.

    Ends with the server, and once the caller's API key is revoked: nothing that happens afterwards is sent.
    """
    stream = state.worker.live.stream
    if stream.is_full:
        raise HTTPException(503, "there are too many followers; try again later")
    known = last_event_id is not None and last_event_id.isascii() and last_event_id.isdecimal()
    after = min(int(last_event_id[:18]), 2**53) if known and last_event_id else None
    key = caller.name if caller.has_key and caller.scope != "operator" else None
    return StreamingResponse(follow(state.ledger.store, stream, after, key), media_type="text/event-stream")
