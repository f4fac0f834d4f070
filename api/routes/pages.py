"""The page for people: static files beside this package, and what its start shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse

from api.models.start import Start
from api.state import StateDependency
from ledger.store import meta

router = APIRouter()
DIRECTORY = Path(__file__).resolve().parents[1] / "pages"
#: what a loaded demonstration leaves in the store: `{"showcase": [...], "names": {...}}`
DEMONSTRATION = "demonstration"


@router.get("/", include_in_schema=False)
@router.get("/lot", include_in_schema=False)
@router.get("/spc", include_in_schema=False)
@router.get("/incidents", include_in_schema=False)
def get_start_page() -> FileResponse:
    return FileResponse(DIRECTORY / "index.html")


@router.get("/pages/start.json", response_model=Start, tags=["server"], summary="What the page starts with")
def get_start(state: StateDependency) -> dict[str, Any]:
    """Needs no key."""
    with state.ledger.store.read() as connection:
        kept = meta.get(connection, DEMONSTRATION)
    shown = json.loads(kept) if kept else {"showcase": [], "names": {}}
    known = state.ledger.organisations()
    return {
        "showcase": shown["showcase"],
        "organisations": [{"uri": one.uri, "name": one.name} for one in known],
        "names": {one.uri: one.name for one in known} | shown["names"],
        "demonstration": kept is not None,
    }
