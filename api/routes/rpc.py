"""POST /rpc: the embedded chain as read-only JSON-RPC, so that a verifier uses the same door as on any network."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.bodies import JSON, body, documented
from api.problem import responses
from api.state import StateDependency
from ledger.chain import rpc
from ledger.chain.connect import EMBEDDED
from ledger.chain.json_rpc import PARSE_ERROR
from ledger.errors import InvalidInput, NotFound
from ledger.events import parse_json

router = APIRouter(tags=["chain"])
_LIMIT = 2**20
_REQUEST = {"description": "a request of JSON-RPC 2.0, or a list of up to 100"}
_ANSWERED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the answer, or the answers",
        "content": {"application/json": {"example": {"jsonrpc": "2.0", "id": 1, "result": "0x4c4f544d"}}},
    },
    204: {"description": "nothing is to be answered: only notifications"},
}


@router.post(
    "/rpc",
    response_class=Response,
    summary="Ask the chain",
    responses=_ANSWERED | responses(404, 413, 415),
    openapi_extra=documented(JSON[:1], _REQUEST, {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}),
)
def post_rpc(state: StateDependency, payload: Annotated[bytes, body(JSON[:1], _LIMIT)]) -> Response:
    """Needs no key; nothing here can send a transaction. Only for an embedded chain: a node is asked itself."""
    if state.settings.chain != EMBEDDED:
        raise NotFound(
            "this home's chain is not inside this server", advice="Ask a node of that chain that you choose."
        )
    try:
        request = parse_json(payload)
    except InvalidInput as error:
        refusal = {"code": PARSE_ERROR, "message": str(error)}
        return JSONResponse({"jsonrpc": "2.0", "id": None, "error": refusal})
    answer = rpc.handle(state.ledger.chain, request)
    return Response(status_code=204) if answer is None else JSONResponse(answer)
