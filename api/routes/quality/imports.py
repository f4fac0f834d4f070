"""Bringing quality data: POST /quality/{kind} for every kind, as CSV, Excel, Parquet or JSON; GET /quality/imports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from api.access import Reader, Writer
from api.analysis.imports import import_file
from api.bodies import body
from api.models.imports import ImportAnswer, ImportedFile
from api.problem import responses
from api.quality.intake.files import LAYOUTS
from api.quality.intake.layout import Format, Layout
from api.routes.quality.import_examples import DESCRIPTIONS, EXAMPLES
from api.state import StateDependency
from ledger.events import format_time
from ledger.hexadecimal import hex_of
from ledger.store import measured

router = APIRouter(tags=["quality"])

MEDIA_TYPES: dict[str, Format] = {
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.apache.parquet": "parquet",
    "application/json": "json",
}


def _format(request: Request) -> Format:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return MEDIA_TYPES.get(media_type, "csv")


File = Annotated[bytes, body(tuple(MEDIA_TYPES))]
SentFormat = Annotated[Format, Depends(_format)]
Name = Annotated[str, Query(max_length=500, description="the file's name, kept with the import")]
Sheet = Annotated[str | None, Query(max_length=100, description="of an Excel file with several")]
Zone = Annotated[
    str | None,
    Query(max_length=100, description="IANA time zone of times that have none", examples=["Europe/Madrid"]),
]


@router.get(
    "/quality/imports",
    response_model=list[ImportedFile],
    summary="What was imported",
    responses=responses(400, 401, 403),
)
def get_imports(
    state: StateDependency, _: Reader, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[ImportedFile]:
    """The newest first."""
    with state.ledger.store.read() as connection:
        found = measured.imported_files(connection, limit=limit)
    return [
        ImportedFile(
            id=row.id,
            digest=hex_of(row.digest),
            kind=row.kind,
            file=row.source,
            format=row.format,
            rows=row.rows,
            imported=row.new,
            conflicting=row.conflicting,
            imported_at=format_time(row.imported_at),
            imported_by=row.imported_by,
        )
        for row in found
    ]


def _endpoint(kind: str) -> Callable[..., ImportAnswer]:
    def post(
        state: StateDependency,
        caller: Writer,
        data: File,
        format: SentFormat,
        file: Name = "",
        sheet: Sheet = None,
        zone: Zone = None,
    ) -> ImportAnswer:
        store = state.ledger.store
        done = import_file(store, kind, data, file=file, imported_by=caller.name, format=format, sheet=sheet, zone=zone)
        return ImportAnswer(**asdict(done))

    return post


def _documented(layout: Layout) -> dict[str, Any]:
    """The request's body: one table in four formats."""
    header, *lines = EXAMPLES[layout.name].splitlines()
    names = header.split(",")
    rows = [{name: text for name, text in zip(names, line.split(","), strict=True) if text} for line in lines]
    cell = {"type": ["string", "number", "boolean", "null"]}
    row = {
        "type": "object",
        "properties": dict.fromkeys((*layout.required, *layout.optional), cell),
        "additionalProperties": False,
    }
    table = {"schema": {"type": "string"}, "example": EXAMPLES[layout.name]}
    binary = {"schema": {"type": "string", "format": "binary"}, "example": "the file's bytes"}
    objects = {"schema": {"type": "array", "items": row}, "example": rows}
    forms = {"csv": table, "json": objects, "xlsx": binary, "parquet": binary}
    content = {media_type: forms[format_] for media_type, format_ in MEDIA_TYPES.items()}
    return {"requestBody": {"required": True, "content": content}}


for _layout in LAYOUTS.values():
    router.add_api_route(
        f"/quality/{_layout.name}",
        _endpoint(_layout.name),
        methods=["POST"],
        name=f"import_{_layout.name}",
        response_model=ImportAnswer,
        summary=f"Import {_layout.name}",
        description=DESCRIPTIONS[_layout.name],
        responses=responses(400, 401, 403, 409, 413, 415),
        openapi_extra=_documented(_layout),
    )
