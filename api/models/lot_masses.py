"""Mass balances and footprints."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.models.common import Model, Time, example

_LOT = "https://id.gs1.org/01/09521000010017/10/H26-114"
_PROCESS = "https://ref.gs1.org/cbv/BizStep-packing at https://id.gs1.org/414/9521000000018"
_EVENT = "0x3b1f4f6d8a7c5e2d1b0a99887766554433221100ffeeddccbbaa998877665544"
_POINT = {
    "process": _PROCESS,
    "event": _EVENT,
    "time": "2026-06-01T06:00:00.000Z",
    "closure": 0.964,
    "log_closure": -0.0367,
    "center": -0.0101,
    "lower": -0.0163,
    "upper": -0.0039,
    "moving_range": 0.0251,
    "moving_range_upper": 0.0076,
    "phase": 2,
    "signal": True,
}
_CLOSURE = {
    "process": _PROCESS,
    "event": _EVENT,
    "time": "2026-06-01T06:00:00.000Z",
    "input": 1000.0,
    "output": 964.0,
    "loss": None,
    "closure": 0.964,
    "reason": "",
}
_BALANCE = {"item": _LOT, "made": 964.0, "used": 500.0, "left": 464.0, "verdict": "within"}
_FOOTPRINT = {
    "item": _LOT,
    "indicator": "carbon",
    "per": "kgCO2e",
    "own": 12.0,
    "inherited": 30.5,
    "total": 42.5,
    "retained": 20.4,
    "mass": 964.0,
    "per_kilogram": 0.0441,
    "complete": True,
}
_UNALLOCATED = {
    "subject": "run 7",
    "indicator": "carbon",
    "per": "kgCO2e",
    "impact": 3.1,
    "reason": "subject",
}


class ClosurePoint(Model):
    """One step in the individuals chart of its process."""

    process: str
    event: str
    time: Time
    closure: float | None
    log_closure: float | None
    center: float | None
    lower: float | None
    upper: float | None
    moving_range: float | None
    moving_range_upper: float | None
    phase: Literal[1, 2]
    signal: bool | None = Field(description="null: no closure, or too little history for limits")


class Closure(Model):
    """Masses of one step in kg."""

    process: str
    event: str
    time: Time
    input: float | None
    output: float | None
    loss: float | None = Field(description="declared")
    closure: float | None = Field(description="out / (in − declared loss)")
    reason: str = Field(description="why there is none: quantity, unit, moisture, nothing_in, no_output")


class LotBalance(Model):
    """Of one lot, in kg."""

    item: str
    made: float | None
    used: float | None
    left: float | None
    verdict: Literal["within", "overdrawn", "unknown"]


class MassBalanceAnswer(Model):
    model_config = example({"chart": [_POINT], "closures": [_CLOSURE], "lots": [_BALANCE]})

    chart: list[ClosurePoint]
    closures: list[Closure]
    lots: list[LotBalance]


class Footprint(Model):
    """One indicator of one lot; where it is not complete, the figures are the least that it may be."""

    item: str
    indicator: str
    per: str = Field(description="the indicator's unit, as the factors name it")
    own: float
    inherited: float
    total: float
    retained: float = Field(description="what no later step took along")
    mass: float | None = Field(description="kg made")
    per_kilogram: float | None
    complete: bool


class Unallocated(Model):
    """What no lot could be given."""

    subject: str
    indicator: str
    per: str | None
    impact: float | None
    reason: Literal["subject", "mass", "impact"]


class FootprintAnswer(Model):
    model_config = example({"item": _LOT, "lots": [_FOOTPRINT], "unallocated": [_UNALLOCATED]})

    item: str
    lots: list[Footprint] = Field(description="of the item")
    unallocated: list[Unallocated] = Field(description="of the whole ledger")
