"""Manufactured goods: sampling plans, gauge studies, effectiveness, yields, scorecards, calibration."""

from __future__ import annotations

from typing import Literal

from api.models.common import Model, Time, example

_PLAN = {"n": [200], "ac": [7], "re": [8]}
_SUMMARY = {"quality_95": 0.01997, "quality_10": 0.0583, "aoql": 0.0222, "aoql_at": 0.0297}


class SamplingPlan(Model):
    """Sample sizes, acceptance and rejection numbers: one of each, or two for a double plan."""

    model_config = example(_PLAN)
    n: list[int]
    ac: list[int]
    re: list[int]


class LotPlanAnswer(Model):
    """The standard's plan for a lot; qualities are fractions."""

    model_config = example(
        {"lot_size": 5000, "level": "II", "aql": 1.5, "severity": "normal", "code_letter": "L", "plan_letter": "L",
         "plan": _PLAN, "sample_size": 200, "inspect_all": False, **_SUMMARY, "accepted_at_aql": 0.9882}
    )  # fmt: skip
    lot_size: int
    level: str
    aql: float
    severity: str
    code_letter: str
    plan_letter: str
    plan: SamplingPlan
    sample_size: int
    inspect_all: bool
    quality_95: float
    quality_10: float
    aoql: float
    aoql_at: float
    accepted_at_aql: float


class OperatingPoint(Model):
    """At this quality: how often a lot passes, what leaves on average, how many units are drawn and inspected."""

    model_config = example({"quality": 0.015, "accepted": 0.9882, "aoq": 0.0148, "asn": 200.0, "ati": None})
    quality: float
    accepted: float
    aoq: float
    asn: float
    ati: float | None


class OperatingAnswer(Model):
    """The operating characteristic of a plan."""

    model_config = example(
        {"plan": _PLAN, "model": "binomial", "lot_size": None, **_SUMMARY,
         "curve": [{"quality": 0.015, "accepted": 0.9882, "aoq": 0.0148, "asn": 200.0, "ati": None}]}
    )  # fmt: skip
    plan: SamplingPlan
    model: str
    lot_size: int | None
    quality_95: float
    quality_10: float
    aoql: float
    aoql_at: float
    curve: list[OperatingPoint]


class RiskAnswer(Model):
    """How often a lot of this quality was to pass, and passes."""

    model_config = example({"quality": 0.05, "promised": 0.95, "reached": 0.9558})
    quality: float
    promised: float
    reached: float


class VariablesPlanAnswer(Model):
    """Measure n units; the limit is to be k standard deviations from their mean."""

    model_config = example({"n": 15, "k": 1.9016})
    n: int
    k: float


class FoundPlanAnswer(Model):
    """The smallest plan that keeps two promises."""

    model_config = example(
        {"method": "attributes", "model": "binomial", "lot_size": None, "plan": {"n": [80], "ac": [7], "re": [8]},
         "variables": None, "producer": {"quality": 0.05, "promised": 0.95, "reached": 0.9558},
         "consumer": {"quality": 0.15, "promised": 0.075, "reached": 0.0726}}
    )  # fmt: skip
    method: str
    model: str | None
    lot_size: int | None
    plan: SamplingPlan | None
    variables: VariablesPlanAnswer | None
    producer: RiskAnswer
    consumer: RiskAnswer


class EffectivenessAnswer(Model):
    """Overall equipment effectiveness of one group of runs; times and losses in seconds, factors as fractions."""

    model_config = example(
        {"group": {"equipment": "filler 2"}, "runs": 21, "unknown_runs": 0, "planned": 529200.0, "running": 469980.0,
         "total": 404691.0, "good": 395808.0, "rework": 120.0, "availability": 0.8881, "performance": 0.8611,
         "quality": 0.978, "oee": 0.7479, "downtime_loss": 59220.0, "speed_loss": 65289.0, "quality_loss": 8883.0,
         "hint": ""}
    )  # fmt: skip
    group: dict[str, str]
    runs: int
    unknown_runs: int
    planned: float
    running: float
    total: float
    good: float
    rework: float
    availability: float | None
    performance: float | None
    quality: float | None
    oee: float | None
    downtime_loss: float
    speed_loss: float
    quality_loss: float
    hint: str


class ShareAnswer(Model):
    """A figure with its interval; None is infinite (no defect was found)."""

    model_config = example({"value": 0.98596, "low": 0.97084, "high": 0.99422})
    value: float | None
    low: float | None
    high: float | None


class StepAnswer(Model):
    """One step of a process."""

    model_config = example(
        {"step": "press", "opportunities": 1915, "defects": 3, "rework": 1, "first_pass": 0.99791, "low": 0.99464,
         "high": 0.99919}
    )  # fmt: skip
    step: str
    opportunities: float
    defects: float
    rework: float
    first_pass: float
    low: float
    high: float


_SHARE = {"value": 0.98596, "low": 0.97084, "high": 0.99422}


class YieldAnswer(Model):
    """Yields of a process; the sigma level contains the conventional `shift`."""

    model_config = example(
        {"steps": [StepAnswer.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
         "final": _SHARE, "throughput": _SHARE, "rolled": _SHARE,
         "dpmo": {"value": 10443.9, "low": 6770.9, "high": 16076.9},
         "sigma_level": {"value": 3.81, "low": 3.64, "high": 3.97}, "shift": 1.5, "confidence": 0.95}
    )  # fmt: skip
    steps: list[StepAnswer]
    final: ShareAnswer
    throughput: ShareAnswer
    rolled: ShareAnswer
    dpmo: ShareAnswer
    sigma_level: ShareAnswer
    shift: float
    confidence: float


class SupplierShare(Model):
    """One share of one supplier, as counted and drawn towards what is usual; `group`: letters, shared if not apart."""

    supplier: str
    measure: Literal["nonconforming", "lot_acceptance", "on_time", "coa_agreement"]
    count: int
    trials: int
    value: float | None
    low: float | None
    high: float | None
    usual: float | None
    usual_low: float | None
    usual_high: float | None
    group: str


class SupplierComparison(Model):
    """How probable it is that `supplier` is better than `other`."""

    measure: str
    supplier: str
    other: str
    probability_better: float


class ActionAge(Model):
    """Corrective actions of one supplier, in days."""

    supplier: str
    open: int
    oldest_days: float | None
    median_open_days: float | None
    closed: int
    median_days_to_close: float | None


class ScorecardsAnswer(Model):
    """All suppliers, by name: there is no rank."""

    model_config = example(
        {"shares": [{"supplier": "Northwood", "measure": "nonconforming", "count": 12, "trials": 4000, "value": 0.003,
                     "low": 0.0017, "high": 0.0052, "usual": 0.0034, "usual_low": 0.002, "usual_high": 0.0052,
                     "group": "a b"}],
         "comparisons": [{"measure": "nonconforming", "supplier": "Northwood", "other": "Southfield",
                          "probability_better": 0.81}],
         "actions": [{"supplier": "Northwood", "open": 0, "oldest_days": None, "median_open_days": None, "closed": 0,
                      "median_days_to_close": None}],
         "confidence": 0.95}
    )  # fmt: skip
    shares: list[SupplierShare]
    comparisons: list[SupplierComparison]
    actions: list[ActionAge]
    confidence: float


class AnovaRow(Model):
    """A line of the analysis of variance."""

    source: str
    df: int
    ss: float
    ms: float | None
    f: float | None
    p: float | None


class VarianceComponent(Model):
    """One component; contribution in percent of variance, study and tolerance in percent of deviations."""

    component: str
    variance: float
    low: float | None
    high: float | None
    contribution: float | None
    deviation: float
    study: float | None
    tolerance: float | None


class GageAnswer(Model):
    """A measurement system's analysis of variance."""

    model_config = example(
        {"parts": 3, "operators": 3, "trials": 3,
         "anova": [{"source": "part", "df": 2, "ss": 1.2007, "ms": 0.6004, "f": 28.17, "p": 8.6e-07}],
         "components": [{"component": "grr", "variance": 0.02188, "low": 0.01397, "high": 0.1367, "contribution": 25.38,
                         "deviation": 0.1479, "study": 50.38, "tolerance": 80.69}],
         "p_interaction": 0.446, "alpha": 0.05, "interaction_pooled": True, "ndc": 2, "confidence": 0.95}
    )  # fmt: skip
    parts: int
    operators: int
    trials: int
    anova: list[AnovaRow]
    components: list[VarianceComponent]
    p_interaction: float | None
    alpha: float
    interaction_pooled: bool
    ndc: int | None
    confidence: float


class CalibrationAnswer(Model):
    """The calibration of one piece of equipment; without a date it is unknown, never valid."""

    model_config = example(
        {"equipment": "T17", "name": "cold store 1", "kind": "sensor", "calibrated": "2026-01-12T00:00:00.000Z",
         "calibration_due": "2027-01-12T00:00:00.000Z", "days_left": 52.3, "state": "valid"}
    )  # fmt: skip
    equipment: str
    name: str
    kind: str
    calibrated: Time | None
    calibration_due: Time | None
    days_left: float | None
    state: Literal["overdue", "unknown", "due_soon", "valid"]
