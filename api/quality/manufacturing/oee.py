"""Overall equipment effectiveness: of the time that was planned, how much made good units at the ideal rate.

OEE = availability × performance × quality (Nakajima, Introduction to TPM, 1988; the arithmetic as at oee.com).
Runs are summed before anything is divided: the mean of ratios would let a short run count as much as a long one. Where
machines of different ideal rates come together, units count by the time that they should take, so that the product of
the three factors stays the OEE. A run of which something is not known is left out and counted as unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from api.quality.manufacturing.runs import check_runs, grouped, numbers

#: columns of `effectiveness` after those of the groups; times and losses in seconds, factors as fractions
OEE = (
    "runs", "unknown_runs", "planned", "running", "total", "good", "rework", "availability", "performance", "quality",
    "oee", "downtime_loss", "speed_loss", "quality_loss", "hint",
)  # fmt: skip
_SUMS = ["planned", "running", "total", "good", "rework", "ideal", "ideal_good"]


def effectiveness(
    runs: pd.DataFrame, equipment: pd.DataFrame, *, by: Sequence[str] = ("equipment",), zone: str = "UTC"
) -> pd.DataFrame:
    """A frame with the columns of `by` and `OEE`, one row per group in their order.

    `equipment` has `equipment` and `ideal_rate` in units per minute. `by` takes equipment, item, operator, shift,
    supplier, and day, week or month of the start in `zone`. The three losses and the time that made good units add up
    to `planned`. Where performance exceeds 1, `hint` says that the
    ideal rate is too low. A factor without a
    denominator is NaN. Raises InvalidDocument for runs that cannot have been, InvalidInput.
    """
    check_runs(runs)
    known, by = _known(grouped(runs, by, zone), equipment), list(by)
    sums = known.groupby(by, sort=True, dropna=False)[[*_SUMS, "run_known", "run_unknown", "run_stretched"]].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        table = sums.assign(
            runs=sums["run_known"].astype(int),
            unknown_runs=sums["run_unknown"].astype(int),
            availability=sums["running"] / sums["planned"],
            performance=sums["ideal"] / sums["running"],
            quality=sums["ideal_good"] / sums["ideal"],
            oee=sums["ideal_good"] / sums["planned"],
            downtime_loss=sums["planned"] - sums["running"],
            speed_loss=sums["running"] - sums["ideal"],
            quality_loss=sums["ideal"] - sums["ideal_good"],
        )
    # a ratio over nothing is unknown, also where pandas would call it infinite
    table = table.replace([np.inf, -np.inf], np.nan)
    hints = [table["performance"] > 1, sums["run_stretched"] > 0]
    table["hint"] = np.select([each.to_numpy() for each in hints], [_TOO_FAST, _STRETCHED], "")
    return table.reset_index()[[*by, *OEE]]


_TOO_FAST = "It made more than its ideal rate allows: the ideal rate is too low, or the running time too short."
_STRETCHED = "More time was planned than passed from start to end of a run."


def _known(runs: pd.DataFrame, equipment: pd.DataFrame) -> pd.DataFrame:
    """The runs with what is summed; zero in all of it where a run is not wholly known."""
    rate = runs["equipment"].map(equipment.set_index("equipment")["ideal_rate"]).to_numpy(dtype=np.float64)
    planned, downtime = numbers(runs, "planned"), numbers(runs, "downtime")
    total, good = numbers(runs, "total"), numbers(runs, "good")
    complete = np.isfinite(planned + downtime + total + good) & (rate > 0)
    seconds_each = np.divide(60.0, rate, out=np.zeros_like(rate), where=complete)
    values = {
        "planned": planned,
        "running": planned - downtime,
        "total": total,
        "good": good,
        "rework": np.nan_to_num(numbers(runs, "rework")),
        "ideal": total * seconds_each,
        "ideal_good": good * seconds_each,
    }
    sums = {name: np.where(complete, each, 0.0) for name, each in values.items()}
    elapsed = (runs["end"] - runs["start"]).dt.total_seconds().to_numpy()
    return runs.assign(**sums, run_known=complete, run_unknown=~complete, run_stretched=planned > elapsed + 1)
