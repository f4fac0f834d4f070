"""One lot on one screen."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.models.common import Model, Time, example

_LOT = "https://id.gs1.org/01/09521000010017/10/L1"
_RESULT = {"item": _LOT, "analyte": "imidacloprid", "value": 1.9, "unit": "NA", "high": 0.7, "verdict": "outside"}
_SIGNAL = {
    "severity": "critical",
    "kind": "residue",
    "item": "(01)09521000010017(10)L1",
    "uri": _LOT,
    "subject": "imidacloprid",
    "message": "imidacloprid 1.9 mg/kg, beyond the limit of 0.7",
    "since": "2026-06-01T06:00:00.000Z",
    "facts": {"value": 1.9, "unit": "NA", "low": None, "high": 0.7, "expanded": 0.95, "certificate": ""},
}
_HOLD = {
    "state": "hold",
    "since": "2026-06-01T07:00:00.000Z",
    "by": "operator",
    "reason": "imidacloprid",
    "source": _LOT,
    "said": None,
}
_EXAMPLE = {
    "demonstration": False,
    "item": {"uri": _LOT, "kind": "lot", "element_string": "(01)09521000010017(10)L1", "lot": None},
    "name": "Baby spinach",
    "attributes": [
        {"attribute": "countryOfOrigin", "text": "US", "value": None, "unit": "", "time": None},
        {
            "attribute": "bestBeforeDate",
            "text": "2026-06-12",
            "value": None,
            "unit": "",
            "time": "2026-06-12T07:00:00.000Z",
        },
    ],
    "quantity_now": {"quantity": 120.5, "uom": "KGM"},
    "disposition": _HOLD,
    "record": {"events": 2, "final": 2, "open": 0, "organisations": ["orchard"], "conflicts": 0, "corrected": 0},
    "data_quality": {"known": 0.83, "flagged": {"stuck": 3}, "late": 2, "unverified": 1},
    "signals": [_SIGNAL],
    "genealogy": {"parents": [], "children": [], "closure": []},
    "shelf_life": None,
    "cold_chain": [],
    "charts": [],
    "capability": [],
    "results": [_RESULT],
    "inspections": [],
    "incidents": [],
    "sisters": [],
    "cut": [],
}


class LotItem(Model):
    """The item in question; `lot` is that of a serial item."""

    uri: str
    kind: str
    element_string: str
    lot: str | None


class LotDisposition(Model):
    """What was decided: a hold on it or on what it is made of, a recall, a release."""

    state: Literal["hold", "recalled", "released", "unknown"]
    since: Time | None
    by: str | None
    reason: str | None
    source: str | None = Field(description="the item that is on hold")
    said: str | None = Field(description="the disposition of the last event that names it")


class LotRecord(Model):
    """How many events name it, and how far they are on the chain."""

    events: int
    final: int
    open: int
    organisations: list[str]
    conflicts: int
    corrected: int


class LotDataQuality(Model):
    """`known`: the share of the time with limits for which a reading speaks; null where nothing has limits."""

    known: float | None
    flagged: dict[str, int]
    late: int = Field(description="readings that arrived more than a day after they were taken; archived ones aside")
    unverified: int = Field(description="events that name it and are not final on the chain")


class LotSignal(Model):
    """Something that calls for attention; everything that it says stands in `facts`."""

    severity: Literal["critical", "major", "minor", "warning"]
    kind: str
    item: str
    uri: str
    subject: str
    message: str
    since: Time | None
    facts: dict[str, Any]


class LotAttribute(Model):
    """What an event in which it began says of it (ilmd); a number as `value` in `unit`, a date as `time`."""

    attribute: str
    text: str
    value: float | None
    unit: str
    time: Time | None


class LotAmount(Model):
    quantity: float
    uom: str


class LotAnswer(Model):
    """Everything about one lot or item; the charts are as /quality/spc/chart gives them."""

    model_config = example(_EXAMPLE)

    demonstration: bool
    item: LotItem
    name: str
    attributes: list[LotAttribute] = Field(description="instance and lot master data, each once")
    quantity_now: LotAmount | None = Field(description="what is left by the events of its trace; null: not known")
    disposition: LotDisposition
    record: LotRecord
    data_quality: LotDataQuality
    signals: list[LotSignal] = Field(description="worst first")
    genealogy: dict[str, Any] = Field(description="parents and children with amounts and shares; closure of mass")
    shelf_life: dict[str, Any] | None = Field(description="days left as of the last reading, at least and at most")
    cold_chain: list[dict[str, Any]] = Field(description="per quantity: series of values, gaps, limits, figures")
    charts: list[dict[str, Any]]
    capability: list[dict[str, Any]]
    results: list[dict[str, Any]] = Field(description="laboratory results, of it and of what it is made of")
    inspections: list[dict[str, Any]]
    incidents: list[dict[str, Any]]
    sisters: list[dict[str, Any]] = Field(description="made of the same")
    cut: list[dict[str, Any]] = Field(description="where its trace was cut")
