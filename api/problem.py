"""Errors over HTTP: RFC 9457 problem details (`application/problem+json`), typed as EPCIS 2.0's `epcisException:`s.

Nothing a caller sends may end in a 500: what FastAPI itself refuses is answered here too, without echoing the input,
which may hold values that JSON cannot carry.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from api.state import state_of
from ledger.errors import (
    ChainUnavailable,
    Conflict,
    ContractRefused,
    Forbidden,
    HomeBusy,
    InvalidInput,
    LotmarkError,
    NotFound,
    Problem,
    TooLarge,
    VerificationFailed,
    WrongChain,
)

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

#: error class → (status, EPCIS 2.0 exception); the first that fits counts
_STATUSES: tuple[tuple[type[LotmarkError], HTTPStatus, str], ...] = (
    (InvalidInput, HTTPStatus.BAD_REQUEST, "ValidationException"),
    (NotFound, HTTPStatus.NOT_FOUND, "NoSuchResourceException"),
    (Conflict, HTTPStatus.CONFLICT, "ResourceAlreadyExistsException"),
    (Forbidden, HTTPStatus.FORBIDDEN, "SecurityException"),
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "CaptureLimitExceededException"),
    (ContractRefused, HTTPStatus.CONFLICT, "ImplementationException"),
    (VerificationFailed, HTTPStatus.UNPROCESSABLE_ENTITY, "ValidationException"),
    (ChainUnavailable, HTTPStatus.SERVICE_UNAVAILABLE, "ImplementationException"),
    (WrongChain, HTTPStatus.SERVICE_UNAVAILABLE, "ImplementationException"),
    (HomeBusy, HTTPStatus.SERVICE_UNAVAILABLE, "ImplementationException"),
)
_HTTP_EXCEPTIONS = {
    401: "SecurityException",
    403: "SecurityException",
    404: "NoSuchResourceException",
    405: "ValidationException",
    406: "NotAcceptableException",
    413: "CaptureLimitExceededException",
    414: "URITooLongException",
    415: "UnsupportedMediaTypeException",
}


class ProblemPlace(BaseModel):
    """One thing wrong at one place."""

    where: str = Field(
        description="document, event index and JSON pointer, or line and column", examples=["event 3 /eventTime"]
    )
    message: str = Field(examples=["'22-07-2026' is not a date-time"])
    expected: str = Field(examples=["a time with its zone, such as 2026-07-22T09:30:00Z"])
    advice: str = Field(examples=["Add the zone in which it was measured."])


class ProblemDetails(BaseModel):
    """RFC 9457 problem details."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "epcisException:ValidationException",
                    "title": "Bad Request",
                    "status": 400,
                    "detail": "event 3 /eventTime: '22-07-2026' is not a date-time",
                    "code": "invalid-document",
                    "problems": [
                        {
                            "where": "event 3 /eventTime",
                            "message": "'22-07-2026' is not a date and time",
                            "expected": "a date and time with its zone, such as 2026-03-01T07:15:00Z",
                            "advice": "",
                        }
                    ],
                }
            ]
        }
    )

    type: str = Field(examples=["epcisException:ValidationException"])
    title: str = Field(examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["event 3 /eventTime: '22-07-2026' is not a date-time"])
    code: str = Field("", description="the stable name of the error", examples=["invalid-document"])
    problems: list[ProblemPlace] = Field(default_factory=list, description="all that is wrong, each at its place")


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route, for OpenAPI."""
    schema = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
    return {status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}} for status in statuses}


def problem_response(
    status: int, exception: str, problems: Sequence[Problem], *, code: str = "", headers: dict[str, str] | None = None
) -> JSONResponse:
    body = ProblemDetails(
        type=f"epcisException:{exception}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=printable(str(problems[0])),
        code=code,
        problems=[problem_place(problem) for problem in problems],
    )
    return JSONResponse(body.model_dump(), status, media_type=MEDIA_TYPE, headers=headers)


def problem_place(problem: Problem) -> ProblemPlace:
    return ProblemPlace(
        where=printable(problem.where),
        message=printable(problem.message),
        expected=printable(problem.expected),
        advice=printable(problem.advice),
    )


def printable(text: str) -> str:
    """`text` as UTF-8 can carry it: lone surrogates become visible escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def status_of(error: LotmarkError) -> tuple[HTTPStatus, str]:
    """The HTTP status and EPCIS exception of one of our errors."""
    for kind, status, exception in _STATUSES:
        if isinstance(error, kind):
            return status, exception
    return HTTPStatus.INTERNAL_SERVER_ERROR, "ImplementationException"


def install(app: FastAPI) -> None:
    """Answer every error of `app` as problem details."""

    @app.exception_handler(LotmarkError)
    async def ours(request: Request, error: LotmarkError) -> JSONResponse:
        status, exception = status_of(error)
        headers = None
        if isinstance(error, TooLarge) and request.url.path == "/capture":
            headers = {"GS1-EPCIS-Capture-File-Size-Limit": str(state_of(request).settings.max_document_bytes)}
        return problem_response(status, exception, error.problems, code=error.code, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def parameters(_: Request, error: RequestValidationError) -> JSONResponse:
        problems = [
            Problem(str(item["msg"]), " ".join(str(part) for part in item["loc"]), advice="See /openapi.json.")
            for item in error.errors()
        ]
        return problem_response(400, "QueryParameterException", problems, code="invalid-parameter")

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        exception = _HTTP_EXCEPTIONS.get(error.status_code, "ImplementationException")
        problem = Problem(str(error.detail), request.url.path)
        headers = dict(error.headers) if error.headers else None
        return problem_response(error.status_code, exception, [problem], headers=headers)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        # a defect of ours: the caller learns that it is one, the log learns what it was
        log.exception("unexpected error at %s", request.url.path, exc_info=error)
        problem = Problem(
            "an unexpected error in the server", request.url.path, advice="Please report it with the log."
        )
        return problem_response(500, "ImplementationException", [problem])
