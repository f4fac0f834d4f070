"""What was measured along the way of an item: per step and quantity kind; inspections; limits."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.models.common import Hash, Model, Time, example
from api.models.live import TracedHold

_LOT = "https://id.gs1.org/01/09521000010017/10/H26-114"
_STEP = {
    "commitment": "0x3b1f4f6d8a7c5e2d1b0a99887766554433221100ffeeddccbbaa998877665544",
    "item": _LOT,
    "quantity_kind": "Temperature",
    "unit": "CEL",
    "count": 42,
    "minimum": 1.9,
    "maximum": 7.4,
    "mean_kinetic_temperature": 3.6,
    "start": "2026-06-01T06:00:00.000Z",
    "end": "2026-06-01T09:30:00.000Z",
    "first": "2026-06-01T06:00:00.000Z",
    "last": "2026-06-01T09:25:00.000Z",
    "low": 0.0,
    "high": 5.0,
    "limit_item": "https://id.gs1.org/01/09521000010017",
    "seconds": 12600.0,
    "seconds_inside": 10800.0,
    "seconds_outside": 1500.0,
    "seconds_above": 1500.0,
    "seconds_below": 0.0,
    "longest_outside": 1500.0,
    "seconds_unknown": 300.0,
    "verdict": "outside",
    "sources": ["https://id.gs1.org/414/9521000000018"],
    "mean": 3.5,
    "raw_minimum": 1.9,
    "raw_maximum": 7.4,
    "flagged": {"stuck": 3},
    "inputs": {"count": 45, "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "ids": []},
}


class Inputs(Model):
    """What a figure was derived from."""

    count: int = Field(ge=0)
    digest: str = Field(description="SHA-256 of the ids, ascending, as 8-byte little-endian integers; empty without")
    ids: list[int] = Field(description="where they are few")


class QualityStep(Model):
    """What was measured of one quantity kind from one event of an item until the next."""

    model_config = example(_STEP)

    commitment: Hash = Field(description="the event that the step begins with")
    item: str
    quantity_kind: str = Field(description="a GS1 measurement type")
    unit: str = Field(description="UN/ECE Recommendation 20 code")
    count: int = Field(ge=0)
    minimum: float | None
    maximum: float | None
    mean_kinetic_temperature: float | None = Field(description="of temperatures, in `unit`")
    start: Time = Field(description="when the step begins")
    end: Time | None = Field(description="when the item's next step begins, or it leaves the trace; null: not yet")
    first: Time | None = Field(description="of the readings that belong to the step")
    last: Time | None
    low: float | None
    high: float | None
    limit_item: str | None = Field(description="what the limit was set for; empty: everything")
    seconds: float | None
    seconds_inside: float | None = Field(description="within the limits; null where there are none")
    seconds_outside: float
    seconds_above: float
    seconds_below: float
    longest_outside: float
    seconds_unknown: float | None = Field(description="no reading says anything: unknown, never in range")
    verdict: Literal["outside", "unknown", "in_range", "no_limit"]
    sources: list[str] = Field(description="the items, containers, places and events that readings came from")
    mean: float | None = Field(description="of the readings that count, each once")
    raw_minimum: float | None = Field(description="of all readings that belong, those set aside by cleaning included")
    raw_maximum: float | None
    flagged: dict[str, int] = Field(description="how many readings the cleaning flagged, by its step")
    inputs: Inputs


class Inspection(Model):
    time: Time
    item: str
    characteristic: str
    value: float | None
    unit: str | None
    passed: bool | None
    inspector: str


class Limit(Model):
    item: str
    quantity_kind: str
    low: float | None
    high: float | None
    unit: str
    limit_item: str = Field(description="what it was set for: the item, its lot, its GTIN, or everything (empty)")


class ItemName(Model):
    uri: str = Field(description="the canonical URI")
    kind: str
    element_string: str


class QualityAnswer(Model):
    """The quality of one item."""

    model_config = example(
        {
            "item": {"uri": _LOT, "kind": "lot", "element_string": "(01)09521000010017(10)H26-114"},
            "steps": [_STEP],
            "inspections": [
                {
                    "time": "2026-06-01T06:30:00.000Z",
                    "item": _LOT,
                    "characteristic": "brix",
                    "value": 12.4,
                    "unit": "B25",
                    "passed": True,
                    "inspector": "lab 2",
                }
            ],
            "limits": [
                {
                    "item": _LOT,
                    "quantity_kind": "Temperature",
                    "low": 0.0,
                    "high": 5.0,
                    "unit": "CEL",
                    "limit_item": "https://id.gs1.org/01/09521000010017",
                }
            ],
            "holds": [],
            "withheld": False,
        }
    )

    item: ItemName
    steps: list[QualityStep]
    inspections: list[Inspection]
    limits: list[Limit]
    holds: list[TracedHold] = Field(description="that stand on it, its lot, or what it was made of")
    withheld: bool = Field(description="what belongs to sealed events is left out: the caller has no key")
