"""Root cause through genealogy: what bad items have in common upstream. For callers with a key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.access import Reader
from api.analysis.root_cause import Question, explain
from api.bodies import CSV, body, documented
from api.models.root_cause import RootCauseAnswer
from api.problem import responses
from api.quality.root_cause.named_items import read_named_items
from api.routes.quality.moments import When, microseconds
from api.state import StateDependency

router = APIRouter(tags=["quality"])

Name = Annotated[str, Query(min_length=1, max_length=500, description="what was inspected")]
Levels = Annotated[int | None, Query(ge=1, le=1000, description="how far up is looked; without: all the way")]
Width = Annotated[str, Query(max_length=32, description="of time windows, such as `8h`; `none`: no windows")]
Table = Annotated[bytes, body(CSV)]

_NAMED = """\
item,bad
(01)09521000010024(10)S26-301,yes
(01)09521000010024(10)S26-302,no
"""


@router.get(
    "/quality/root-cause",
    response_model=RootCauseAnswer,
    summary="What explains the items that failed an inspection",
    responses=responses(400, 401, 403, 404),
)
def get_root_cause(
    state: StateDependency,
    _: Reader,
    characteristic: Name,
    start: When = None,
    end: When = None,
    levels: Levels = None,
    window: Width = "8h",
) -> JSONResponse:
    """Of items inspected in [start, end), through all transformations known here. Association, not cause."""
    question = Question(
        characteristic=characteristic,
        start=microseconds(start),
        end=microseconds(end),
        levels=levels,
        width=_width(window),
    )
    return JSONResponse(explain(state.ledger.store, question))


@router.post(
    "/quality/root-cause",
    response_model=RootCauseAnswer,
    summary="What explains the items that are named as bad",
    responses=responses(400, 401, 403, 413, 415),
    openapi_extra=documented(CSV, {"type": "string"}, _NAMED),
)
def post_root_cause(
    state: StateDependency, _: Reader, table: Table, levels: Levels = None, window: Width = "8h"
) -> JSONResponse:
    """`item`, and `bad` (yes or no). Without good ones, those are all other items of the same products."""
    named = read_named_items(table)
    question = Question(bad=named.bad, good=named.good, judged=named.judged, levels=levels, width=_width(window))
    return JSONResponse(explain(state.ledger.store, question))


def _width(window: str) -> str | None:
    return None if window == "none" else window
