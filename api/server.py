"""Serving a home: open it, answer on a socket until told to stop, close everything in order.

serve(path, settings)                            the server that `lotmark serve` is
with running(path, settings) as note: …    the same within this process, for one command
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from api.app import create_app
from api.collector import relax_collector
from ledger.errors import Conflict, InvalidInput, LotmarkError
from ledger.home import Home, ServerNote, Settings
from ledger.ledger import Ledger

#: seconds that requests under way may take once the server is told to stop
_GRACE = 2
Progress = Callable[[str, int, int], None]


def serve(
    path: Path,
    settings: Settings,
    *,
    demo: bool = False,
    announce: Callable[[ServerNote], None] = lambda note: None,
    progress: Progress = lambda what, done, total: None,
) -> None:
    """Serve the home at `path` until SIGINT or SIGTERM; `announce` is told where as soon as it answers.

    With `demo`, a home that is not there is made, open to everyone, and filled with the demonstration; one whose
    filling was interrupted is filled up; `progress` is told of both. Raises what `Ledger.open` does, Conflict where the
    address is in use, InvalidInput where it is none of this machine's.
    """
    if demo and not Home.exists(path):
        settings = settings.model_copy(update={"access": "open"})
        progress("making a home and its chain", 0, 1)
        Ledger.create(path, settings)
    with listening(settings.host, settings.port) as listener, Ledger.open(path, settings) as ledger:
        if demo:
            from api.demo_home import fill  # its generator is of no use to other servers

            fill(ledger, progress)
        note = ServerNote(_url(listener), os.getpid(), secrets.token_urlsafe(32))

        def answering() -> None:
            ledger.home.note_server(note)
            announce(note)

        _Server(_config(ledger, note.token), answering).run(sockets=[listener])


@contextmanager
def running(path: Path, settings: Settings) -> Iterator[ServerNote]:
    """Serve the home on a free loopback port, within this process and unannounced, for as long as the block runs."""
    with listening("127.0.0.1", 0) as listener, Ledger.open(path, settings) as ledger:
        note = ServerNote(_url(listener), os.getpid(), secrets.token_urlsafe(32))
        ready = threading.Event()
        server = _Server(_config(ledger, note.token), ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="serve", daemon=True)
        thread.start()
        try:
            while not ready.wait(0.05):
                if not thread.is_alive():
                    raise LotmarkError("the server within this process did not start", advice="Its log says why.")
            yield note
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens at the address; port 0 takes a free one."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)  # without the protocol, asyncio leaves Nagle's delay on
    except OSError as error:
        raise InvalidInput(
            f"cannot listen on {host!r}: {error.strerror}", expected="an address of this machine"
        ) from error
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen()
        except OSError as error:
            raise Conflict(
                f"cannot listen on {host} port {port}: {error.strerror}",
                advice="Stop what listens there, or choose another with --port or LOTMARK_PORT; 0 takes a free one.",
            ) from error
        yield listener


class _Server(uvicorn.Server):
    """Uvicorn's, which tells when it answers, and lets its caller close up after a signal."""

    def __init__(self, config: uvicorn.Config, answering: Callable[[], None]) -> None:
        super().__init__(config)
        self._answering = answering

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            relax_collector()
            self._answering()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.app.state.lotmark.worker.live.stream.close()  # type: ignore[union-attr]  # ours, not a name of it
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _config(ledger: Ledger, token: str) -> uvicorn.Config:
    options: dict[str, Any] = {"access_log": False, "server_header": False, "proxy_headers": False}
    return uvicorn.Config(
        create_app(ledger, token), log_config=None, lifespan="on", timeout_graceful_shutdown=_GRACE, **options
    )


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  to be called at, not to listen on
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
