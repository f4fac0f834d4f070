"""What was measured: GET /quality/{item}, and the import of readings, inspections and limits from CSV."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.access import Anyone, Writer
from api.analysis.imports import import_inspections, import_limits, import_readings
from api.bodies import CSV, body, documented
from api.models.quality import ImportAnswer, QualityAnswer
from api.paths import ItemInPath
from api.problem import responses
from api.state import StateDependency
from api.traces import measured

router = APIRouter(tags=["quality"])
Table = Annotated[bytes, body(CSV)]

_READINGS = """\
time,sensor,place,quantity_kind,value,unit
2026-06-01T06:00:00Z,urn:epc:id:giai:9521000.T17,https://id.gs1.org/414/9521000000018,Temperature,3.4,CEL
"""
_INSPECTIONS = """\
time,item,characteristic,value,unit,passed,inspector
2026-06-01T06:30:00Z,(01)09521000010017(10)H26-114,firmness,6.8,KGM,yes,line 2
"""
_LIMITS = """\
item,quantity_kind,low,high,unit
(01)09521000010017,Temperature,0,5,CEL
"""


def _import(summary: str, example: str) -> dict[str, Any]:
    return {
        "response_model": ImportAnswer,
        "summary": summary,
        "responses": responses(400, 401, 403, 413, 415),
        "openapi_extra": documented(CSV, {"type": "string"}, example),
    }


@router.get(
    "/quality/{item:path}",
    response_model=QualityAnswer,
    summary="What was measured of one item",
    responses=responses(400, 401, 404),
)
def get_quality(state: StateDependency, caller: Anyone, item: ItemInPath) -> JSONResponse:
    """Per step of its way and quantity kind. Time that no reading speaks for is unknown, never in range."""
    return JSONResponse(measured(state.ledger.store, caller, item))


@router.post("/quality/readings", **_import("Import sensor readings", _READINGS))
def post_readings(state: StateDependency, _: Writer, table: Table) -> ImportAnswer:
    """All rows or none. A reading of the same sensor, time and kind is there already: the first stands."""
    return ImportAnswer(**asdict(import_readings(state.ledger.store, table, source="")))


@router.post("/quality/inspections", **_import("Import inspections", _INSPECTIONS))
def post_inspections(state: StateDependency, _: Writer, table: Table) -> ImportAnswer:
    """All rows or none."""
    return ImportAnswer(**asdict(import_inspections(state.ledger.store, table, source="")))


@router.post("/quality/limits", **_import("Set limits", _LIMITS))
def post_limits(state: StateDependency, _: Writer, table: Table) -> ImportAnswer:
    """All rows or none. Binding for an item is its own limit, else its lot's, its GTIN's, or everything's."""
    return ImportAnswer(**asdict(import_limits(state.ledger.store, table, source="")))
