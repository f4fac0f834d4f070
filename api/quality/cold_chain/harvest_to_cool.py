"""Harvest-to-cool: the time from cutting to a core at or below the target, by field, crew or packhouse.

A lot that was not seen to reach its target is *right-censored* at its last reading, never left out and never counted
as cooled then; quantiles and the share over the limit come from the Kaplan-Meier estimate over all lots. The crossing
lies between two readings; the later one is used, so a time is never understated. No published table exists.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from api.quality.columns import TIME_DTYPE
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: one cut lot; the last three are the groups that are compared, any of them may be None
HARVEST = ("lot", "cut", "field", "crew", "packhouse")

#: … with the first reading at or below the target (NaT: none), the last reading, and hours to whichever came first;
#: hours are NaN where nothing was measured after the cut
COOLING = (*HARVEST, "cooled", "seen", "hours", "reached")

#: per group: lots, how many reached the target, were censored, were not measured; hours; shares over the limit
SUMMARY = ("group", "lots", "reached", "censored", "unmeasured", "p50", "p90", "over", "over_least", "over_most")

_GROUPS: Final = HARVEST[2:]


def cooling(harvests: pd.DataFrame, readings: pd.DataFrame, *, target: float) -> pd.DataFrame:
    """A frame `COOLING` from a frame `HARVEST` and core temperatures `lot, time, value` in the unit of `target`."""
    if harvests["lot"].duplicated().any():
        raise InvalidInput("a lot is cut twice", expected="one row per lot")
    if harvests["cut"].isna().any():
        raise InvalidInput("a lot has no time of cutting", expected="a time in every row")
    of_lots = readings[readings["value"].notna()].merge(harvests[["lot", "cut"]], on="lot")
    after = of_lots[of_lots["time"] >= of_lots["cut"]]
    cooled = after[after["value"] <= target].groupby("lot")["time"].min()
    seen = after.groupby("lot")["time"].max()
    found = harvests.reindex(columns=list(HARVEST)).reset_index(drop=True)
    found["cooled"] = found["lot"].map(cooled).astype(TIME_DTYPE)
    found["seen"] = found["lot"].map(seen).astype(TIME_DTYPE)
    found["hours"] = (found["cooled"].fillna(found["seen"]) - found["cut"]).dt.total_seconds() / 3600
    found["reached"] = found["cooled"].notna()
    return found[list(COOLING)]


def harvest_to_cool(cooled: pd.DataFrame, *, limit_hours: float, by: str | None = None) -> pd.DataFrame:
    """A frame `SUMMARY` from a frame `COOLING`, one row per value of `by` (field, crew, packhouse) or one for all.

    p50 and p90 are NaN where the estimate does not come down that far. `over` is the estimated share of measured lots
    that took longer than the limit (NaN where all were censored before it); `over_least` counts only the lots known to
    have taken longer, `over_most` also all of which it is not known, unmeasured ones included.
    """
    if by is not None and by not in _GROUPS:
        raise InvalidInput(f"unknown group {by!r}", expected=", ".join(_GROUPS))
    groups = [("", cooled)] if by is None else cooled.groupby(cooled[by].fillna(""), sort=True)
    rows = [(name, *_summary(group, limit_hours)) for name, group in groups]
    return pd.DataFrame(rows, columns=list(SUMMARY))


def _summary(group: pd.DataFrame, limit: float) -> tuple[float, ...]:
    measured = group[group["hours"].notna()]
    hours = measured["hours"].to_numpy(dtype=np.float64)
    reached = measured["reached"].to_numpy(dtype=bool)
    longer = int((hours > limit).sum())
    undecided = int((~reached & (hours <= limit)).sum()) + len(group) - len(measured)
    p50, p90, over = _kaplan_meier(hours, reached, limit)
    counts = (len(group), int(reached.sum()), int((~reached).sum()), len(group) - len(measured))
    return (*counts, p50, p90, over, longer / len(group), (longer + undecided) / len(group))


def _kaplan_meier(hours: Floats, reached: npt.NDArray[np.bool_], limit: float) -> tuple[float, float, float]:
    """The median, the 90 % quantile, and the share above `limit`."""
    if not reached.any():
        return np.nan, np.nan, 1.0 if len(hours) and (hours > limit).all() else np.nan
    found = stats.ecdf(stats.CensoredData(uncensored=hours[reached], right=hours[~reached])).sf
    times, surviving = found.quantiles, found.probabilities
    over = float(found.evaluate([limit])[0])
    if limit > hours.max() and surviving[-1] > 0:
        over = np.nan
    return _first(times, surviving, 0.5), _first(times, surviving, 0.1), over


def _first(times: Floats, surviving: Floats, share: float) -> float:
    """The first time by which at most `share` is left; NaN if that is never seen."""
    down = surviving <= share + 1e-12
    return float(times[down.argmax()]) if down.any() else np.nan
