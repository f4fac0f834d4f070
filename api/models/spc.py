"""Statistical process control: what can be charted, charts, frozen limits, capability."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models.common import Model, Time, example
from api.quality.spc.parameters import Kind
from api.quality.spc.process_series import GroupBy

_GTIN = "https://id.gs1.org/01/09521000010017"
_RULES = {"set": "nelson", "version": 1, "dialect": "six_points", "rules": [1, 2, 3, 4, 5, 6, 7, 8]}
_POINT = {
    "index": 15,
    "label": "H26-114",
    "time": "2026-06-01T06:30:00.000Z",
    "value": 502.9,
    "n": 5.0,
    "center": 500.1,
    "lower": 497.6,
    "upper": 502.6,
    "signals": [1],
    "excluded": False,
}
_CHART = {
    "kind": "xbar",
    "statistic": "mean",
    "characteristic": "net_weight",
    "unit": "GRM",
    "center": 500.1,
    "sigma": 1.86,
    "points": [_POINT],
    "rules": _RULES,
    "limits": {
        "phase": "II",
        "version": 2,
        "frozen_at": "2026-05-02T12:00:00.000Z",
        "data_digest": "3b1f4f6d8a7c5e2d1b0a99887766554433221100ffeeddccbbaa998877665544",
    },
    "specification": {"low": 490.0, "target": 500.0, "high": 510.0},
    "excluded": [],
    "warnings": [],
    "companion": None,
    "item": _GTIN,
    "count": 31,
    "signal_count": 1,
    "in_control": False,
    "rule_meanings": {"1": "one point beyond 3 sigma"},
}


class Chartable(Model):
    """A characteristic that was inspected, or a series of readings."""

    model_config = example(
        {
            "characteristic": "net_weight",
            "source": "inspections",
            "sensor": None,
            "item": None,
            "place": None,
            "count": 1550,
            "items": 31,
            "unit": "GRM",
            "kind": "variables",
            "first": "2026-05-01T06:30:00.000Z",
            "last": "2026-06-01T06:30:00.000Z",
        }
    )

    characteristic: str
    source: Literal["inspections", "readings"]
    sensor: str | None = Field(description="of readings")
    item: str | None = Field(description="of readings, what they belong to")
    place: str | None = Field(description="of readings, where they belong to")
    count: int = Field(ge=1, description="rows; of readings, among the latest")
    items: int = Field(ge=0, description="how many items it was inspected on")
    unit: str = Field(description="UN/ECE Recommendation 20 code; empty: counts")
    kind: Literal["variables", "attributes"]
    first: Time
    last: Time


class RuleSetAnswer(Model):
    set: str = Field(description="nelson, western_electric or limits")
    version: int = Field(description="of the definitions")
    dialect: str = Field(description="six_points or six_increases: what Nelson's rule 3 counts")
    rules: list[int] = Field(description="those applied on this kind of chart")


class Point(Model):
    index: int = Field(ge=1)
    label: str
    time: Time | None
    value: float | None = Field(description="null: missing, which is not in control")
    n: float | None = Field(description="size of the subgroup or sample")
    center: float | None
    lower: float | None = Field(description="control limit of this point")
    upper: float | None
    signals: list[int] = Field(description="the rules that this point completes")
    excluded: bool
    other: float | None = Field(None, description="of a CUSUM: the lower sum, below zero")


class LimitsUsedAnswer(Model):
    phase: Literal["I", "II"] = Field(description="I: computed from these points; II: frozen before")
    version: int | None
    frozen_at: Time | None
    data_digest: str | None = Field(description="SHA-256 of the points that the limits were computed from")


class SpecificationAnswer(Model):
    """What the customer asks of single values; not what the process does."""

    low: float | None
    target: float | None
    high: float | None


class ExcludedPoint(Model):
    """A point left out of the limits."""

    label: str = Field(max_length=500)
    reason: str = Field(min_length=1, max_length=500, description="the assignable cause")
    time: Time | None = Field(None, description="where several points bear the label")


class Chart(Model):
    """A control chart as data."""

    kind: Kind
    statistic: str
    characteristic: str
    unit: str
    center: float
    sigma: float = Field(description="of single values, within subgroups; of p′ and u′: how much wider than chance")
    points: list[Point]
    rules: RuleSetAnswer
    limits: LimitsUsedAnswer
    specification: SpecificationAnswer | None
    excluded: list[ExcludedPoint]
    warnings: list[str] = Field(description="what would make the chart mislead")
    companion: Chart | None = Field(description="the chart of the spread that belongs to it")


class ChartAnswer(Chart):
    """The chart of one characteristic."""

    model_config = example(_CHART)

    item: str = Field(description="the item or class that all points are of; empty: of several")
    count: int = Field(ge=0, description="points in all, of which `points` has the latest")
    signal_count: int = Field(ge=0)
    in_control: bool | None = Field(description="no rule fires, nor in the companion; null: no point could be judged")
    rule_meanings: dict[str, str]


class MultivariatePoint(Model):
    index: int = Field(ge=1)
    label: str
    time: Time | None
    phase: Literal["I", "II"] = Field(description="I: the limits come from this point among others")
    t2: float | None = Field(description="null: a characteristic is missing")
    t2_limit: float
    spe: float | None = Field(description="of principal components: how far off the usual correlations, squared")
    spe_limit: float | None
    signal: bool
    contributions: dict[str, float | None] = Field(description="what each characteristic adds to the worse of the two")


class MultivariateAnswer(Model):
    """Several characteristics on one chart."""

    model_config = example(
        {
            "method": "t2",
            "characteristics": ["net_weight", "fill_height"],
            "units": ["GRM", "MMT"],
            "points": [
                {
                    "index": 31,
                    "label": "H26-114",
                    "time": "2026-06-01T06:30:00.000Z",
                    "phase": "II",
                    "t2": 41.2,
                    "t2_limit": 14.1,
                    "spe": None,
                    "spe_limit": None,
                    "signal": True,
                    "contributions": {"net_weight": 39.8, "fill_height": 22.4},
                }
            ],
            "phase_1_points": 30,
            "components": None,
            "count": 31,
            "signal_count": 1,
        }
    )

    method: Literal["t2", "pca"]
    characteristics: list[str]
    units: list[str]
    points: list[MultivariatePoint]
    phase_1_points: int = Field(description="how many complete points the limits come from")
    components: int | None = Field(description="principal components kept")
    count: int
    signal_count: int


class ParametersAnswer(Model):
    kind: Kind
    center: float
    sigma: float
    n: float | None = Field(description="size of the subgroups; null: it varied")
    estimator: str
    options: dict[str, float]


class FrozenLimitsAnswer(Model):
    """Limits as they were frozen; nothing changes them."""

    model_config = example(
        {
            "characteristic": "net_weight",
            "scope": _GTIN,
            "item": _GTIN,
            "equipment": "",
            "unit": "GRM",
            "parameters": {
                "kind": "xbar",
                "center": 500.1,
                "sigma": 1.86,
                "n": 5.0,
                "estimator": "range",
                "options": {},
            },
            "rules": _RULES,
            "phase": "I",
            "version": 2,
            "frozen_at": "2026-05-02T12:00:00.000Z",
            "by": "M. Weber",
            "data_digest": "3b1f4f6d8a7c5e2d1b0a99887766554433221100ffeeddccbbaa998877665544",
            "points": 29,
            "first": "2026-05-01T06:30:00.000Z",
            "last": "2026-05-02T06:30:00.000Z",
            "excluded": [{"label": "H26-77", "reason": "filler nozzle blocked", "time": None}],
        }
    )

    characteristic: str
    scope: str = Field(description="what they hold for; empty: everything")
    item: str
    equipment: str
    unit: str
    parameters: ParametersAnswer
    rules: RuleSetAnswer
    phase: Literal["I"]
    version: int
    frozen_at: Time
    by: str
    data_digest: str
    points: int
    first: Time | None
    last: Time | None
    excluded: list[ExcludedPoint]


class NewLimits(BaseModel):
    """What to freeze limits from: all that is there now of a characteristic, but its excluded points."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "characteristic": "net_weight",
                    "item": "(01)09521000010017",
                    "excluded": [{"label": "H26-77", "reason": "filler nozzle blocked"}],
                    "frozen_by": "M. Weber",
                }
            ]
        },
    )

    characteristic: str = Field(min_length=1, max_length=500)
    item: str | None = Field(None, max_length=2000)
    equipment: str | None = Field(None, max_length=500)
    place: str | None = Field(None, max_length=2000)
    sensor: str | None = Field(None, max_length=2000)
    start: str | None = Field(None, max_length=64, description="RFC 3339")
    end: str | None = Field(None, max_length=64, description="RFC 3339, not included")
    kind: Kind | Literal["auto"] = "auto"
    rules: str = Field("nelson", max_length=64)
    by: GroupBy = "inspection"
    excluded: list[ExcludedPoint] = Field(default_factory=list, max_length=1000)
    frozen_by: str = Field("", max_length=200)
