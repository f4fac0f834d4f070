"""A certificate of analysis re-checked, line by line, instead of believed.

Every result is held against its specification, the specification's unit, the accepted methods, the sample's link to the
lot and the laboratory's accreditation on the day; and the document itself against the hash under which it was
recorded. What cannot be checked is unknown, never passed. A signature on the document is not looked at here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from api.quality.agriculture.residues import RELATIVE_UNCERTAINTY, judge_results
from api.quality.agriculture.specifications import binding

State = Literal["passed", "failed", "unknown"]

#: one check of one result; analyte and sample are '' where it is of the whole certificate. `check` is specification,
#: unit, method, sample, accreditation, document or complete
CHECK = ("analyte", "sample", "check", "state", "message")

_Rows = Iterable[tuple[str, str, str, State, str]]

_OF_VERDICT: dict[str, tuple[State, str]] = {
    "in_range": ("passed", ""),
    "outside": ("failed", "beyond the specification by more than its uncertainty"),
    "within_uncertainty": ("unknown", "beyond the specification, but within its uncertainty"),
    "no_limit": ("unknown", "there is no specification for it"),
}
_OF_REASON = {
    "unit": "its unit does not fit the specification's",
    "missing": "there is no value",
    "zero_without_loq": "a zero without a limit of quantification",
    "loq_beyond_limit": "the limit of quantification is beyond the specification",
}


@dataclass(frozen=True, slots=True)
class CertificateCheck:
    """`verdict` is failed if any check failed, else unknown if any is unknown; `checks` is a frame `CHECK`."""

    certificate: str
    item: str
    verdict: State
    checks: pd.DataFrame


def check_certificate(
    results: pd.DataFrame,
    specifications: pd.DataFrame,
    *,
    certificate: str,
    item: str,
    samples: pd.DataFrame,
    accredited_until: Mapping[str, pd.Timestamp | None],
    methods: Mapping[str, Collection[str]] | None = None,
    required: Collection[str] = (),
    document: str | None = None,
    market: str = "",
    relative_uncertainty: float = RELATIVE_UNCERTAINTY,
) -> CertificateCheck:
    """Check what the certificate with this SHA-256 (hex) says of `item`.

    `results` is a frame `RESULT`, of which the certificate's rows are taken; `samples` has the columns `sample, item`,
    everything known of which sample was taken of what; `accredited_until` the end of each laboratory's accreditation;
    `methods` the accepted ones per analyte (any that is named, where it says nothing); `required` the analytes that a
    complete certificate has; `document` the SHA-256 of the document at hand, by `digest_of`.
    """
    rows = results[results["certificate"] == certificate].reset_index(drop=True)
    lines: list[tuple[str, str, str, State, str]] = [
        *_documents(certificate, document),
        *_complete(rows, required),
        *_specifications(rows, specifications, market, relative_uncertainty),
        *_methods(rows, methods or {}),
        *_samples(rows, samples, item),
        *_accreditations(rows, accredited_until),
    ]
    checks = pd.DataFrame(lines, columns=list(CHECK))
    states = set(checks["state"])
    verdict: State = "failed" if "failed" in states else "unknown" if "unknown" in states else "passed"
    return CertificateCheck(certificate, item, verdict, checks)


def digest_of(document: bytes) -> str:
    """Under which a document is recorded: its SHA-256 in hex."""
    return hashlib.sha256(document).hexdigest()


def _documents(certificate: str, document: str | None) -> _Rows:
    if document is None or not certificate:
        return [("", "", "document", "unknown", "the signed document was not at hand")]
    if document.lower() == certificate.lower():
        return [("", "", "document", "passed", "")]
    return [("", "", "document", "failed", "the document is not the one that was recorded: its hash differs")]


def _complete(rows: pd.DataFrame, required: Collection[str]) -> _Rows:
    if rows.empty:
        return [("", "", "complete", "unknown", "there is no result under this certificate")]
    missing = sorted(set(required) - set(rows["analyte"]))
    return [(analyte, "", "complete", "failed", "there is no result for it") for analyte in missing]


def _specifications(rows: pd.DataFrame, specifications: pd.DataFrame, market: str, relative: float) -> _Rows:
    judged = judge_results(rows, specifications, market=market, relative_uncertainty=relative)
    found = binding(rows.rename(columns={"analyte": "characteristic"}), specifications, market=market)
    for analyte, sample, verdict, reason in zip(
        judged["analyte"], judged["sample"], judged["verdict"], judged["reason"], strict=True
    ):
        state, message = _OF_VERDICT.get(verdict, ("unknown", _OF_REASON.get(reason, "")))
        yield analyte, sample, "specification", state, message
    for analyte, sample, known, fits in zip(
        rows["analyte"], rows["sample"], found["limit_found"], found["limit_fits"], strict=True
    ):
        state = "passed" if fits else "failed" if known else "unknown"
        yield analyte, sample, "unit", state, "" if fits else _OF_REASON["unit"] if known else "nothing to compare with"


def _methods(rows: pd.DataFrame, methods: Mapping[str, Collection[str]]) -> _Rows:
    for analyte, sample, method in zip(rows["analyte"], rows["sample"], rows["method"].fillna(""), strict=True):
        accepted = methods.get(analyte)
        if not method:
            yield analyte, sample, "method", "unknown", "no method is named"
        elif accepted is not None and method not in accepted:
            yield analyte, sample, "method", "failed", f"{method} is none of {', '.join(sorted(accepted))}"
        else:
            yield analyte, sample, "method", "passed", ""


def _samples(rows: pd.DataFrame, samples: pd.DataFrame, item: str) -> _Rows:
    taken_of = samples.groupby("sample")["item"].agg(set).to_dict()
    for analyte, sample, claimed in zip(rows["analyte"], rows["sample"].fillna(""), rows["item"], strict=True):
        known = taken_of.get(sample, set()) | {claimed}
        if claimed != item:
            yield analyte, sample, "sample", "failed", f"the result is of {claimed}"
        elif not sample or sample not in taken_of:
            yield analyte, sample, "sample", "unknown", "nothing says what the sample was taken of"
        elif known != {item}:
            others = ", ".join(sorted(known - {item}))
            yield analyte, sample, "sample", "failed", f"the same sample is said to be of {others}"
        else:
            yield analyte, sample, "sample", "passed", ""


def _accreditations(rows: pd.DataFrame, accredited_until: Mapping[str, pd.Timestamp | None]) -> _Rows:
    for analyte, sample, laboratory, time in zip(
        rows["analyte"], rows["sample"], rows["laboratory"].fillna(""), rows["time"], strict=True
    ):
        until = accredited_until.get(laboratory)
        if until is None or pd.isna(until):
            yield (
                analyte,
                sample,
                "accreditation",
                "unknown",
                f"nothing is known of the accreditation of {laboratory!r}",
            )
        elif time > until:
            yield analyte, sample, "accreditation", "failed", f"{laboratory} was accredited until {until:%Y-%m-%d}"
        else:
            yield analyte, sample, "accreditation", "passed", ""
