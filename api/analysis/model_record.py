"""Models and their verdicts as EPCIS events: the chain then says which model, and which data, a verdict came from.

A model is registered by an ObjectEvent about its card, whose item is the card's RFC 6920 name; a verdict by one
about the lot or serial item that was judged. Both carry digests in extension fields of the namespace `NAMESPACE`. A
commitment binds an event's whole content, so whoever proves the event proves the digests; that a model is any good, or
was run on those inputs, is its organisation's word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.quality.prediction.model_card import ModelCard
from ledger.errors import InvalidInput
from ledger.identifiers import Kind, parse_item
from ledger.verify.verified import VerifiedEvent

NAMESPACE = "https://lotmark.example/ns/model/"
CONTEXT = ("https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"model": NAMESPACE})
_PREFIX_POINTER = "/@context/1/model"


@dataclass(frozen=True, slots=True)
class Judged:
    """One prediction about one item: its probability (or value) and the digest of the inputs that it was made from."""

    item: str
    predicted: float
    input_sha256: str
    alarm: bool | None = None


def registration_event(card: ModelCard, *, time: datetime | None = None) -> dict[str, Any]:
    """The event that puts a model's card on record: commissioning of the card, with the digests that it stands for."""
    content = card.content
    return {
        **_head(time),
        "action": "ADD",
        "bizStep": "commissioning",
        "epcList": [card.uri],
        **_names(card),
        "model:name": str(content["name"]),
        "model:version": str(content["version"]),
        "model:target": str(content["target"]),
    }


def verdict_event(card: ModelCard, judged: Judged, *, time: datetime | None = None) -> dict[str, Any]:
    """The event that puts a verdict on record: an inspection of the item by the model of this card.

    InvalidInput if the item is a class of goods, or the prediction is no number.
    """
    item = parse_item(judged.item)
    if item.kind is Kind.CLASS:
        raise InvalidInput(f"{judged.item} names a class of goods", expected="a lot, a serial item or a logistic unit")
    if not math.isfinite(judged.predicted):
        raise InvalidInput(f"the prediction for {judged.item} is no number", expected="a finite number")
    is_lot = item.kind is Kind.LOT
    named: dict[str, Any] = {"quantityList": [{"epcClass": item.uri}]} if is_lot else {"epcList": [item.uri]}
    said: dict[str, Any] = {"model:predicted": float(judged.predicted), "model:input": judged.input_sha256}
    if judged.alarm is not None:
        said |= {"model:threshold": float(card.content["threshold"]), "model:alarm": bool(judged.alarm)}
    return {**_head(time), "action": "OBSERVE", "bizStep": "inspecting", **named, **_names(card), **said}


def document(events: Sequence[Mapping[str, Any]], *, time: datetime | None = None) -> dict[str, Any]:
    """The events as one EPCIS document, to be captured like any other."""
    return {
        "@context": list(CONTEXT),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _written(time),
        "epcisBody": {"eventList": [{k: v for k, v in event.items() if k != "@context"} for event in events]},
    }


def events_of_card(card: ModelCard, events: Sequence[VerifiedEvent]) -> list[VerifiedEvent]:
    """The verified events that name exactly this card, its model file and its data. InvalidInput if none does.

    Names count only where the event shows that their prefix is `NAMESPACE`, and its organisation has not withdrawn it.
    """
    expected = {f"/{name}": value for name, value in _names(card).items()}
    speaking = [event for event in events if event.values.get(_PREFIX_POINTER) == NAMESPACE]
    found = [event for event in speaking if all(event.values.get(at) == value for at, value in expected.items())]
    standing = [event for event in found if not event.corrected_by]
    if standing:
        return standing
    if found:
        raise InvalidInput(
            "the record of this model was declared wrong by its organisation", expected="one that stands"
        )
    others = sorted({str(event.values["/model:card"]) for event in speaking if "/model:card" in event.values})
    raise InvalidInput(
        f"no event in the bundle names the card {card.sha256}",
        expected="a proven event of this model",
        advice=f"The bundle names {', '.join(others)}." if others else "The bundle shows no event of a model.",
    )


def _names(card: ModelCard) -> dict[str, Any]:
    return {"model:card": card.sha256, "model:file": card.model_sha256, "model:data": card.data_sha256}


def _head(time: datetime | None) -> dict[str, Any]:
    return {
        "@context": list(CONTEXT),
        "type": "ObjectEvent",
        "eventTime": _written(time),
        "eventTimeZoneOffset": "+00:00",
    }


def _written(time: datetime | None) -> str:
    moment = (time or datetime.now(UTC)).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
