"""Proofs: the canonical bytes of a bundle, to be checked by anyone with `lotmark verify`, or with their own program."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.access import Caller, CallerDependency
from api.forms import parse_hash
from api.problem import responses
from api.state import State, StateDependency
from ledger.errors import NotFound
from ledger.store import events

router = APIRouter(tags=["proofs"])

_COMMITMENT = "0x3b1f4f6d8a7c5e2d1b0a99887766554433221100ffeeddccbbaa998877665544"
_BUNDLE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the bundle",
        "content": {"application/json": {"schema": {"type": "object", "description": "see docs/bundle.md"}}},
    }
}
Hide = Annotated[
    list[str],
    Query(max_length=100, description="JSON pointers: what is at and beneath them stays hidden", examples=[["/ilmd"]]),
]


@router.get(
    "/proofs/{commitment}",
    response_class=Response,
    summary="A bundle that proves one event",
    responses=_BUNDLE | responses(400, 401, 404, 409),
)
def get_proof(commitment: str, state: StateDependency, caller: CallerDependency, hide: Hide = []) -> Response:  # noqa: B006
    """409 while the event is in no record yet. A sealed event's is not found without a key."""
    wanted = parse_hash(commitment)
    _check_shown(state, caller, wanted)
    return _bundle(state, [wanted], hide, f"{commitment[:14]}.bundle.json")


def _check_shown(state: State, caller: Caller, commitment: bytes) -> None:
    with state.ledger.store.read() as connection:
        found = events.by_commitment(connection, commitment)
    if found is None or not (found.is_open or caller.may("read")):
        raise NotFound(f"no event with the commitment 0x{commitment.hex()}", advice="Sealed ones need an API key.")


def _bundle(state: State, commitments: list[bytes], hide: list[str], name: str) -> Response:
    bundle = state.ledger.prove(commitments, hide=hide)
    return Response(
        bundle.encode(),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
