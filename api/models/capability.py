"""Process capability: indices with their intervals, and the verdict on them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.models.common import Model, example

_GTIN = "https://id.gs1.org/01/09521000010017"


class IntervalAnswer(Model):
    value: float | None
    low: float | None
    high: float | None


class NormalityAnswer(Model):
    statistic: float | None = Field(description="Anderson-Darling")
    p_value: float | None


class CapabilityAnswer(Model):
    """Indices with their intervals; those that the data or the specification cannot give are null."""

    model_config = example(
        {
            "characteristic": "net_weight",
            "item": _GTIN,
            "unit": "GRM",
            "method": "normal",
            "n": 155,
            "mean": 500.1,
            "sigma_within": 1.86,
            "sigma_overall": 1.93,
            "low": 490.0,
            "target": None,
            "high": 510.0,
            "outside": 0,
            "cp": {"value": 1.79, "low": 1.59, "high": 1.99},
            "cpl": {"value": 1.81, "low": 1.6, "high": 2.02},
            "cpu": {"value": 1.77, "low": 1.57, "high": 1.98},
            "cpk": {"value": 1.77, "low": 1.57, "high": 1.98},
            "cpm": None,
            "k": 0.01,
            "pp": {"value": 1.73, "low": 1.53, "high": 1.92},
            "ppl": {"value": 1.74, "low": 1.54, "high": 1.95},
            "ppu": {"value": 1.71, "low": 1.51, "high": 1.91},
            "ppk": {"value": 1.71, "low": 1.51, "high": 1.91},
            "normality": {"statistic": 0.31, "p_value": 0.55},
            "box_cox_lambda": None,
            "confidence": 0.95,
            "threshold": 1.33,
            "judged": "cpk",
            "verdict": "capable",
            "warnings": [],
            "in_control": True,
        }
    )

    characteristic: str
    item: str
    unit: str
    method: Literal["normal", "box_cox", "percentile"]
    n: int
    mean: float
    sigma_within: float | None
    sigma_overall: float
    low: float | None
    target: float | None
    high: float | None
    outside: int = Field(description="values beyond the specification")
    cp: IntervalAnswer | None
    cpl: IntervalAnswer | None
    cpu: IntervalAnswer | None
    cpk: IntervalAnswer | None
    cpm: IntervalAnswer | None
    k: float | None
    pp: IntervalAnswer | None
    ppl: IntervalAnswer | None
    ppu: IntervalAnswer | None
    ppk: IntervalAnswer | None
    normality: NormalityAnswer | None
    box_cox_lambda: float | None
    confidence: float
    threshold: float
    judged: Literal["cpk", "ppk"]
    verdict: Literal["capable", "not_capable", "unknown"] = Field(
        description="of the lower bound of what is judged; unknown where the interval holds the threshold"
    )
    warnings: list[str]
    in_control: bool | None = Field(description="what the control chart says; null: it cannot be drawn")
