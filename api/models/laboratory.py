"""Laboratory results against limits, and certificates of analysis re-checked."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.models.common import Model, Time, example

_LOT = "https://id.gs1.org/01/09521000010017/10/H26-114"
_HASH = "3b1f4f6d8a7c5e2d1b0a99887766554433221100ffeeddccbbaa998877665544"
_RESULT = {
    "time": "2026-06-01T06:00:00.000Z",
    "item": _LOT,
    "sample": "S-17",
    "laboratory": "urn:example:laboratory",
    "analyte": "chlorpyrifos",
    "value": None,
    "unit": "NA",
    "loq": 0.005,
    "uncertainty": None,
    "method": "EN 15662",
    "certificate": _HASH,
    "low": None,
    "high": 0.01,
    "limit_item": "https://id.gs1.org/01/09521000010017",
    "limit_market": "EU",
    "limit_source": "Regulation (EC) 396/2005",
    "censored": True,
    "expanded": None,
    "verdict": "in_range",
    "reason": "",
}
_SUMMARY = {
    "analyte": "chlorpyrifos",
    "unit": "NA",
    "count": 12,
    "censored": 9,
    "highest": 0.008,
    "highest_loq": 0.005,
    "mean_least": 0.0015,
    "mean_most": 0.0053,
    "p50": None,
    "p95": 0.008,
}
Verdict = Literal["outside", "within_uncertainty", "unknown", "no_limit", "in_range"]


class JudgedResult(Model):
    """One result, with the limit that binds on its day, and what it means."""

    model_config = example(_RESULT)

    time: Time
    item: str
    sample: str
    laboratory: str
    analyte: str
    value: float | None = Field(description="null: below the limit of quantification")
    unit: str
    loq: float | None
    uncertainty: float | None = Field(description="expanded, as the laboratory states it")
    method: str
    certificate: str = Field(description="SHA-256 of the signed document, hex")
    low: float | None = Field(description="in the unit of the result")
    high: float | None
    limit_item: str | None
    limit_market: str | None
    limit_source: str | None
    censored: bool
    expanded: float | None = Field(description="the expanded uncertainty that was used")
    verdict: Verdict = Field(description="`outside`: beyond the limit by more than the uncertainty")
    reason: str = Field(description="why it is unknown: unit, missing, zero_without_loq, loq_beyond_limit")


class ResultSummary(Model):
    """Of one analyte in one unit; quantiles by Kaplan-Meier, the mean between substitution by 0 and by the LOQ."""

    model_config = example(_SUMMARY)

    analyte: str
    unit: str
    count: int
    censored: int
    highest: float | None
    highest_loq: float | None
    mean_least: float | None
    mean_most: float | None
    p50: float | None = Field(description="null: among the censored values")
    p95: float | None


class ResiduesAnswer(Model):
    """The results of an item and its lot, worst first."""

    model_config = example({"item": _LOT, "verdict": "in_range", "results": [_RESULT], "summaries": [_SUMMARY]})

    item: str
    verdict: Verdict = Field(description="the worst of all; unknown without results")
    results: list[JudgedResult]
    summaries: list[ResultSummary]


class Check(Model):
    """One check of one result, or of the whole certificate (analyte and sample are empty)."""

    analyte: str
    sample: str
    check: Literal["specification", "unit", "method", "sample", "accreditation", "document", "complete"]
    state: Literal["passed", "failed", "unknown"]
    message: str


class CertificateAnswer(Model):
    """A certificate of analysis re-checked, what failed first."""

    model_config = example(
        {
            "certificate": _HASH,
            "item": _LOT,
            "verdict": "unknown",
            "checks": [
                {
                    "analyte": "",
                    "sample": "",
                    "check": "document",
                    "state": "unknown",
                    "message": "the signed document was not at hand",
                }
            ],
        }
    )

    certificate: str
    item: str
    verdict: Literal["passed", "failed", "unknown"]
    checks: list[Check]


class RetestDifference(Model):
    """One pair, in order of time; `ewma` is the smoothed difference, with its limits around 0."""

    time: Time
    item: str
    difference: float
    ewma: float
    lower: float | None
    upper: float | None
    signal: bool


class RetestAnswer(Model):
    """Of one analyte in one unit: what others stated less what one found oneself."""

    model_config = example(
        {
            "analyte": "lead", "unit": "NA", "pairs": 2, "left_out": 1, "mean": 0.02, "low": 0.0073, "high": 0.0327,
            "t": 20.0, "p": 0.0318,
            "ewma": [{"time": "2026-06-01T06:00:00.000Z", "item": _LOT, "difference": 0.02, "ewma": 0.004,
                      "lower": -0.011, "upper": 0.011, "signal": False}],
        }
    )  # fmt: skip

    analyte: str
    unit: str
    pairs: int
    left_out: int = Field(description="one of the two is missing, below its LOQ, or not comparable")
    mean: float | None
    low: float | None = Field(
        description="95 % interval of the mean difference; null: fewer than two pairs that differ"
    )
    high: float | None
    t: float | None
    p: float | None
    ewma: list[RetestDifference]
