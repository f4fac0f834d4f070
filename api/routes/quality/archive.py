"""Loading millions of readings at once: POST /quality/archive. For the operator: a file may be as large as the disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.exceptions import HTTPException

from api.access import Operator
from api.analysis.archive import archive_in
from api.bodies import documented
from api.models.archive import ArchiveAnswer
from api.problem import responses
from api.state import StateDependency, state_of

router = APIRouter(tags=["quality"])

_SUFFIXES = {"text/csv": ".csv", "application/vnd.apache.parquet": ".parquet"}
_EXAMPLE = """\
time,sensor,place,quantity_kind,value,unit
2026-06-01T06:00:00Z,urn:epc:id:giai:9521000.T17,https://id.gs1.org/414/9521000000018,Temperature,3.4,CEL
"""


async def _received(request: Request, _: Operator) -> AsyncIterator[Path]:
    """The body, written to the archive's own disk as it comes in; gone after the answer."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _SUFFIXES:
        raise HTTPException(415, f"the body is {media_type or 'of no stated type'}; expected {' or '.join(_SUFFIXES)}")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, "the body is compressed; expected it as it is")
    with archive_in(state_of(request).ledger.store.directory).draft() as folder:
        file = folder / f"upload{_SUFFIXES[media_type]}"
        with file.open("wb") as stream:
            async for chunk in request.stream():
                stream.write(chunk)
        yield file


@router.post(
    "/quality/archive",
    response_model=ArchiveAnswer,
    summary="Load readings into the archive",
    responses=responses(400, 401, 403, 413, 415),
    openapi_extra=documented(tuple(_SUFFIXES), {"type": "string"}, _EXAMPLE),
)
def post_archive(
    state: StateDependency,
    _: Operator,
    received: Annotated[Path, Depends(_received)],
    file: Annotated[str, Query(max_length=500, description="the file's name, for problems")] = "",
) -> ArchiveAnswer:
    """All of a CSV or Parquet file with the columns of readings, or nothing; durable once answered. Any size."""
    loaded = archive_in(state.ledger.store.directory).load(received, source=file)
    return ArchiveAnswer(**asdict(loaded))
