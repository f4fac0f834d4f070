"""One procedure, fixed beforehand, that turns the two lists into alarms.

1. Factors: groups that cannot be told apart, at least `minimum` items exposed and as many not.
2. Screen: one-sided Fisher and Benjamini-Hochberg over the factors. The first with q ≤ `false_discovery_rate` is taken.
3. What it explains is taken away: its exposed items leave, and step 2 is repeated with the rest (factors again by
   `minimum`), until no factor passes. An ancestor that was only there together with the first has nothing left.
4. Of those taken, the ones that the L1 separation over all items gives a positive weight raise an alarm.

Why both: the screen is powerful and flags whatever occurs together with the cause; the separation keeps one of them and
tests nothing. `scripts/bench/planted_faults.py` measures the procedure on planted faults.

What it does not do: prove. An alarm is an association in the data given; it says where to look first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import false_discovery_control

from api.quality.root_cause.exposure import MINIMUM, SET_ASIDE, Exposure
from api.quality.root_cause.screening import ASSOCIATION, associate, counts, screen
from api.quality.root_cause.separation import PENALTY, separate
from ledger.errors import InvalidInput

Bools = npt.NDArray[np.bool_]

CAUTION: Final = (
    "Association, not cause: an alarm says where to look first. What occurs together with the cause looks like it; "
    "such factors are listed together."
)


@dataclass(frozen=True, slots=True)
class Procedure:
    """The parameters, fixed before the data is seen; the defaults are the ones that the benchmark measures."""

    false_discovery_rate: float = 0.04
    minimum: int = MINIMUM
    penalty: float = PENALTY
    level: float = 0.95
    resamples: int = 100
    seed: int = 0
    most_alarms: int = 10


PROCEDURE: Final = Procedure()

#: an alarm: the factor, its place, its table when it was taken (without the items of those before), weight and odds
#: ratio of the separation, and the flagged factors that it explains: each under the alarm with which it shares most bad
#: items
ALARM = ("rank", "factor", "kind", "name", "members", *ASSOCIATION, "weight", "odds_ratio", "together_with")


@dataclass(frozen=True, slots=True)
class RootCause:
    """Alarms (columns ALARM) and both whole lists: `screening` (`screen`, with `flagged`), `separation` (SEPARATION).

    `items` were judged, `bad` of them bad; `unknown` had no outcome and count nowhere. `set_aside` (SET_ASIDE) could
    not be judged.
    """

    items: int
    bad: int
    unknown: int
    alarms: pd.DataFrame
    screening: pd.DataFrame
    separation: pd.DataFrame
    set_aside: pd.DataFrame
    procedure: Procedure
    caution: str = CAUTION


def root_cause(exposure: Exposure, bad: Bools, *, unknown: int = 0, procedure: Procedure = PROCEDURE) -> RootCause:
    """Judge `bad` (one per item of `exposure`, in its order) by `procedure`.

    `unknown` is only handed on: items without an outcome are left out of the exposure. Raises InvalidInput if the
    numbers of items differ.
    """
    bad = np.asarray(bad, dtype=bool)
    if len(bad) != len(exposure.items):
        raise InvalidInput(f"{len(bad)} outcomes for {len(exposure.items)} items", expected="one outcome per item")
    screening = screen(exposure, bad)
    screening["flagged"] = screening["q"] <= procedure.false_discovery_rate
    separation = separate(
        exposure,
        bad,
        penalty=procedure.penalty,
        resamples=procedure.resamples,
        level=procedure.level,
        seed=procedure.seed,
    )
    alarms = _alarms(exposure, bad, screening, separation, procedure)
    aside = exposure.set_aside[list(SET_ASIDE)]
    return RootCause(len(bad), int(bad.sum()), unknown, alarms, screening, separation, aside, procedure)


def _alarms(
    exposure: Exposure, bad: Bools, screening: pd.DataFrame, separation: pd.DataFrame, procedure: Procedure
) -> pd.DataFrame:
    taken = _taken(exposure, bad, procedure)
    columns = ["factor", "weight", "odds_ratio"]
    alarms = taken.merge(separation[columns], on="factor", how="left").query("weight > 0").reset_index(drop=True)
    alarms = alarms.join(exposure.factors[["kind", "name", "members"]], on="factor")
    alarms["rank"] = np.arange(1, len(alarms) + 1)
    together = _together(exposure, bad, screening, alarms["factor"].to_numpy(dtype=np.int64))
    alarms["together_with"] = np.array([*together, None], dtype=object)[:-1]
    return alarms[list(ALARM)]


def _taken(exposure: Exposure, bad: Bools, procedure: Procedure) -> pd.DataFrame:
    """The factors of steps 2 and 3 in the order in which they were taken: `factor` and ASSOCIATION."""
    left = np.ones(len(bad), dtype=bool)
    found: list[pd.DataFrame] = []
    while len(found) < procedure.most_alarms and (bad & left).any():
        table = associate(*counts(exposure, bad, left), level=procedure.level)
        table = table[(table["n1"] >= procedure.minimum) & (table["n0"] >= procedure.minimum)]
        if table.empty:
            break
        table = table.assign(q=false_discovery_control(table["p"]), factor=table.index, name=exposure.factors["name"])
        first = table.sort_values(["p", "n1", "name"], ascending=[True, False, True]).iloc[[0]]
        if first["q"].iloc[0] > procedure.false_discovery_rate:
            break
        found.append(first)
        left &= exposure.matrix[:, [int(first["factor"].iloc[0])]].toarray().ravel() == 0
    columns = ["factor", *ASSOCIATION]
    return (
        pd.concat(found)[columns] if found else associate([], [], [], []).assign(factor=np.empty(0, np.int64))[columns]
    )


def _together(
    exposure: Exposure, bad: Bools, screening: pd.DataFrame, alarms: npt.NDArray[np.int64]
) -> list[list[str]]:
    """For each alarm, the flagged factors without an alarm that share more bad items with it than with any other."""
    others = screening[screening["flagged"] & ~screening["factor"].isin(alarms)]
    explained: list[list[str]] = [[] for _ in alarms]
    if len(alarms) and len(others):
        labels = (others["kind"] + " " + others["name"]).to_list()
        own = exposure.matrix[:, alarms].toarray() * bad[:, None]
        shared = np.asarray(own.T @ exposure.matrix[:, others["factor"].to_numpy(dtype=np.int64)])
        for label, alarm, most in zip(labels, shared.argmax(axis=0), shared.max(axis=0), strict=True):
            if most:
                explained[alarm].append(label)
    return explained
