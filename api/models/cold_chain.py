"""Remaining shelf life of an item."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.models.common import Model, Time, example


class ShelfLifeAnswer(Model):
    """Best and worst case; they differ where time is unknown, or sensors disagree."""

    model_config = example(
        {
            "item": "https://id.gs1.org/01/09521000010017/10/H26-114",
            "since": "2026-06-01T06:00:00.000Z",
            "until": "2026-06-04T06:00:00.000Z",
            "used_least": 0.31,
            "used_most": 0.44,
            "remaining_least": 483840.0,
            "remaining_most": 596160.0,
            "known": 230400.0,
            "unknown": 28800.0,
            "plausible": [0.0, 15.0],
            "verdict": "left",
            "certain": False,
            "ends_first": "2026-06-09T20:24:00.000Z",
            "ends_last": "2026-06-11T03:36:00.000Z",
        }
    )

    item: str
    since: Time
    until: Time
    used_least: float | None = Field(description="share of the shelf life, at the least")
    used_most: float | None = Field(description="at the most; null: nothing bounds what is unknown")
    remaining_least: float | None = Field(description="seconds at the model's reference temperature")
    remaining_most: float | None
    known: float = Field(description="seconds that some sensor speaks for")
    unknown: float = Field(description="seconds that none speaks for")
    plausible: list[float] | None = Field(description="what unknown time may have had, least and most, °C")
    verdict: Literal["left", "used_up", "unknown"]
    certain: bool
    ends_first: Time | None = Field(
        description="when it ends if kept at `ahead` from now on, worst case; null: not in this age"
    )
    ends_last: Time | None = Field(description="best case; null: not in this age")
