"""A trace: items, events and edges reached from one item, where it was cut, and the quality of its steps."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.models.common import Hash, Model, OrganisationName, State, Time, example
from api.models.live import TracedHold
from api.models.quality import Inspection, ItemName, QualityStep

Direction = Literal["both", "backward", "forward"]

_RECORD = {
    "block_number": 12,
    "block_hash": "0x1d3c7b0f9a8e6d5c4b3a29180716253443526170819aabbccddeeff001122334",
    "transaction_hash": "0xa1b2c3d4e5f60718293a4b5c6d7e8f90112233445566778899aabbccddeeff00",
    "sequence": 3,
    "batch_index": 0,
}
_SUNNY = {
    "id": "0x7a620e9f3d154bd0e9fbc827ef2d29c83f22ef00dfb9b86b89bfb734ff0883a2",
    "uri": "https://id.gs1.org/417/9521000000001",
    "name": "Sunny Fields",
}
_LOT = "https://id.gs1.org/01/09521000010017/10/H26-114"
_COMMITMENT = "0x3b1f4f6d8a7c5e2d1b0a99887766554433221100ffeeddccbbaa998877665544"
_EVENT: dict[str, Any] = {
    "commitment": _COMMITMENT,
    "event_id": "urn:uuid:3f6e1f0a-7c1d-4a53-9d0e-2b7c5b6d9a10",
    "type": "ObjectEvent",
    "action": "ADD",
    "event_time": "2026-06-01T05:12:00.000Z",
    "event_time_zone_offset": "+02:00",
    "biz_step": "commissioning",
    "disposition": "active",
    "read_point": "https://id.gs1.org/414/9521000000018",
    "biz_location": "https://id.gs1.org/414/9521000000018",
    "organisation": _SUNNY,
    "state": "final",
    "record": _RECORD,
    "is_open": False,
    "is_error_declaration": False,
    "corrected_by": [],
    "conflicts_with": [],
    "mentions": [{"item": _LOT, "kind": "lot", "lot": None, "role": "epc", "quantity": 1840.0, "uom": "KGM"}],
    "body": {"type": "ObjectEvent", "eventTime": "2026-06-01T05:12:00Z"},
}


class TracedItem(ItemName):
    role: str = Field(description="what it is to the item asked for: origin, ancestor, descendant, content, …")
    level: int = Field(ge=0, description="the least number of edges from the item asked for")
    certain: bool = Field(description="reached over certain edges alone")
    windows: list[dict[str, Time | None]] = Field(description="when what happens to it belongs to the trace")


class Record(Model):
    """Where on the chain the event's batch stands."""

    block_number: int
    block_hash: Hash
    transaction_hash: Hash
    sequence: int = Field(description="of the organisation's batches")
    batch_index: int = Field(description="of the event in the batch")


class Mention(Model):
    item: str
    kind: str
    lot: str | None
    role: Literal["epc", "parent", "child", "input", "output"]
    quantity: float | None
    uom: str | None


class Event(Model):
    """What an organisation says, and what this ledger and the chain say of it."""

    model_config = example(_EVENT)

    commitment: Hash
    event_id: str
    type: str
    action: str | None
    event_time: Time
    event_time_zone_offset: str
    biz_step: str | None
    disposition: str | None
    read_point: str | None
    biz_location: str | None
    organisation: OrganisationName
    state: State
    record: Record | None
    is_open: bool
    is_error_declaration: bool
    corrected_by: list[Hash] = Field(description="events of the same organisation that declare this one wrong")
    conflicts_with: list[Hash] = Field(description="standing events with the same eventID and other content")
    mentions: list[Mention]
    body: dict[str, Any] = Field(description="the event as it was captured, with its context")


class Events(Model):
    """All events that bear one eventID."""

    model_config = example({"events": [_EVENT], "conflict": False})

    events: list[Event]
    conflict: bool = Field(description="different contents stand under this one eventID")


class Edge(Model):
    """One organisation's claim that one item is linked to another."""

    source: str
    target: str
    relation: Literal["transformed", "contained", "associated", "of_lot"]
    certainty: Literal["certain", "possible"]
    verdict: Literal["own_prefix", "corroborated", "stranger"] = Field(description="whose word it is")
    claimant: OrganisationName
    quantity: float | None
    uom: str | None
    events: list[Hash]


class Cut(Model):
    item: str
    reason: Literal["depth", "limit"]
    where: str


class TraceAnswer(Model):
    """The graph of events and items reached from one item."""

    model_config = example(
        {
            "item": {"uri": _LOT, "kind": "lot", "element_string": "(01)09521000010017(10)H26-114"},
            "direction": "both",
            "depth": None,
            "items": [
                {
                    "uri": _LOT,
                    "kind": "lot",
                    "element_string": "(01)09521000010017(10)H26-114",
                    "role": "origin",
                    "level": 0,
                    "certain": True,
                    "windows": [{"from": None, "until": None}],
                }
            ],
            "events": [_EVENT],
            "edges": [
                {
                    "source": _LOT,
                    "target": "https://id.gs1.org/00/395210000000000019",
                    "relation": "contained",
                    "certainty": "certain",
                    "verdict": "own_prefix",
                    "claimant": _SUNNY,
                    "quantity": 400.0,
                    "uom": "KGM",
                    "events": [_COMMITMENT],
                }
            ],
            "cuts": [],
            "quality": [],
            "inspections": [],
            "holds": [],
            "withheld": False,
        }
    )

    item: ItemName
    direction: Direction
    depth: int | None
    items: list[TracedItem]
    events: list[Event]
    edges: list[Edge]
    cuts: list[Cut] = Field(description="where there is more than this trace shows")
    quality: list[QualityStep]
    inspections: list[Inspection] = Field(description="of the trace's items")
    holds: list[TracedHold] = Field(description="that stand on items of the trace, or on what they were made of")
    withheld: bool = Field(description="sealed events, if there are any, are left out: the caller has no key")
