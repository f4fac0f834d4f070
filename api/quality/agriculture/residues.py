"""Laboratory results against limits, with their uncertainty; a residue is judged as SANTE/11312/2021 does it.

A maximum residue level (MRL) is a specification keyed by substance, commodity, market and validity. It is exceeded when
x − U > MRL, where U is the expanded uncertainty that the laboratory states or, by default for traces, 50 % of x. A
value below its limit of quantification (LOQ) is *censored*: it is somewhere in [0, LOQ), never 0. If the LOQ lies above
the limit, the result decides nothing. A missing result, a unit that does not fit and a zero without an LOQ decide
nothing either.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.agriculture.specifications import binding

Mask = npt.NDArray[np.bool_]

#: SANTE/11312/2021: U as a share of the value, where the laboratory states none
RELATIVE_UNCERTAINTY = 0.5

#: Regulation (EC) 396/2005, article 18(1)(b): what holds where no MRL is set, mg/kg
EU_DEFAULT = 0.01

#: mg/kg, ppm, µg/kg, ppb, mg/l, mg/m³, µg/m³: traces, of which a share of the value is a fair guess at U; of a content
#: in percent it would hide every breach
_TRACE_UNITS = ("NA", "59", "J33", "61", "M1", "GP", "GQ")

#: mg/kg and parts per million: what residues are reported in, unlike a sugar content in percent
_RESIDUE_UNITS = ("NA", "59")

#: a frame `RESULT` and, in the result's unit: `expanded` U, the bounds, where they come from, and the verdict:
#: 'outside' (beyond a bound by more than U), 'within_uncertainty' (beyond it, but by less), 'in_range', 'unknown',
#: 'no_limit'; `reason` says why it is unknown
JUDGEMENT = (
    "censored", "expanded", "low", "high", "limit_item", "limit_market", "limit_source", "verdict", "reason",
)  # fmt: skip


def judge_results(
    results: pd.DataFrame,
    specifications: pd.DataFrame,
    *,
    market: str = "",
    relative_uncertainty: float = RELATIVE_UNCERTAINTY,
    default_limit: float | None = None,
    lots: Mapping[str, str | None] | None = None,
) -> pd.DataFrame:
    """The results (a frame `RESULT`) with the columns `JUDGEMENT`, against a frame `SPECIFICATION`.

    Of a trace (mg/kg, ppm, mg/l …) without a stated uncertainty U is `relative_uncertainty` of the value; any other
    value without one is compared as it is. `market` is where the goods are to be sold. `default_limit` (mg/kg; the EU's
    is `EU_DEFAULT`) holds for values in mg/kg or ppm that have no specification; without it they have no limit.
    """
    keyed = results.rename(columns={"analyte": "characteristic"})
    bounds = binding(keyed, specifications, market=market, lots=lots)
    if default_limit is not None:
        bounds = _with_default(bounds, results["unit"], default_limit)
    judged = results.assign(**{name: bounds[name] for name in ("low", "high", "limit_item", "limit_market")})
    judged["limit_source"] = bounds["limit_source"]
    value, loq = (judged[name].to_numpy(dtype=np.float64) for name in ("value", "loq"))
    judged["censored"] = censored = (np.isnan(value) | (value < loq)) & (loq > 0)
    stated = judged["uncertainty"].to_numpy(dtype=np.float64)
    guessed = np.where(results["unit"].isin(_TRACE_UNITS), relative_uncertainty * value, np.nan)
    judged["expanded"] = np.where(censored, np.nan, np.where(np.isnan(stated), guessed, stated))
    judged["verdict"], judged["reason"] = _verdicts(judged, bounds)
    return judged


def _with_default(bounds: pd.DataFrame, units: pd.Series[str], limit: float) -> pd.DataFrame:
    """The bounds, with the default where nothing was found and the unit is one of residues."""
    found = bounds.copy()
    here = units.isin(_RESIDUE_UNITS) & ~bounds["limit_found"]
    found.loc[here, "high"] = limit
    found.loc[here, ["limit_item", "limit_market", "limit_source"]] = "", "", "default"
    found.loc[here, ["limit_found", "limit_fits"]] = True
    return found


def _verdicts(judged: pd.DataFrame, bounds: pd.DataFrame) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]]:
    value, loq, low, high, expanded = (
        judged[name].to_numpy(dtype=np.float64) for name in ("value", "loq", "low", "high", "expanded")
    )
    expanded = np.nan_to_num(expanded)  # none is known: the value is compared as it is
    censored = judged["censored"].to_numpy(dtype=bool)
    zero = ~censored & (value <= 0) & np.isnan(loq) & (high > 0)
    # a censored value lies in [0, LOQ)
    undecided = censored & ((loq > high) | ((low > 0) & (low < loq)))
    cases: list[tuple[Mask, str, str]] = [
        (~bounds["limit_found"].to_numpy(dtype=bool), "no_limit", ""),
        (~bounds["limit_fits"].to_numpy(dtype=bool), "unknown", "unit"),
        (~censored & np.isnan(value), "unknown", "missing"),
        (zero, "unknown", "zero_without_loq"),
        (undecided, "unknown", "loq_beyond_limit"),
        (censored, "", ""),
        ((value - expanded > high) | (value + expanded < low), "outside", ""),
        ((value > high) | (value < low), "within_uncertainty", ""),
    ]
    conditions = [case for case, _, _ in cases]
    verdicts = [verdict for _, verdict, _ in cases]
    found = np.select(conditions, verdicts, "in_range")
    found = np.where(found == "", np.where(loq <= low, "outside", "in_range"), found)
    return found, np.select(conditions, [reason for _, _, reason in cases], "")
