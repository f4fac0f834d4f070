"""How a command reaches the ledger: over HTTP, always.

If another process serves the home, through it, as its operator. Else the same application is started inside this
process, on a free port of the loopback interface, for as long as the command runs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from api.cli.exits import Answered, ServerUnavailable
from ledger.errors import HomeBusy
from ledger.home import Home, ServerNote, Settings

_TIMEOUT = httpx.Timeout(300, connect=5)
#: how long a process that has the home may take until it serves it or is done with it, seconds
_PATIENCE = 3.0


class Client:
    """The server's answers as parsed JSON. Raises Answered for its errors, ServerUnavailable if it is gone."""

    def __init__(self, http: httpx.Client, note: ServerNote, *, is_own: bool) -> None:
        self._http = http
        self.url = note.url
        #: the server is this very process, and ends with it
        self.is_own = is_own

    def get(self, path: str, **params: Any) -> Any:
        return self.request("GET", path, params={k: v for k, v in params.items() if v is not None}).json()

    def lines(self, path: str) -> Iterator[str]:
        """The lines of an answer that goes on, as they come, until the server ends it."""
        try:
            with self._http.stream("GET", path, timeout=httpx.Timeout(60, connect=5)) as response:
                if response.is_error:
                    response.read()
                    raise Answered(response.status_code, _body(response))
                yield from response.iter_lines()
        except httpx.TransportError as error:
            raise ServerUnavailable(
                f"the server at {self.url} does not answer ({type(error).__name__})",
                advice="See whether `lotmark serve` still runs.",
            ) from error

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, **more)
        except httpx.TransportError as error:
            raise ServerUnavailable(
                f"the server at {self.url} does not answer ({type(error).__name__})",
                advice="See whether `lotmark serve` still runs. What was captured is kept; trying again is safe.",
            ) from error
        if response.is_error:
            raise Answered(response.status_code, _body(response))
        return response


@contextmanager
def client(home: Path, settings: Settings) -> Iterator[Client]:
    """A client of the ledger in `home`. Raises NotFound, HomeBusy, ChainUnavailable, WrongChain."""
    note = _serving(home)
    if note is not None:
        with _http(note) as http:
            yield Client(http, note, is_own=False)
        return
    # the server's libraries take a second to import, which clients of another do without
    from api.server import running

    # without MQTT: a broker should not hand its readings to a process that ends at once
    with running(home, settings.model_copy(update={"mqtt_url": None})) as own, _http(own) as http:
        yield Client(http, own, is_own=True)


def _serving(home: Path) -> ServerNote | None:
    """The process that serves the home; None if the home is free. Raises HomeBusy if it stays taken but not served."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            Home.open(home).close()
        except HomeBusy:
            note = Home.server(home)
            if note is not None:
                return note
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return None


def _http(note: ServerNote) -> httpx.Client:
    headers = {"Authorization": f"Bearer {note.token}"}
    return httpx.Client(base_url=note.url, headers=headers, timeout=_TIMEOUT, trust_env=False)


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {"detail": response.text[:200]}
    return body if isinstance(body, dict) else {"detail": str(body)[:200]}
