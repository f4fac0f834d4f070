"""The page for people: static files beside this package, and what its start shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse

from api.analysis.names import demonstration_in, names_of
from api.models.start import Start
from api.state import StateDependency

router = APIRouter()
DIRECTORY = Path(__file__).resolve().parents[1] / "pages"


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
        note, names = demonstration_in(connection), names_of(connection)
    return {
        "showcase": note["showcase"] if note else [],
        "organisations": [{"uri": one.uri, "name": one.name} for one in state.ledger.organisations()],
        "names": names,
        "demonstration": note is not None,
    }
