"""Yield of a process: what share of the units, or of the chances for a defect, came out right, step by step.

First pass yield is per step; rolled throughput yield is the product over the steps, the share that passes all of them
without a defect or rework. DPMO counts defects per million opportunities, and the sigma level adds the conventional
shift of 1.5, which is always told with it. Source of the definitions: Breyfogle, Implementing Six Sigma, 2nd edition.
Intervals: Wilson where a share is shown, and for the product one that holds at least as surely as said (each step's
Clopper-Pearson bounds at the level that the product of independent levels makes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from api.quality.manufacturing.proportions import clopper_pearson, wilson
from api.quality.manufacturing.runs import check_runs, numbers
from ledger.errors import InvalidDocument, InvalidInput, Problem

#: the long-term drift that the sigma level takes for granted
SHIFT = 1.5
#: columns of the steps, in their order
STEP = ("step", "opportunities", "defects", "rework")
#: columns of `ProcessYield.steps`
STEP_YIELD = (*STEP, "first_pass", "low", "high")


@dataclass(frozen=True, slots=True)
class Share:
    """A fraction with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ProcessYield:
    """Yields of a process of several steps, as fractions.

    `final` = good at the end of those that began, rework forgiven; `throughput` (FTY) = without defect or rework in
    any step; `rolled` (RTY) = the product of the steps' first pass yields. `sigma_level` includes `shift`; it is
    infinite where no defect was found, while its lower bound says what that is worth.
    """

    steps: pd.DataFrame
    final: Share
    throughput: Share
    rolled: Share
    dpmo: Share
    sigma_level: Share
    shift: float
    confidence: float


def process_yield(steps: pd.DataFrame, *, opportunities_per_unit: int = 1, confidence: float = 0.95) -> ProcessYield:
    """From a frame with the columns `STEP`, one row per step of one process, counted in units or in opportunities.

    What enters the process is the opportunities of its first step. Where units are counted, DPMO also takes the chances
    for a defect that a unit has in the whole process. Raises InvalidInput, InvalidDocument.
    """
    _check(steps, confidence, opportunities_per_unit)
    chances, defects, rework = (numbers(steps, name) for name in STEP[1:])
    clean = chances - defects - rework
    low, high = wilson(clean, chances, confidence)
    table = steps[list(STEP)].assign(first_pass=clean / chances, low=low, high=high).reset_index(drop=True)
    entered = float(chances[0])
    dpmo = _share(float(defects.sum()), entered * opportunities_per_unit, confidence)
    return ProcessYield(
        table,
        _share(entered - float(defects.sum()), entered, confidence),
        _share(entered - float((defects + rework).sum()), entered, confidence),
        _product(clean, chances, confidence),
        Share(dpmo.value * 1e6, dpmo.low * 1e6, dpmo.high * 1e6),
        Share(_sigma_level(dpmo.value), _sigma_level(dpmo.high), _sigma_level(dpmo.low)),
        SHIFT,
        confidence,
    )


def yield_of_runs(runs: pd.DataFrame, equipment: pd.DataFrame, *, confidence: float = 0.95) -> ProcessYield:
    """Of the process that these runs make up, in units; DPMO with the most opportunities per unit that a run names.

    Raises InvalidInput, InvalidDocument.
    """
    per_unit = int(runs["opportunities"].max()) if len(runs) and runs["opportunities"].notna().any() else 1
    steps = steps_of_runs(runs, equipment)
    return process_yield(steps, opportunities_per_unit=per_unit, confidence=confidence)


def steps_of_runs(runs: pd.DataFrame, equipment: pd.DataFrame) -> pd.DataFrame:
    """The steps (`STEP`, in units) that these runs make up, in the order in which they first began.

    Machines of one kind are one step; a machine of no kind is a step of its own. A unit is mended at most once, and
    what was mended counts as good before anything else does. Runs without `total` or `good` are left out.
    """
    check_runs(runs)
    counted = runs[runs["total"].notna() & runs["good"].notna()].sort_values("start", kind="stable")
    kinds = equipment.set_index("equipment")["kind"]
    step = counted["equipment"].map(kinds).replace("", None).fillna(counted["equipment"])
    total, good = numbers(counted, "total"), numbers(counted, "good")
    mended = np.minimum(np.nan_to_num(numbers(counted, "rework")), good)
    frame = pd.DataFrame({"step": step.to_numpy(), "opportunities": total, "defects": total - good, "rework": mended})
    steps = frame.groupby("step", sort=False).sum().reset_index()[list(STEP)]
    # a step that made nothing yet says nothing of its yield
    return steps[steps["opportunities"] > 0].reset_index(drop=True)


def _check(steps: pd.DataFrame, confidence: float, per_unit: int) -> None:
    if len(steps) == 0 or not 0 < confidence < 1 or per_unit < 1:
        raise InvalidInput(
            "there is no step to compute a yield of"
            if len(steps) == 0
            else f"confidence {confidence:g}, {per_unit} opportunities per unit",
            expected="one step or more with its units, a confidence between 0 and 1, 1 opportunity or more",
        )
    chances, defects, rework = (numbers(steps, name) for name in STEP[1:])
    wrong = ~((chances > 0) & (defects >= 0) & (rework >= 0) & (defects + rework <= chances))
    if wrong.any():
        raise InvalidDocument(
            [
                Problem("its numbers are not possible", f"step {step}", "opportunities ≥ defects + rework, all from 0")
                for step in steps["step"][wrong]
            ]
        )
    if (defects + rework).sum() > chances[0]:
        raise InvalidInput(
            "more units failed in all steps than entered the first",
            expected="steps in series, the first one first",
            advice="Compute processes that run side by side one by one.",
        )


def _share(count: float, trials: float, confidence: float) -> Share:
    low, high = wilson(count, trials, confidence)
    return Share(count / trials, float(low), float(high))


def _product(clean: npt.NDArray[np.float64], chances: npt.NDArray[np.float64], confidence: float) -> Share:
    low, high = clopper_pearson(clean, chances, confidence ** (1 / len(clean)))
    return Share(float(np.prod(clean / chances)), float(np.prod(low)), float(np.prod(high)))


def _sigma_level(fraction: float) -> float:
    return float(stats.norm.isf(fraction)) + SHIFT
