"""The models whose cards are known here."""

from __future__ import annotations

from pydantic import Field

from api.models.common import Model, Time, example

_DIGEST = "52d8c3a1b7f6e5049382716f5e4d3c2b1a0998877665544332211000ffeeddcc"


class CardRecord(Model):
    """An event that puts the card on record."""

    organisation: str = Field(description="whose event it is")
    state: str = Field(description="captured, sent, recorded or final")


class RegisteredModel(Model):
    """A card that was registered here, and the events that put it on record, as far as they stand."""

    model_config = example(
        {
            "sha256": _DIGEST,
            "uri": "ni:///sha-256;UtjDobf25QSTgnFvXk08KxoJmId2ZVRDMiEQAP_u3cw",
            "name": "Heat",
            "version": "1",
            "target": "bad",
            "model_sha256": _DIGEST,
            "data_sha256": _DIGEST,
            "registered_at": "2026-06-01T09:30:00.000Z",
            "records": [{"organisation": "https://id.gs1.org/417/9521000000001", "state": "final"}],
        }
    )

    sha256: str = Field(description="of the card, in hexadecimal")
    uri: str = Field(description="its RFC 6920 name, under which it is an item of events")
    name: str
    version: str
    target: str
    model_sha256: str
    data_sha256: str
    registered_at: Time
    records: list[CardRecord]
