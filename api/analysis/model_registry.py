"""The model cards that are known here, and whether an event that registers them is final on the chain.

A card and a model file that were altered together agree with each other; that they are not the ones on record is seen
here, and by `lotmark quality model verify`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from api.analysis.model_record import NAMESPACE
from ledger.errors import NotFound
from ledger.events import format_time
from ledger.store import Store, model_cards
from ledger.trace import TraceEvent, trace


def register(store: Store, data: bytes) -> dict[str, Any]:
    """Keep a card; the same card again stays one. InvalidInput where `data` is no card."""
    from api.quality.prediction.model_card import read_card

    card = read_card(data)
    with store.begin() as connection:
        return _entry(connection, model_cards.add(connection, card.data.decode()))


def registered(store: Store) -> list[dict[str, Any]]:
    """All of them, the newest first."""
    with store.read() as connection:
        return [_entry(connection, row) for row in model_cards.list_all(connection)]


def _entry(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    from api.quality.prediction.model_card import read_card

    card = read_card(row.card.encode())
    return {
        "sha256": card.sha256,
        "uri": card.uri,
        "name": card.content["name"],
        "version": card.content["version"],
        "target": card.content["target"],
        "model_sha256": card.model_sha256,
        "data_sha256": card.data_sha256,
        "registered_at": format_time(row.registered_at),
        "records": [
            {"organisation": event.organisation.uri, "state": event.state}
            for event in _about(connection, card.uri)
            if _registers(event, card.sha256)
        ],
    }


def _about(connection: Connection, uri: str) -> tuple[TraceEvent, ...]:
    try:
        return tuple(trace(connection, uri, direction="forward", depth=0).events)
    except NotFound:
        return ()


def _registers(event: TraceEvent, digest: str) -> bool:
    """Whether it names this card in the namespace of models, and its organisation has not withdrawn it."""
    if event.is_error_declaration or event.corrected_by:
        return False
    body = event.body
    return NAMESPACE in str(body.get("@context")) and body.get("model:card") == digest
