"""Mass in against mass out: per process step with a control chart of its closure, and per lot.

    W₂ = W₁·(100 − M₁)/(100 − M₂)        dry matter stays; M is moisture in % of the wet weight
    closure = out / (in − declared loss)

Whether a closure is unusual is judged by its own process: an individuals and moving range chart (I-MR) of log closure
against limits from history. No fixed percentage is used: what is normal for drying is not for packing. A step with an
amount that is missing, or that is no mass, has no closure.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.join.amounts import kilograms
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]

#: what one event of a process took in, put out, or declares as lost (`side`: input, output, loss); `moisture` in % of
#: the wet weight may be added
MOVEMENT = ("event", "time", "process", "item", "side", "quantity", "uom")

#: per event, in kg; closure is NaN where `reason` says why: quantity, unit, moisture, nothing_in, no_output
CLOSURE = ("process", "event", "time", "input", "output", "loss", "closure", "reason")

#: ready for a chart of log closure; limits are NaN and `signal` None where there is too little history, or no closure
CHART = (
    "process", "event", "time", "closure", "log_closure", "center", "lower", "upper", "moving_range",
    "moving_range_upper", "phase", "signal",
)  # fmt: skip

#: per lot, in kg: what was made of it, what later steps used; 'overdrawn' means that more was used than ever made
LOT_BALANCE = ("item", "made", "used", "left", "verdict")

#: history shorter than this gives no limits
LEAST_HISTORY = 8

#: of log closure: what a history without any spread must not call a change
_ROUNDING = 1e-9

#: expected range of two normal values and its standard deviation, in σ
_D2 = 2 / np.sqrt(np.pi)
_D3 = np.sqrt(2 - 4 / np.pi)


def weight_at(weight: npt.ArrayLike, moisture: npt.ArrayLike, base: npt.ArrayLike) -> Floats:
    """The weight at `base` moisture of what weighs `weight` at `moisture` (% of the wet weight)."""
    now, then = np.asarray(moisture, dtype=np.float64), np.asarray(base, dtype=np.float64)
    if ((now < 0) | (now >= 100)).any() or ((then < 0) | (then >= 100)).any():
        raise InvalidInput("a moisture outside its range", expected="0 ≤ moisture < 100, in % of the wet weight")
    return np.asarray(weight, dtype=np.float64) * (100 - now) / (100 - then)


def shrink_factor(base: npt.ArrayLike) -> Floats:
    """Weight lost per point of moisture removed, in % of the wet weight, when drying to `base`."""
    return 100 * weight_at(0.01, 0, base)


def closures(movements: pd.DataFrame, *, basis: Literal["wet", "dry"] = "wet") -> pd.DataFrame:
    """A frame `CLOSURE` in order of process and time, from a frame `MOVEMENT`; 'dry' balances dry matter."""
    moved = movements.assign(mass=kilograms(movements["quantity"], movements["uom"]))
    moved["reason"] = np.where(moved["quantity"].isna(), "quantity", np.where(moved["mass"].isna(), "unit", ""))
    if basis == "dry":
        moisture = moved["moisture"].to_numpy(np.float64) if "moisture" in moved else np.full(len(moved), np.nan)
        moved["reason"] = moved["reason"].mask((moved["reason"] == "") & np.isnan(moisture), "moisture")
        moved["mass"] *= weight_at(1.0, np.nan_to_num(moisture), 0.0) + np.where(np.isnan(moisture), np.nan, 0.0)
    keys = ["process", "event", "time"]
    sums = moved.pivot_table(index=keys, columns="side", values="mass", aggfunc=_sum, dropna=True)
    found = sums.reindex(columns=["input", "output", "loss"]).reset_index()
    found["reason"] = _reasons(moved, found, keys)
    expected = found["input"] - found["loss"].fillna(0.0)
    found["closure"] = (found["output"] / expected).where(found["reason"] == "")
    return found.sort_values(["process", "time", "event"]).reset_index(drop=True)[list(CLOSURE)]


def _sum(masses: pd.Series[float]) -> float:
    return float(masses.sum(skipna=False))


def _reasons(moved: pd.DataFrame, found: pd.DataFrame, keys: list[str]) -> npt.NDArray[np.str_]:
    worst = moved.groupby(keys)["reason"].max().reindex(pd.MultiIndex.from_frame(found[keys])).to_numpy()
    sides = moved.groupby([*keys, "side"]).size().unstack("side")
    sides = sides.reindex(pd.MultiIndex.from_frame(found[keys]))
    silent = {side: sides[side].isna().to_numpy() if side in sides else True for side in ("input", "output")}
    in_full = found["input"] - found["loss"].fillna(0.0)
    cases = [worst != "", silent["input"] | ~(in_full > 0).to_numpy(), silent["output"] | np.zeros(len(found), bool)]
    return np.select(cases, [worst, "nothing_in", "no_output"], "")


def closure_chart(
    found: pd.DataFrame, *, history_until: pd.Timestamp | None = None, least: int = LEAST_HISTORY
) -> pd.DataFrame:
    """A frame `CHART` from a frame `CLOSURE`: I-MR of log closure per process.

    Steps before `history_until` set the limits (phase 1), later ones are judged by them (phase 2); without it all are
    history. `signal` is beyond a limit of either chart.
    """
    charts = [_chart(group, history_until, least) for _, group in found.groupby("process", sort=True)]
    if not charts:
        return pd.DataFrame(columns=list(CHART))
    return pd.concat(charts, ignore_index=True)[list(CHART)]


def _chart(group: pd.DataFrame, history_until: pd.Timestamp | None, least: int) -> pd.DataFrame:
    chart = group[["process", "event", "time", "closure"]].sort_values("time", kind="stable").reset_index(drop=True)
    closure = chart["closure"].to_numpy(dtype=np.float64)
    log = np.full(len(closure), np.nan)
    log[closure == 0] = -np.inf
    np.log(closure, out=log, where=closure > 0)
    history = np.ones(len(chart), bool) if history_until is None else (chart["time"] < history_until).to_numpy(bool)
    whole = np.isfinite(log)
    moving = np.full(len(log), np.nan)
    moving[np.flatnonzero(whole)[1:]] = np.abs(np.diff(log[whole]))
    center = lower = upper = top = np.nan
    if (history & whole).sum() >= least:
        mean_range = float(np.nanmean(moving[history & whole]))
        center = float(log[history & whole].mean())
        lower, upper = center - 3 * mean_range / _D2, center + 3 * mean_range / _D2
        top = mean_range * (1 + 3 * _D3 / _D2)
    judged = ~np.isnan(log) & ~np.isnan(center)
    beyond = (log > upper + _ROUNDING) | (log < lower - _ROUNDING) | (moving > top + _ROUNDING)
    return chart.assign(
        log_closure=log,
        center=center,
        lower=lower,
        upper=upper,
        moving_range=moving,
        moving_range_upper=top,
        phase=np.where(history, 1, 2),
        signal=pd.Series(beyond).astype(object).where(judged, None),
    )


def lot_balances(movements: pd.DataFrame) -> pd.DataFrame:
    """A frame `LOT_BALANCE` of every item that a frame `MOVEMENT` has as an output; unknown where any amount is."""
    moved = movements.assign(mass=kilograms(movements["quantity"], movements["uom"]))
    made = moved[moved["side"] == "output"].groupby("item")["mass"].agg(_sum)
    used = moved[moved["side"] == "input"].groupby("item")["mass"].agg(_sum)
    found = pd.DataFrame({"made": made, "used": used.reindex(made.index)}).rename_axis("item").reset_index()
    found["used"] = found["used"].mask(~found["item"].isin(used.index), 0.0)
    found["left"] = found["made"] - found["used"]
    slack = -1e-9 * found["made"].abs()
    found["verdict"] = np.where(found["left"].isna(), "unknown", np.where(found["left"] < slack, "overdrawn", "within"))
    return found[list(LOT_BALANCE)]
