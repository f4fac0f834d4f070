"""The join over HTTP: the quality table of an item, what a measurement touches, and the cleaning pipeline."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.access import Anyone, Reader, Writer
from api.analysis import pipeline as pipelines
from api.analysis.data_quality import data_quality
from api.analysis.quality_table import as_csv, reading_id, table_of, touched_by
from api.bodies import JSON, SMALL, body, documented
from api.models.join import PipelineAnswer, QualityTable, Touched
from api.models.trace import Direction
from api.problem import responses
from api.quality.plain import plain
from api.state import StateDependency
from ledger.errors import InvalidInput
from ledger.events import parse_json, parse_time
from ledger.identifiers import parse_item

router = APIRouter(tags=["quality"])

_STEPS = [{"step": "missing"}, {"step": "stuck", "parameters": {"count": 20}}]
_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
Id = Annotated[int | None, Query(ge=1, le=2**62)]


@router.get(
    "/quality/table",
    response_model=QualityTable,
    summary="All that was measured of an item by genealogy",
    responses=_CSV | responses(400, 401),
)
def get_table(
    request: Request,
    state: StateDependency,
    caller: Anyone,
    item: Annotated[str, Query(max_length=2000, description="in any form")],
    direction: Annotated[Direction, Query(description="`backward`: with what it was made of")] = "backward",
    depth: Annotated[int | None, Query(ge=0, le=1000, description="how many edges to follow; without: all")] = None,
) -> Response:
    """One row per event, item and quantity; as CSV with `Accept: text/csv`."""
    withheld = not caller.may("read")
    table, digest = table_of(state.ledger.store, item, direction=direction, depth=depth, only_open=withheld)
    if "text/csv" in request.headers.get("accept", ""):
        return Response(as_csv(table), media_type="text/csv")
    answer = {"item": parse_item(item).uri, "pipeline": digest, "withheld": withheld}
    return JSONResponse(answer | {"data_quality": data_quality(table), "rows": plain(table)})


@router.get(
    "/quality/touched",
    response_model=Touched,
    summary="What a measurement touches",
    responses=responses(400, 401, 403, 404),
)
def get_touched(
    state: StateDependency,
    _: Reader,
    sensor: Annotated[str | None, Query(max_length=2000, description="with time and quantity_kind: a reading")] = None,
    time: Annotated[str | None, Query(max_length=64, examples=["2026-06-01T06:00:00Z"])] = None,
    quantity_kind: Annotated[str | None, Query(max_length=500)] = None,
    reading: Id = None,
    inspection: Id = None,
    result: Id = None,
) -> JSONResponse:
    """The items measured, and all that they went into since; of an inspection or result, whatever they went into."""
    store = state.ledger.store
    named = {"reading": reading, "inspection": inspection, "result": result}
    given = [(name, identity) for name, identity in named.items() if identity is not None]
    if sensor is not None and time is not None and quantity_kind is not None and not given:
        given = [("reading", reading_id(store, sensor, parse_time(time), quantity_kind))]
    if len(given) != 1:
        raise InvalidInput(
            "which measurement?", expected="sensor, time and quantity_kind; or one of reading, inspection, result"
        )
    return JSONResponse(touched_by(store, *given[0]))


@router.get(
    "/quality/pipeline",
    response_model=PipelineAnswer,
    summary="The cleaning pipeline in force",
    responses=responses(400, 401, 403, 404),
)
def get_pipeline(
    state: StateDependency,
    _: Reader,
    digest: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$", description="one that was in force once")] = None,
) -> JSONResponse:
    return JSONResponse(pipelines.shown(state.ledger.store, digest))


@router.put(
    "/quality/pipeline",
    response_model=PipelineAnswer,
    summary="Put a cleaning pipeline in force",
    responses=responses(400, 401, 403, 413, 415),
    openapi_extra=documented(JSON[:1], {"type": "array", "items": {"type": "object"}}, _STEPS),
)
def put_pipeline(state: StateDependency, _: Writer, document: Annotated[bytes, body(JSON, SMALL)]) -> JSONResponse:
    """Steps in order; what is left out of a step is as usual. Readings stay as they are: only what counts changes."""
    return JSONResponse(pipelines.put(state.ledger.store, parse_json(document), by="api"))
