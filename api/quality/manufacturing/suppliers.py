"""Supplier scorecards: what is known of each supplier, how surely, and which suppliers cannot be told apart.

Four shares (nonconforming units, accepted lots, lots on time, certificates that our own test agrees with) and the age
of corrective actions. Each share is shown three ways: as counted with its Wilson interval, drawn towards what is usual
(`shrinkage`), and in groups of suppliers that the data do not separate. There is no rank and no total score: with few
lots a rank is noise, and weights between the shares are the buyer's to choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from api.quality.manufacturing.proportions import wilson
from api.quality.manufacturing.shrinkage import beta_prior, indistinguishable, posterior
from ledger.errors import InvalidDocument, Problem

#: one lot of a supplier; what nobody knows is missing, and not counted for or against
DELIVERY = ("supplier", "lot", "received", "due", "units", "nonconforming", "accepted", "coa_agrees")
#: one corrective action; `closed` missing while it is open
ACTION = ("supplier", "opened", "closed")

#: columns of the results
SHARE = (
    "supplier", "measure", "count", "trials", "value", "low", "high", "usual", "usual_low", "usual_high", "group",
)  # fmt: skip
COMPARISON = ("measure", "supplier", "other", "probability_better")
ACTION_AGE = ("supplier", "open", "oldest_days", "median_open_days", "closed", "median_days_to_close")

#: measure → whether more of it is better
MEASURES: Final = {"nonconforming": False, "lot_acceptance": True, "on_time": True, "coa_agreement": True}
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Scorecards:
    """All suppliers.

    `shares` (`SHARE`): per supplier and measure, `value` with its Wilson interval; `usual…`, the same drawn towards
    what is usual; `group`, letters of which two suppliers share one where they cannot be told apart. `comparisons`
    (`COMPARISON`): every pair once. `actions` (`ACTION_AGE`). Ordered by name.
    """

    shares: pd.DataFrame
    comparisons: pd.DataFrame
    actions: pd.DataFrame
    confidence: float


def scorecards(
    deliveries: pd.DataFrame, actions: pd.DataFrame | None = None, *, now: pd.Timestamp, confidence: float = 0.95
) -> Scorecards:
    """From frames with the columns `DELIVERY` and `ACTION`; `now` is when open actions are as old as is said.

    A lot without `due` has no say about being on time, and so on. Raises InvalidDocument for counts that cannot be.
    """
    _check(deliveries)
    names = sorted(set(deliveries["supplier"]) | (set() if actions is None else set(actions["supplier"])))
    shares, comparisons = [], []
    for measure, better_high in MEASURES.items():
        counted = _counted(deliveries, measure).reindex(names, fill_value=0.0)
        share, comparison = _measure(counted, measure, better_high=better_high, confidence=confidence)
        shares.append(share)
        comparisons.append(comparison)
    table = pd.concat(shares).sort_values(["supplier", "measure"], key=_in_order).reset_index(drop=True)
    compared = pd.concat(comparisons).reset_index(drop=True)
    return Scorecards(table, compared, _action_ages(actions, names, now), confidence)


def _counted(deliveries: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Per supplier: `count` of `trials`."""
    on_time = (deliveries["received"] <= deliveries["due"]).where(
        deliveries["received"].notna() & deliveries["due"].notna()
    )
    columns = {"lot_acceptance": deliveries["accepted"], "on_time": on_time, "coa_agreement": deliveries["coa_agrees"]}
    if measure == "nonconforming":
        count, trials = (pd.to_numeric(deliveries[name]) for name in ("nonconforming", "units"))
        known = count.notna() & trials.notna()
    else:
        known = columns[measure].notna()
        count, trials = columns[measure].eq(True).astype(float), pd.Series(1.0, index=deliveries.index)
    table = pd.DataFrame({"count": count.where(known, 0.0), "trials": trials.where(known, 0.0)}).astype(float)
    return table.groupby(deliveries["supplier"].to_numpy()).sum()


def _measure(
    counted: pd.DataFrame, measure: str, *, better_high: bool, confidence: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    count, trials = counted["count"].to_numpy(), counted["trials"].to_numpy()
    known = trials > 0
    low, high = wilson(count, trials, confidence)
    after = posterior(count, trials, beta_prior(count[known], trials[known]))
    usual_low, usual_high = after.interval(confidence)
    lower = after.probability_lower()
    group = np.full(len(counted), "", dtype=object)
    group[known] = indistinguishable(after.mean[known], lower[np.ix_(known, known)], confidence)
    with np.errstate(invalid="ignore"):
        value = count / trials
    share = pd.DataFrame(
        {
            "supplier": counted.index, "measure": measure, "count": count.astype(int), "trials": trials.astype(int),
            "value": value, "low": low, "high": high,
            # of whom nothing is known, the usual is no figure of theirs
            "usual": np.where(known, after.mean, np.nan), "usual_low": np.where(known, usual_low, np.nan),
            "usual_high": np.where(known, usual_high, np.nan), "group": group,
        }
    )  # fmt: skip
    one, other = np.triu_indices(len(counted), 1)
    both = known[one] & known[other]
    one, other = one[both], other[both]
    better = 1 - lower[one, other] if better_high else lower[one, other]
    names = counted.index.to_numpy()
    compared = pd.DataFrame({"measure": measure, "supplier": names[one], "other": names[other]})
    return share, compared.assign(probability_better=better)


def _in_order(column: pd.Series[str]) -> pd.Series[str]:
    return column.map({name: str(place) for place, name in enumerate(MEASURES)}) if column.name == "measure" else column


def _action_ages(actions: pd.DataFrame | None, names: Sequence[str], now: pd.Timestamp) -> pd.DataFrame:
    """Per supplier: how many are open and for how long, and how long closed ones took."""
    known = pd.DataFrame(columns=list(ACTION)) if actions is None else actions
    is_open = known["closed"].isna()
    opened, until = (pd.to_datetime(known[name], utc=True) for name in ("opened", "closed"))
    days = (until.fillna(now) - opened).dt.total_seconds() / _DAY
    still, done = (days[which].groupby(known.loc[which, "supplier"]) for which in (is_open, ~is_open))
    found = pd.DataFrame(
        {
            "open": still.size(), "oldest_days": still.max(), "median_open_days": still.median(),
            "closed": done.size(), "median_days_to_close": done.median(),
        },
        index=pd.Index(names, name="supplier"),
    )  # fmt: skip
    return found.fillna({"open": 0, "closed": 0}).astype({"open": int, "closed": int}).reset_index()[list(ACTION_AGE)]


def _check(deliveries: pd.DataFrame) -> None:
    units, bad = (pd.to_numeric(deliveries[name]) for name in ("units", "nonconforming"))
    wrong = (units < 0) | (bad < 0) | (bad > units)
    if wrong.any():
        raise InvalidDocument(
            [
                Problem("its counts are not possible", f"lot {lot} of {supplier}", "0 ≤ nonconforming ≤ units")
                for supplier, lot in deliveries.loc[wrong, ["supplier", "lot"]].to_numpy()
            ]
        )
