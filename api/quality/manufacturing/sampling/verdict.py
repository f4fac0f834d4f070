"""The verdict on lots: what was found in their samples against the standard's single plans.

Units that were not inspected are unknown, never good: a sample smaller than the plan's accepts nothing, but can reject.
The finding of a sample larger than the plan's accepts where it stays within Ac, and otherwise decides nothing, for more
units find more. A series of lots moves between severities as in `switching`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from api.quality.manufacturing.sampling.codes import AQLS, aql_index
from api.quality.manufacturing.sampling.single import Severity, StandardPlan, plan_at, standard_plan
from api.quality.manufacturing.sampling.switching import LotOutcome, Standard, Switching, switching_score
from ledger.errors import InvalidDocument, Problem

#: columns of `lot_verdicts`
LOT_VERDICT = (
    "item", "characteristic", "lot_size", "code_letter", "n", "ac", "re", "inspected", "found", "verdict", "reason",
)  # fmt: skip
#: columns of `inspection_history`
HISTORY = (
    "lot", "lot_size", "severity", "code_letter", "n", "ac", "re", "inspected", "found", "verdict", "reason", "score",
    "next",
)  # fmt: skip
DISCONTINUED = "discontinued"


class Verdict(StrEnum):
    """What a sample says about its lot."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot of a series and what its sample showed; `inspected` None means exactly as many as the plan asks for."""

    lot: str
    lot_size: int
    found: int
    inspected: int | None = None
    steady: bool = True


def judge(asked: StandardPlan, inspected: int, found: int) -> tuple[Verdict, str]:
    """The verdict on a lot of which `inspected` units were seen and `found` nonconforming (or defects), and why."""
    plan, need = asked.plan, asked.sample_size
    if found >= plan.re and inspected <= need:
        return Verdict.REJECT, f"{found} found, Re is {plan.re}"
    if inspected < need:
        return Verdict.UNKNOWN, f"{inspected} of {need} units inspected"
    if found >= plan.re:
        return Verdict.UNKNOWN, f"{found} found in {inspected} units, where the plan draws {need}"
    if found > plan.ac:
        return (
            Verdict.ACCEPT,
            f"{found} found, between Ac {plan.ac} and Re {plan.re}: normal inspection from here on",
        )
    return Verdict.ACCEPT, f"{found} found, Ac is {plan.ac}"


def lot_verdicts(
    inspections: pd.DataFrame,
    lot_sizes: Mapping[str, int],
    aql: float,
    *,
    level: str = "II",
    severity: Severity | str = Severity.NORMAL,
    defects: bool = False,
) -> pd.DataFrame:
    """A frame with the columns `LOT_VERDICT`, one row per item and characteristic inspected by attributes.

    `inspections` has `item, characteristic, passed, size, nonconforming, defects`; a row without `size` is one unit,
    nonconforming where `passed` is False. With `defects`, defects per hundred units are judged. Rows that say neither
    are not counted as inspected. A lot whose size nobody knows, or of one unit, is `unknown`.
    """
    rows = [
        _lot_row(item, characteristic, lot_sizes.get(item), counts, (aql, level, severity))
        for (item, characteristic), counts in _counts(inspections, defects=defects).items()
    ]
    return pd.DataFrame(rows, columns=list(LOT_VERDICT))


def inspection_history(
    lots: Iterable[Lot], aql: float, *, level: str = "II", standard: Standard | str = Standard.ISO_2859_1
) -> pd.DataFrame:
    """A frame with the columns `HISTORY`: the lots of one series in order, each under the severity in force.

    `score` is ISO's switching score and `next` the severity after the lot, or `discontinued`, in which the following
    lots are not judged. A lot without a verdict moves nothing. Raises InvalidInput, InvalidDocument.
    """
    state, rows = Switching(standard=Standard(standard)), []
    for lot in lots:
        _check(lot)
        asked = standard_plan(lot.lot_size, aql, level, state.severity)
        inspected = asked.sample_size if lot.inspected is None else lot.inspected
        verdict, reason = judge(asked, inspected, lot.found)
        if state.discontinued:
            verdict, reason = Verdict.UNKNOWN, "inspection is discontinued until the cause is mended"
        severity = state.severity
        if verdict is not Verdict.UNKNOWN:
            state = state.after(_outcome(asked, verdict, lot))
        after = DISCONTINUED if state.discontinued else state.severity.value
        numbers = (asked.code_letter, asked.sample_size, asked.plan.ac, asked.plan.re, inspected, lot.found)
        rows.append((lot.lot, lot.lot_size, severity.value, *numbers, verdict.value, reason, state.score, after))
    return pd.DataFrame(rows, columns=list(HISTORY))


def _counts(inspections: pd.DataFrame, *, defects: bool) -> dict[tuple[str, str], tuple[int, int]]:
    """Units inspected and found, by item and characteristic."""
    by_unit = inspections["size"].isna() & inspections["passed"].notna()
    size = pd.to_numeric(inspections["size"]).mask(by_unit, 1.0)
    failed = inspections["passed"].eq(False)
    found = pd.to_numeric(inspections["defects" if defects else "nonconforming"]).mask(by_unit, failed.astype(float))
    told = size.notna() & found.notna()
    table = pd.DataFrame(
        {
            "item": inspections["item"],
            "characteristic": inspections["characteristic"],
            "size": np.where(told, size, 0.0),
            "found": np.where(told, found, 0.0),
        }
    )
    summed = table[size.notna()].groupby(["item", "characteristic"])[["size", "found"]].sum()
    return {key: (int(row[0]), int(row[1])) for key, row in zip(summed.index, summed.to_numpy(), strict=True)}


def _lot_row(
    item: str, characteristic: str, lot_size: int | None, counts: tuple[int, int], asked: tuple[float, str, str]
) -> tuple[object, ...]:
    (aql, level, severity), (inspected, found) = asked, counts
    if lot_size is None or lot_size < 2:
        reason = "the lot's size is not known" if lot_size is None else "a lot of one unit is not sampled"
        return (item, characteristic, lot_size, None, None, None, None, inspected, found, Verdict.UNKNOWN.value, reason)
    plan = standard_plan(lot_size, aql, level, severity)
    verdict, reason = judge(plan, inspected, found)
    numbers = (plan.code_letter, plan.sample_size, plan.plan.ac, plan.plan.re, inspected, found)
    return (item, characteristic, lot_size, *numbers, verdict.value, reason)


def _outcome(asked: StandardPlan, verdict: Verdict, lot: Lot) -> LotOutcome:
    accepted = verdict is Verdict.ACCEPT
    scores = switching_score(
        asked.plan.ac, accepted=accepted, accepted_one_step_tighter=lot.found <= _tighter_acceptance(asked)
    )
    between = accepted and lot.found > asked.plan.ac
    return LotOutcome(accepted, scores, between, lot.steady)


def _tighter_acceptance(asked: StandardPlan) -> int:
    """Ac for the letter of the plan at an AQL one step tighter; -1 at the first AQL, where there is none."""
    column = aql_index(asked.aql)
    return plan_at(asked.plan_letter, AQLS[column - 1])[1].ac if column else -1


def _check(lot: Lot) -> None:
    problems = []
    if lot.found < 0 or (lot.inspected is not None and lot.inspected < 0):
        problems.append(Problem("a count is below zero", f"lot {lot.lot}", "whole numbers from 0"))
    if lot.inspected is not None and lot.inspected > lot.lot_size:
        problems.append(
            Problem(f"{lot.inspected} units inspected of a lot of {lot.lot_size}", f"lot {lot.lot}", "at most the lot")
        )
    if problems:
        raise InvalidDocument(problems)
