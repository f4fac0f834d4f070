"""Reports as documents: of a lot, GET /quality/report/lot/{item}, and of a month, GET /quality/report/month/{month}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse, Response

from api.access import Reader
from api.analysis.lot import lot_of
from api.analysis.month import month_of
from api.paths import ItemInPath
from api.problem import responses
from api.quality.reports import Language
from api.routes.quality.lots import Market
from api.state import StateDependency
from ledger.events import format_time
from ledger.store.clock import now

router = APIRouter(tags=["quality"])
Chosen = Annotated[Language, Query(description="of the report")]
Format = Annotated[str, Query(pattern="^(html|pdf|json)$", description="html, pdf, or the data as json")]
_DOCUMENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the report",
        "content": {"text/html": {}, "application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(
    "/quality/report/lot/{item:path}",
    summary="A lot on paper",
    response_class=Response,
    responses=responses(400, 401, 403, 404) | _DOCUMENTS,
)
def get_lot_report(
    state: StateDependency,
    _: Reader,
    item: ItemInPath,
    language: Chosen = Language.ENGLISH,
    format: Format = "html",
    market: Market = "",
) -> Response:
    return _document("lot", lot_of(state.ledger.store, item, market=market), language, format)


@router.get(
    "/quality/report/month/{month}",
    summary="A month on paper",
    response_class=Response,
    responses=responses(400, 401, 403) | _DOCUMENTS,
)
def get_month_report(
    state: StateDependency,
    _: Reader,
    month: Annotated[str, Path(max_length=10, description="in UTC", examples=["2026-05"])],
    language: Chosen = Language.ENGLISH,
    format: Format = "html",
    market: Market = "",
) -> Response:
    return _document("month", month_of(state.ledger.store, month, market=market), language, format)


def _document(kind: str, data: Mapping[str, Any], language: Language, format: str) -> Response:
    if format == "json":
        return JSONResponse(data)
    from api.quality.reports.document import html_report, pdf_report  # a second of imports that nothing else needs

    made = format_time(now())
    if format == "pdf":
        return Response(pdf_report(kind, data, language=language, made=made), media_type="application/pdf")
    # the page brings its own policy; it runs nothing and asks nobody
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; font-src data:"}
    page = html_report(kind, data, language=language, made=made)
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)
