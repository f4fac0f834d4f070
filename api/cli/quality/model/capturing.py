"""Events made by a command, captured like any other document's."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from api.analysis.model_record import document
from api.cli.client import client
from api.cli.context import Context
from api.cli.submit import vouching
from ledger.errors import InvalidDocument, Problem


def capture(context: Context, events: Sequence[Mapping[str, Any]], organisation: str | None) -> int:
    """Capture the events for an organisation (or the only one), all or none; how many there were.

    Raises InvalidDocument with what was wrong, and what `client` raises.
    """
    with client(context.home, context.settings) as http:
        params = {"organisation": vouching(http, organisation)}
        job = http.request("POST", "/capture", params=params, json=document(events)).json()
        while job["running"]:
            time.sleep(0.01)
            job = http.get(f"/capture/{job['captureID']}")
    if job["errors"]:
        raise InvalidDocument([Problem(e["title"], e["where"], e["expected"], e["advice"]) for e in job["errors"]])
    return int(job["captured"]) + int(job["known"])
