#!/usr/bin/env python
"""How well the root cause procedure finds a planted fault, and how often it cries wolf.

60 raw lots of 12 suppliers go into 150 intermediate lots (3 raw lots each, made on 6 machines), these into 600 finished
lots (2 intermediates each, packed on 4 lines). One raw lot is bad: of the finished lots that descend from it 35 % fail,
of the others 3 %. In the runs without a fault all fail with 3 %. Everything is drawn anew in each run.

The procedure is `api.quality.root_cause.PROCEDURE`. Its false discovery rate was chosen on the seeds 77 and 101; the
figures reported are from others. Exits with 1 if a requirement is missed.

    python scripts/bench/planted_faults.py [--runs 2000] [--seed 2026]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import bootstrap
from statsmodels.stats.proportion import proportion_confint

from api.quality.root_cause import PROCEDURE, RootCause, exposure, root_cause

RAW, SUPPLIERS, INTERMEDIATE, MACHINES, FINISHED, LINES = 60, 12, 150, 6, 600, 4
FAILS, FAILS_EXPOSED = 0.03, 0.35
TUNED_ON = (77, 101)
START = pd.Timestamp("2026-01-01T00:00Z")

Dice = np.random.Generator
Names = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Plant:
    """A generated genealogy, its attributes, and the finished lots."""

    genealogy: pd.DataFrame
    attributes: pd.DataFrame
    finished: list[str]
    descends: npt.NDArray[np.bool_]  # finished × raw


def plant(dice: Dice) -> Plant:
    into = np.array([dice.choice(RAW, 3, replace=False) for _ in range(INTERMEDIATE)])
    out = np.array([dice.choice(INTERMEDIATE, 2, replace=False) for _ in range(FINISHED)])
    raw, intermediate, finished = _names("raw", RAW), _names("mix", INTERMEDIATE), _names("lot", FINISHED)
    genealogy = pd.concat([_edges(raw, into, intermediate, 1), _edges(intermediate, out, finished, 2)])
    attributes = pd.concat(
        [
            _attributes(raw, "supplier", dice.integers(0, SUPPLIERS, RAW)),
            _attributes(intermediate, "machine", dice.integers(0, MACHINES, INTERMEDIATE)),
            _attributes(finished, "line", dice.integers(0, LINES, FINISHED)),
        ]
    )
    descends = np.zeros((FINISHED, RAW), dtype=bool)
    descends[np.arange(FINISHED)[:, None], into[out].reshape(FINISHED, -1)] = True
    return Plant(genealogy, attributes, finished.tolist(), descends)


def _names(kind: str, count: int) -> Names:
    return np.array([f"{kind}-{number:03d}" for number in range(count)], dtype=object)


def _edges(parents: Names, inputs: npt.NDArray[np.int64], children: Names, day: int) -> pd.DataFrame:
    each = inputs.shape[1]
    frame = pd.DataFrame({"parent": parents[inputs.ravel()], "child": np.repeat(children, each)})
    return frame.assign(time=START + pd.Timedelta(days=day), quantity=1.0, uom="KGM")


def _attributes(items: Names, kind: str, numbers: npt.NDArray[np.int64]) -> pd.DataFrame:
    return pd.DataFrame({"item": items, "kind": kind, "name": [f"{kind} {number}" for number in numbers]})


def judge(dice: Dice, *, fault: bool) -> tuple[RootCause, str]:
    """One run of the procedure, and the bad lot."""
    made = plant(dice)
    bad_lot = int(dice.integers(RAW))
    risk = np.where(made.descends[:, bad_lot] & fault, FAILS_EXPOSED, FAILS)
    bad = dice.random(FINISHED) < risk
    found = exposure(made.finished, made.genealogy, made.attributes, minimum=PROCEDURE.minimum)
    # the intervals of the separation take resampling and no part in the decision
    return root_cause(found, bad, procedure=replace(PROCEDURE, resamples=0)), f"raw-{bad_lot:03d}"


@dataclass(frozen=True)
class Outcome:
    """Of the runs with a fault: was the bad lot first, and how many other alarms; of those without: was any raised."""

    first: list[bool]
    co_alarms: list[int]
    raised: list[bool]


def simulate(runs: int, seed: int) -> Outcome:
    dice = np.random.default_rng(seed)
    first, co_alarms = [], []
    for _ in range(runs):
        found, lot = judge(dice, fault=True)
        names = found.alarms["name"].to_list()
        first.append(names[:1] == [lot])
        co_alarms.append(sum(name != lot for name in names))
    raised = [not judge(dice, fault=False)[0].alarms.empty for _ in range(runs)]
    return Outcome(first, co_alarms, raised)


def report(outcome: Outcome) -> bool:
    """Print the three figures with 95 % intervals; whether all requirements are met."""
    first, raised = np.mean(outcome.first), np.mean(outcome.raised)
    co_alarms = np.array(outcome.co_alarms, dtype=float)
    spread = (0.0, 0.0)
    if co_alarms.any():
        spread = bootstrap((co_alarms,), np.mean, method="percentile", rng=0, n_resamples=2000).confidence_interval
    runs = len(outcome.first)
    print(f"{runs:,} runs with a fault, {len(outcome.raised):,} without")
    print(
        f"false discovery rate {PROCEDURE.false_discovery_rate}, at least {PROCEDURE.minimum} items exposed, "
        f"L1 with C = {PROCEDURE.penalty}"
    )
    _line("bad lot is the first alarm", first, proportion_confint(sum(outcome.first), runs, method="wilson"), "≥ 0.95")
    _line("confounded co-alarms a run", co_alarms.mean(), spread, "≤ 0.1")
    wilson = proportion_confint(sum(outcome.raised), len(outcome.raised), method="wilson")
    _line("any alarm without a fault", raised, wilson, "≤ 0.02")
    return bool(first >= 0.95 and co_alarms.mean() <= 0.1 and raised <= 0.02)


def _line(name: str, value: float, interval: tuple[float, float], required: str) -> None:
    print(f"{name:<30} {value:.4f}  (95 % interval {interval[0]:.4f} to {interval[1]:.4f}; required {required})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    if options.seed in TUNED_ON:
        parser.error(f"the procedure was tuned on the seeds {TUNED_ON}: choose another")
    started = time.perf_counter()
    outcome = simulate(options.runs, options.seed)
    met = report(outcome)
    print(f"seed {options.seed}, {time.perf_counter() - started:.0f} s on one core")
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
