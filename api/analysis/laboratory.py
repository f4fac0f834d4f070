"""Laboratory results of an item against its specifications, and the certificates that they came with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from api.analysis.quality_store import equipment_frame, results_frame, specifications_frame
from api.quality.agriculture.censored import summaries
from api.quality.agriculture.certificates import CertificateCheck, check_certificate
from api.quality.agriculture.residues import RELATIVE_UNCERTAINTY, judge_results
from api.quality.agriculture.retest import compare_retests, pair_results
from api.quality.join.limits import limit_keys
from api.quality.plain import plain
from ledger.errors import NotFound


def residues_of(
    connection: Connection,
    item: str,
    lot: str | None,
    *,
    market: str = "",
    default_limit: float | None = None,
    relative_uncertainty: float = RELATIVE_UNCERTAINTY,
) -> dict[str, Any]:
    """The results of an item and its lot, judged, worst first; a summary per analyte; the worst verdict of all."""
    keys = limit_keys(item, lot)
    results = results_frame(connection, items=[item, *([lot] if lot and lot != item else [])])
    judged = judge_results(
        results,
        specifications_frame(connection, items=keys),
        market=market,
        relative_uncertainty=relative_uncertainty,
        default_limit=default_limit,
        lots={item: lot},
    )
    rank = judged["verdict"].map({verdict: number for number, verdict in enumerate(WORST_FIRST)})
    judged = judged.assign(rank=rank).sort_values(["rank", "analyte", "time"], kind="stable").drop(columns="rank")
    return {
        "verdict": "unknown" if judged.empty else str(judged["verdict"].iloc[0]),
        "results": plain(judged),
        "summaries": plain(summaries(results, ["analyte"])),
    }


def retests_of(connection: Connection, own: str, analyte: str | None = None) -> list[dict[str, Any]]:
    """Results of other laboratories against those of `own` for the same items. Raises NotFound where it has none."""
    results = results_frame(connection)
    if analyte is not None:
        results = results[results["analyte"] == analyte]
    if not (results["laboratory"] == own).any():
        raise NotFound(
            f"no result of the laboratory {own!r} is known",
            expected="your own laboratory, as results name it",
            advice="Import its results with `lotmark import results`.",
        )
    found: list[dict[str, Any]] = plain(compare_retests(pair_results(results, own)))
    return found


#: verdicts in the order in which they matter
WORST_FIRST = ("outside", "within_uncertainty", "unknown", "no_limit", "in_range")


def certificate_of(
    connection: Connection,
    item: str,
    lot: str | None,
    *,
    certificate: str = "",
    document: str | None = None,
    market: str = "",
    required: Collection[str] = (),
    relative_uncertainty: float = RELATIVE_UNCERTAINTY,
) -> list[CertificateCheck]:
    """Every certificate with results of the item (of its lot, for a serial item), or the one that is named, checked.

    `document` is the SHA-256 of the document at hand. Raises NotFound where there is no such certificate.
    """
    wanted = lot or item
    results = results_frame(connection)
    own = results[results["item"] == wanted]
    names = [certificate] if certificate else sorted({name for name in own["certificate"] if name})
    known = set(results["certificate"])
    if not names or any(name not in known for name in names):
        raise NotFound(
            f"no certificate {certificate or 'of ' + wanted} is known",
            expected="the SHA-256 of a certificate with imported results",
            advice="Import its results with `lotmark import results`.",
        )
    laboratories = equipment_frame(connection)
    accredited = dict(zip(laboratories["equipment"], laboratories["laboratory_accredited_until"], strict=True))
    samples = results.loc[results["sample"] != "", ["sample", "item"]].drop_duplicates()
    specifications = specifications_frame(connection, items=limit_keys(item, lot))
    return [
        check_certificate(
            results,
            specifications,
            certificate=name,
            item=wanted,
            samples=samples,
            accredited_until=accredited,
            required=required,
            document=document,
            market=market,
            relative_uncertainty=relative_uncertainty,
        )
        for name in names
    ]


def shown(check: CertificateCheck) -> dict[str, Any]:
    """As JSON, with what failed and what is unknown first."""
    order = pd.Series({"failed": 0, "unknown": 1, "passed": 2})
    checks = check.checks.assign(rank=check.checks["state"].map(order)).sort_values("rank", kind="stable")
    found: dict[str, Any] = plain(check)
    return found | {"checks": plain(checks.drop(columns="rank"))}
