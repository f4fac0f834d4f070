"""Events made by a command, captured like any other document's."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from api.analysis.model_record import document
from api.cli.client import client
from api.cli.context import Context
from api.cli.submit import vouching
from ledger.errors import InvalidDocument, InvalidInput, Problem

if TYPE_CHECKING:
    from api.quality.prediction.model_card import ModelCard


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


def register(context: Context, card: ModelCard) -> None:
    """Have the card's bytes kept in the home."""
    with client(context.home, context.settings) as http:
        http.request("POST", "/quality/models", content=card.data, headers={"Content-Type": "application/json"})


def require_registered(context: Context, card: ModelCard) -> None:
    """Raise InvalidInput for a card that is not registered in the home, as one altered with its model would not be."""
    with client(context.home, context.settings) as http:
        known = http.get("/quality/models")
    if all(one["sha256"] != card.sha256 for one in known):
        raise InvalidInput(
            f"the card {card.sha256} is not registered here",
            expected="a card that stands in `lotmark quality model list`",
            advice="Register it with `lotmark quality model record`. If it was, it has been altered since.",
        )
