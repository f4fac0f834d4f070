"""Proofs: the canonical bytes of a bundle, to be checked by anyone with `lotmark verify`, or with their own program."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.access import Anyone, Caller
from api.forms import parse_hash
from api.problem import responses
from api.routes.trace import Depth, Way
from api.state import State, StateDependency
from api.traces import recorded_of_trace
from ledger.errors import NotFound
from ledger.store import events

router = APIRouter(tags=["proofs"])

_COMMITMENT = "0x3b1f4f6d8a7c5e2d1b0a99887766554433221100ffeeddccbbaa998877665544"
_ITEM = "https://id.gs1.org/01/09521000010017/10/H26-114"
_BUNDLE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the bundle",
        "content": {"application/json": {"schema": {"type": "object", "description": "see docs/bundle.md"}}},
    }
}
Hide = Annotated[
    tuple[str, ...],
    Query(max_length=100, description="JSON pointers: what is at and beneath them stays hidden", examples=[["/ilmd"]]),
]


@router.get(
    "/proofs",
    response_class=Response,
    summary="A bundle that proves all recorded events of a trace",
    responses=_BUNDLE | responses(400, 401, 404, 409),
)
def get_proofs(
    state: StateDependency,
    caller: Anyone,
    item: Annotated[str, Query(max_length=2000, description="an identifier in any form", examples=[_ITEM])],
    direction: Way = "both",
    depth: Depth = None,
    hide: Hide = (),
) -> Response:
    found = recorded_of_trace(state.ledger.store, caller, item, direction=direction, depth=depth)
    return _bundle(state, found, hide, "trace.bundle.json")


@router.get(
    "/proofs/{commitment}",
    response_class=Response,
    summary="A bundle that proves one event",
    responses=_BUNDLE | responses(400, 401, 404, 409),
)
def get_proof(
    commitment: Annotated[str, Path(examples=[_COMMITMENT])],
    state: StateDependency,
    caller: Anyone,
    hide: Hide = (),
) -> Response:
    """409 while the event is in no record yet. A sealed event's is not found without a key."""
    wanted = parse_hash(commitment)
    _check_shown(state, caller, wanted)
    return _bundle(state, [wanted], hide, f"{commitment[:14]}.bundle.json")


def _check_shown(state: State, caller: Caller, commitment: bytes) -> None:
    with state.ledger.store.read() as connection:
        found = events.by_commitment(connection, commitment)
    if found is None or not (found.is_open or caller.may("read")):
        raise NotFound(f"no event with the commitment 0x{commitment.hex()}", advice="Sealed ones need an API key.")


def _bundle(state: State, commitments: Sequence[bytes], hide: Collection[str], name: str) -> Response:
    bundle = state.ledger.prove(commitments, hide=hide)
    return Response(
        bundle.encode(),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
