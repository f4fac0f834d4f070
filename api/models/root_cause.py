"""What stands out upstream of bad items: alarms, and both whole lists."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.models.common import Model, example

_LOT = "https://id.gs1.org/01/09521000010017/10/H26-114"
_FACTOR: dict[str, Any] = {"factor": 3, "kind": "lot", "name": _LOT, "members": [f"lot {_LOT}"]}
_TABLE = {
    "a": 21,
    "n1": 53,
    "c": 14,
    "n0": 547,
    "risk_exposed": 0.396,
    "risk_others": 0.026,
    "relative_risk": 15.5,
    "low": 8.4,
    "high": 28.6,
    "p": 1.1e-15,
    "q": 2.4e-13,
}
_ALARM = {"rank": 1, **_FACTOR, **_TABLE, "weight": 0.65, "odds_ratio": 10.1, "together_with": ["supplier S11"]}
_SCREENED = {**_FACTOR, **_TABLE, "mean_share": 0.17, "flagged": True}
_SEPARATED = {**_FACTOR, "n1": 53, "weight": 0.65, "odds_ratio": 10.1, "low": 3.7, "high": 26.5, "selected": 0.99}
_ASIDE = {"kind": "operator", "name": "Ada", "exposed": 2, "reason": "fewer than 5 items exposed"}
_PROCEDURE = {
    "false_discovery_rate": 0.04,
    "minimum": 5,
    "penalty": 0.15,
    "level": 0.95,
    "resamples": 100,
    "seed": 0,
    "most_alarms": 10,
}


class Factor(Model):
    """What items were exposed to: an ancestor, or an attribute of the item or of an ancestor."""

    factor: int = Field(ge=0, description="the same number is the same factor, in all lists")
    kind: str = Field(description="lot, place, container, maker, machine, operator, shift, supplier or window")
    name: str
    members: list[str] = Field(description="factors with the same exposed items: they cannot be told apart")


class Associated(Factor):
    """Of `n1` exposed items `a` are bad, of `n0` others `c`."""

    a: int
    n1: int
    c: int
    n0: int
    risk_exposed: float | None
    risk_others: float | None
    relative_risk: float | None = Field(description="null: none of the others is bad")
    low: float | None = Field(description="of the relative risk's 95 % interval")
    high: float | None
    p: float = Field(description="one-sided Fisher")
    q: float = Field(description="p corrected by Benjamini and Hochberg")


class RootCauseAlarm(Associated):
    """A factor that stands out in both lists, counted without the items of the alarms before it."""

    model_config = example(_ALARM)

    rank: int = Field(ge=1)
    weight: float
    odds_ratio: float
    together_with: list[str] = Field(description="flagged factors that this one explains: confounded with it")


class ScreenedFactor(Associated):
    """A factor on its own."""

    model_config = example(_SCREENED)

    mean_share: float | None = Field(description="of an exposed item by quantity, for a lot; null: unknown")
    flagged: bool


class SeparatedFactor(Factor):
    """A factor beside all others."""

    model_config = example(_SEPARATED)

    n1: int = Field(description="items exposed")
    weight: float = Field(description="per standard deviation, shrunk by the penalty")
    odds_ratio: float
    low: float | None = Field(description="of the odds ratio's 95 % bootstrap interval")
    high: float | None
    selected: float | None = Field(description="part of the resamples in which the weight was positive")


class SetAside(Model):
    """A factor that could not be judged."""

    model_config = example(_ASIDE)

    kind: str
    name: str
    exposed: int
    reason: str


class RootCauseProcedure(Model):
    """The parameters, the same for every question."""

    model_config = example(_PROCEDURE)

    false_discovery_rate: float
    minimum: int
    penalty: float
    level: float
    resamples: int
    seed: int
    most_alarms: int


class RootCauseAnswer(Model):
    """Association, not cause."""

    model_config = example(
        {
            "characteristic": "seal_strength",
            "items": 600,
            "bad": 35,
            "unknown": 0,
            "bad_items": ["https://id.gs1.org/01/09521000010024/10/S26-301"],
            "alarms": [_ALARM],
            "screening": [_SCREENED],
            "separation": [_SEPARATED],
            "set_aside": [_ASIDE],
            "procedure": _PROCEDURE,
            "caution": "Association, not cause: an alarm says where to look first.",
        }
    )

    characteristic: str | None = Field(description="null: the items were named")
    items: int = Field(description="how many were judged")
    bad: int
    unknown: int = Field(description="inspected without a verdict: counted nowhere")
    bad_items: list[str]
    alarms: list[RootCauseAlarm]
    screening: list[ScreenedFactor] = Field(description="by p")
    separation: list[SeparatedFactor] = Field(description="by weight")
    set_aside: list[SetAside]
    procedure: RootCauseProcedure
    caution: str
