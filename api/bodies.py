"""Request bodies: read with a limit, of the stated media type, never decompressed, and parsed strictly.

FastAPI's own parsing would let the last of two equal keys win and take NaN and lone surrogates, which later end in a
500; so every route that takes a body declares it here.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from api.state import state_of
from ledger.errors import InvalidDocument, Problem, TooLarge
from ledger.events import parse_json

JSON = ("application/json", "application/ld+json")
CSV = ("text/csv",)
SMALL = 64 * 1024
#: of a body that is too large, so much is read and thrown away, so that the client comes to see the answer
_DRAINED = 256 * 2**20

Model = TypeVar("Model", bound=BaseModel)
Reader = Callable[[Request], Coroutine[Any, Any, bytes]]


def body(media_types: tuple[str, ...], limit: int | None = None) -> Any:
    """A dependency: the request's body as bytes, at most `limit` or as many as the settings allow for a document."""

    async def read(request: Request) -> bytes:
        _check_headers(request, media_types)
        return await _read(request, limit or state_of(request).settings.max_document_bytes)

    return Depends(read)


def json_body(model: type[Model]) -> Any:
    """A dependency: the request's small JSON body as a `model`."""

    async def read(request: Request) -> Model:
        _check_headers(request, JSON)
        value = parse_json(await _read(request, SMALL))
        try:
            return model.model_validate(value, strict=True)
        except ValidationError as error:
            raise InvalidDocument([_problem(item) for item in error.errors(include_input=False)]) from error

    return Depends(read)


def documented(media_types: tuple[str, ...], schema: dict[str, Any], example: Any) -> dict[str, Any]:
    """The `openapi_extra` of a route that takes a body."""
    content = {media_type: {"schema": schema, "example": example} for media_type in media_types}
    return {"requestBody": {"required": True, "content": content}}


def documented_model(model: type[BaseModel]) -> dict[str, Any]:
    """The same for a `json_body`; the model has an example."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    (example,) = schema.pop("examples")
    return documented(JSON[:1], schema, example)


def _check_headers(request: Request, media_types: tuple[str, ...]) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in media_types:
        raise HTTPException(
            415, f"the body is {media_type or 'of no stated type'}; expected {' or '.join(media_types)}"
        )
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise HTTPException(415, f"the body is compressed ({encoding[:40]}); expected it as it is")


async def _read(request: Request, limit: int) -> bytes:
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > limit + _DRAINED:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit + _DRAINED:
            break
        if size <= limit:
            chunks.append(chunk)
        else:
            chunks.clear()
    if size > limit:
        raise _too_large(limit)
    return b"".join(chunks)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        "the body is too large",
        expected=f"at most {limit:,} bytes",
        advice="Split it into several, or raise LOTMARK_MAX_DOCUMENT_BYTES.",
    )


def _problem(error: Any) -> Problem:
    return Problem(str(error["msg"]), "/" + "/".join(str(part) for part in error["loc"]), advice="See /openapi.json.")
