"""Identifiers in a request's path: `/trace/{item}` with the item percent-encoded, or pasted as it is.

The server's decoded path will not do, for it no longer tells the `%2F` within a serial number from a `/`. So: a path
that goes on with a URI's scheme and a colon is that URI, to the letter; anything else is decoded once.
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Path, Request

from ledger.errors import InvalidInput

_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_ONE_SLASH = re.compile("(https?:/)([^/])")
MAX_LENGTH = 2_000


def item_in_path(
    request: Request,
    item: Annotated[
        str,
        Path(
            description="GS1 Digital Link, EPC URN, element string or private URI: percent-encoded, or pasted as it is",
            examples=["https://id.gs1.org/01/09521000010017/10/H26-114"],
        ),
    ],
) -> str:
    return _rest_of_path(request)


def event_id_in_path(
    request: Request,
    event_id: Annotated[
        str,
        Path(
            alias="eventID",
            description="an eventID (a URI), or a commitment (0x and 64 hexadecimal digits)",
            examples=["urn:uuid:3f6e1f0a-7c1d-4a53-9d0e-2b7c5b6d9a10"],
        ),
    ],
) -> str:
    return _rest_of_path(request)


ItemInPath = Annotated[str, Depends(item_in_path)]
EventIdInPath = Annotated[str, Depends(event_id_in_path)]


def _rest_of_path(request: Request) -> str:
    """Raises InvalidInput for what is not UTF-8, or too long."""
    prefix = str(request.scope["route"].path).partition("{")[0]
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    rest = raw.decode("ascii", "replace").partition("?")[0].removeprefix(prefix)
    # some proxies merge slashes
    rest = _ONE_SLASH.sub(r"\1/\2", rest, count=1) if _SCHEME.match(rest) else _decoded(rest)
    if len(rest) > MAX_LENGTH:
        raise InvalidInput(f"an identifier of {len(rest):,} characters", expected=f"at most {MAX_LENGTH:,}")
    if not rest:
        raise InvalidInput("the path ends without an identifier", expected=f"{prefix}<identifier>")
    return rest


def _decoded(text: str) -> str:
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError as error:
        raise InvalidInput("the identifier in the path is not UTF-8", expected="percent-encoded UTF-8") from error
