"""Following changes as server-sent events (WHATWG HTML, section 9.2).

Nothing is queued for a follower: it is woken and reads on from the store, so that a slow one costs nothing and one that
was away resumes after the last id it saw (`Last-Event-ID`). If more has been forgotten than it missed, it is told so by
an event `reset`: read the incidents again.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Row
from starlette.concurrency import run_in_threadpool

from ledger.store import Store, api_keys, changes

HEARTBEAT = 15.0
#: most followers at a time
MOST = 200
_PAGE = 200


class Stream:
    """Who follows, to be woken from any thread; ends with the server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._followers: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self.closed = False

    @property
    def is_full(self) -> bool:
        return len(self._followers) >= MOST

    def wake(self) -> None:
        """Something has happened."""
        with self._lock:
            for event, loop in self._followers.items():
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        self.closed = True
        self.wake()

    @contextmanager
    def follower(self) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        with self._lock:
            self._followers[event] = asyncio.get_running_loop()
        try:
            yield event
        finally:
            with self._lock:
                del self._followers[event]


async def follow(store: Store, stream: Stream, after: int | None, key: str | None = None) -> AsyncIterator[str]:
    """Everything that happens after the change `after`; without it, from now on. Ends once the API key is revoked."""
    with stream.follower() as event:
        position, missed = await run_in_threadpool(_start, store, after)
        yield "retry: 2000\n\n"
        if missed:
            yield f"id: {position}\nevent: reset\ndata: {{}}\n\n"
        while not stream.closed:
            event.clear()
            rows = await run_in_threadpool(_next, store, position, key)
            if rows is None:
                return
            for row in rows:
                position = row.id
                yield f"id: {row.id}\nevent: {row.event}\ndata: {row.payload}\n\n"
            if not rows:
                try:
                    await asyncio.wait_for(event.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"


def _start(store: Store, after: int | None) -> tuple[int, bool]:
    """Where to begin, and whether something in between is forgotten."""
    with store.read() as connection:
        last, first = changes.last(connection), changes.first(connection)
    if after is None or after > last:
        return last, after is not None
    return (last, True) if after + 1 < first else (after, False)


def _next(store: Store, position: int, key: str | None) -> list[Row[Any]] | None:
    """None: the follower's key is no longer one."""
    with store.read() as connection:
        if key is not None and not api_keys.is_live(connection, key):
            return None
        return changes.after(connection, position, _PAGE)
