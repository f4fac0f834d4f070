"""The HTTP application over one open ledger. It owns neither the ledger nor the socket: `api.server` does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from api import problem
from api.headers import SecurityHeaders
from api.openapi import openapi
from api.routes import capture, health, keys, organisations, pages, proofs, rpc, trace
from api.routes.quality import (
    agriculture,
    archive,
    cold_chain,
    holds,
    imports,
    incidents,
    items,
    join,
    live_rules,
    lots,
    manufacturing,
    model_cards,
    reports,
    root_cause,
    sampling,
    spc,
    stream,
    webhooks,
)
from api.state import State
from api.worker import Worker
from ledger.ledger import Ledger

_DESCRIPTION = """\
Capture EPCIS 2.0 events, record them on a chain, trace a product by its ID with the quality measured on its way, and
hand out proofs that need no trust in this server.

Errors are problem details (RFC 9457) that say where, what was wrong, what was expected and what to do.
Times are RFC 3339 in UTC; hashes and ids are lower-case hex with `0x`.
"""
#: of those under /quality, `items` comes last: its path takes whatever the others leave
_QUALITY = (
    join,
    imports,
    spc,
    root_cause,
    agriculture,
    cold_chain,
    sampling,
    manufacturing,
    incidents,
    holds,
    live_rules,
    webhooks,
    stream,
    archive,
    model_cards,
    lots,
    reports,
    items,
)
_ROUTERS = (capture, trace, *_QUALITY, proofs, organisations, keys, health, rpc, pages)


def create_app(ledger: Ledger, token: str) -> FastAPI:
    """The application; `token` makes its bearer the operator. The worker runs while the application does."""
    worker = Worker(ledger)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        worker.start()
        try:
            yield
        finally:
            await run_in_threadpool(worker.stop)

    app = FastAPI(
        title="Lotmark",
        version=health.VERSION,
        description=_DESCRIPTION,
        lifespan=lifespan,
        redoc_url=None,
        docs_url=None,
        redirect_slashes=False,
    )
    app.state.lotmark = State(ledger, ledger.settings, worker, token)
    for module in _ROUTERS:
        app.include_router(module.router)
    app.mount("/pages", StaticFiles(directory=pages.DIRECTORY), name="pages")
    app.add_middleware(SecurityHeaders)
    problem.install(app)
    app.openapi = lambda: openapi(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app
