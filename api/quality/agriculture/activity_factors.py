"""Energy, water and carbon of activities: amount × a factor that the user supplies, unit and validity checked.

There is no built-in table, for factors differ by country, year and method. An activity without a factor for an
indicator is *unknown* there, or an error if so asked; it is never 0 (a factor of 0 is a row that somebody wrote).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from api.quality.frames import rows_by
from api.quality.units import compatible, convert
from ledger.errors import InvalidDocument, Problem

#: an activity in one indicator: `impact` in `per` (kgCO2e, m3, kWh …); NaN where `reason` says factor, unit or amount
IMPACT = ("subject", "start", "end", "activity", "indicator", "impact", "per", "source", "reason")

_REASONS = {
    "factor": "no factor is valid for it on that day",
    "unit": "its unit does not fit the factor's",
    "amount": "its amount is missing",
}


def impacts(
    activities: pd.DataFrame,
    factors: pd.DataFrame,
    *,
    indicators: Sequence[str] | None = None,
    missing: Literal["unknown", "error"] = "unknown",
) -> pd.DataFrame:
    """A frame `IMPACT`, one row per activity and indicator, from frames `ACTIVITY` and `FACTOR`.

    A factor counts if it is valid ([from, to)) when the activity starts; of several the latest. `indicators` are those
    of the factors unless named. Raises InvalidDocument for `missing='error'` with every activity that has no impact.
    """
    wanted = list(dict.fromkeys(factors["indicator"])) if indicators is None else list(indicators)
    rows = activities.reset_index(drop=True).rename_axis("row").reset_index()
    pairs = rows.merge(pd.DataFrame({"indicator": pd.Series(wanted, dtype=object)}), how="cross")
    found = pairs.merge(_valid(pairs, factors), on=["row", "indicator"], how="left")
    converted = _in_unit_of_factor(found)
    found["impact"] = found["factor"] * converted
    found["reason"] = np.select(
        [found["factor"].isna(), found["amount"].isna(), np.isnan(converted)], ["factor", "amount", "unit"], ""
    )
    if missing == "error":
        _refuse(found[found["reason"] != ""])
    return found[list(IMPACT)]


def _valid(pairs: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """The factor of each activity and indicator: row, indicator, factor, factor_unit, per, source."""
    offered = factors.rename(columns={"unit": "factor_unit"})
    both = pairs[["row", "activity", "indicator", "start"]].merge(offered, on=["activity", "indicator"])
    begun = both["valid_from"].isna() | (both["valid_from"] <= both["start"])
    over = both["valid_to"].notna() & (both["valid_to"] <= both["start"])
    both = both[begun & ~over].sort_values("valid_from", na_position="first", kind="stable")
    latest = both.drop_duplicates(["row", "indicator"], keep="last")
    return latest[["row", "indicator", "factor", "factor_unit", "per", "source"]]


def _in_unit_of_factor(found: pd.DataFrame) -> np.ndarray:
    """The amounts in the unit of their factor; NaN where there is none, or the units do not fit."""
    amounts = np.full(len(found), np.nan)
    given = found["amount"].to_numpy(dtype=np.float64)
    for (one, other), rows in rows_by(found, "unit", "factor_unit").items():
        if one == other or compatible(one, other):
            amounts[rows] = convert(given[rows], one, other)
    return amounts


def _refuse(lacking: pd.DataFrame) -> None:
    problems = [
        Problem(
            f"{row.activity} has no {row.indicator}: {_REASONS[str(row.reason)]}",
            where=f"activity of {row.subject} on {row.start:%Y-%m-%d}",
            expected="a factor for every activity and indicator",
            advice="Add the factor, with its unit and validity; write 0 where it is 0.",
        )
        for row in lacking.itertuples()
    ]
    if problems:
        raise InvalidDocument(problems)
