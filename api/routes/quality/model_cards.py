"""The cards of models: registered with POST /quality/models, listed with their state on the chain."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.access import Reader, Writer
from api.analysis.model_registry import register, registered
from api.bodies import body, documented
from api.models.model_cards import RegisteredModel
from api.problem import responses
from api.state import StateDependency

router = APIRouter(tags=["quality"])
_JSON = ("application/json",)
_CARD = {"type": "object", "description": "card.json as it was written, byte for byte"}


@router.get(
    "/quality/models",
    response_model=list[RegisteredModel],
    summary="The models whose cards are known here",
    responses=responses(401, 403),
)
def get_models(state: StateDependency, _: Reader) -> JSONResponse:
    """The newest first. Models are used from their folders; here is which card was registered, and what records it."""
    return JSONResponse(registered(state.ledger.store))


@router.post(
    "/quality/models",
    status_code=201,
    response_model=RegisteredModel,
    summary="Register a model's card",
    responses=responses(400, 401, 403, 413, 415),
    openapi_extra=documented(_JSON, _CARD, {"form": "lotmark:model-card:v1"}),
)
def post_model(state: StateDependency, _: Writer, data: Annotated[bytes, body(_JSON)]) -> JSONResponse:
    """Its bytes are kept, and never changed. The event that puts it on record is captured like any other."""
    return JSONResponse(register(state.ledger.store, data), 201)
