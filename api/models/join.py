"""The join: the quality table, what a measurement touches, and the pipeline that cleans readings."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.models.common import Model, Time, example
from api.models.quality import Inputs

_LOT = "https://id.gs1.org/01/09521000010017/10/H26-114"
_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_INPUTS: dict[str, Any] = {"count": 1, "digest": _DIGEST, "ids": [7]}
_ROW: dict[str, Any] = {
    "item": _LOT, "relation": "ancestor", "level": 1, "share": 0.3, "share_low": 0.3, "share_high": 0.3,
    "certainty": "certain", "event": "0x3b1f4f6d8a7c5e2d1b0a99887766554433221100ffeeddccbbaa998877665544",
    "start": "2026-06-01T06:00:00.000Z", "end": "2026-06-01T09:30:00.000Z", "source": "result", "quantity": "lead",
    "unit": "NA", "count": 1, "minimum": 0.02, "mean": 0.02, "maximum": 0.02, "raw_minimum": 0.02, "raw_maximum": 0.02,
    "mean_kinetic_temperature": None, "failed": 0, "censored": 0, "first": "2026-06-01T07:00:00.000Z",
    "last": "2026-06-01T07:00:00.000Z", "low": None, "high": 0.1, "limit_item": "", "seconds": None,
    "seconds_outside": None, "seconds_unknown": None, "verdict": "in_range", "flagged": {},
    "sources": ["Laboratory Nord"], "inputs": _INPUTS,
}  # fmt: skip
_BADGE = {"known": 0.98, "readings": 412, "inspections": 3, "results": 1, "flagged": {"stuck": 3}, "uncertain": 0}
_TABLE = {"item": _LOT, "pipeline": _DIGEST, "withheld": False, "data_quality": _BADGE, "rows": [_ROW]}
_REACHED = {
    "item": _LOT, "through": "descendant", "via": _LOT, "level": 1, "share": 0.25, "share_low": 0.25,
    "share_high": 0.25, "certainty": "certain",
}  # fmt: skip
_TOUCHED = {"source": "reading", "id": 7, "time": "2026-06-01T07:00:00.000Z", "item": _LOT, "place": None,
            "touched": [_REACHED]}  # fmt: skip
_PIPELINE = {
    "digest": _DIGEST,
    "steps": [{"step": "missing", "version": 1, "parameters": {}}],
    "since": None,
    "by": None,
}


class QualityRow(Model):
    """What was measured of one quantity of one item, from one event until the next."""

    model_config = example(_ROW)

    item: str
    relation: Literal["own", "ancestor", "descendant", "content", "serial", "lot"]
    level: int = Field(ge=0, description="edges between the item and the one asked for")
    share: float | None = Field(description="of an ancestor in the item asked for, or of that in a descendant, by mass")
    share_low: float
    share_high: float
    certainty: Literal["certain", "possible"]
    event: str | None = Field(description="null: before any event that is known")
    start: Time | None
    end: Time | None
    source: Literal["reading", "inspection", "result"]
    quantity: str = Field(description="quantity kind, characteristic or analyte")
    unit: str | None
    count: int
    minimum: float | None
    mean: float | None
    maximum: float | None
    raw_minimum: float | None = Field(description="with what cleaning set aside")
    raw_maximum: float | None
    mean_kinetic_temperature: float | None
    failed: float = Field(description="pieces that did not pass")
    censored: int = Field(description="results below the limit of quantification")
    first: Time | None
    last: Time | None
    low: float | None
    high: float | None
    limit_item: str | None
    seconds: float | None
    seconds_outside: float | None
    seconds_unknown: float | None
    verdict: Literal["outside", "unknown", "in_range", "no_limit"]
    flagged: dict[str, int]
    sources: list[str]
    inputs: Inputs


class DataQuality(Model):
    """How far the data can be leaned on."""

    model_config = example(_BADGE)

    known: float | None = Field(description="share of the time with limits over which a reading speaks")
    readings: int
    inspections: int
    results: int
    flagged: dict[str, int]
    uncertain: int = Field(description="rows that belong only possibly")


class QualityTable(Model):
    model_config = example(_TABLE)

    item: str
    pipeline: str = Field(description="SHA-256 of the pipeline that cleaned the readings")
    withheld: bool
    data_quality: DataQuality
    rows: list[QualityRow]


class Reached(Model):
    """An item that a measurement touches."""

    item: str
    through: Literal["item", "container", "place", "descendant"]
    via: str = Field(description="what was measured, and this was made of")
    level: int
    share: float | None = Field(description="of `via` in the item")
    share_low: float
    share_high: float
    certainty: Literal["certain", "possible"]


class Touched(Model):
    model_config = example(_TOUCHED)

    source: Literal["reading", "inspection", "result"]
    id: int
    time: Time
    item: str | None
    place: str | None
    touched: list[Reached]


class PipelineStep(Model):
    step: str
    version: int
    parameters: dict[str, Any]


class PipelineAnswer(Model):
    model_config = example(_PIPELINE)

    digest: str = Field(description="SHA-256 of `steps` as canonical JSON (RFC 8785)")
    steps: list[PipelineStep]
    since: Time | None = Field(description="null: the default, which nobody has changed")
    by: str | None
