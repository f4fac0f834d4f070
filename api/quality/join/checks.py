"""Inspections and laboratory results of the members of a genealogy, summed up per event and quantity.

The specification that binds is the nearest to the item (its own, its lot's, its GTIN's, everything's) among those valid
when it was checked. A censored result (below the limit of quantification) is in range if that limit is, and unknown
otherwise; whether a residue exceeds its limit *with* its uncertainty is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from api.quality.columns import TIME_DTYPE
from api.quality.frames import microseconds
from api.quality.join.inputs import inputs_of
from api.quality.join.limits import limit_keys
from api.quality.join.stays import BEGINNING, END
from api.quality.units import UNITS, compatible, convert


def checks_of(
    inspections: pd.DataFrame,
    results: pd.DataFrame,
    specifications: pd.DataFrame,
    whole: pd.DataFrame,
    members: pd.DataFrame,
    lots: Mapping[str, str] | None,
) -> pd.DataFrame:
    """Rows of `quality_table` without shares; `whole` are the members' steps, uncut; `sure`: made while it belonged."""
    checks = pd.concat([_inspected(inspections, members), _analysed(results, members)], ignore_index=True)
    if checks.empty:
        return checks
    checks = _judged(_during(checks, whole), specifications, lots)
    window = checks[["item"]].merge(members[["item", "start", "end"]], on="item", how="left")
    time = microseconds(checks["time"], 0)
    within = (time >= microseconds(window["start"], BEGINNING)) & (time <= microseconds(window["end"], END))
    checks["sure"] = within
    keys = ["source", "item", "step", "event", "start", "end", "quantity", "unit"]
    groups = checks.groupby(keys, sort=False, dropna=False)
    found = groups.agg(
        count=("time", "size"),
        minimum=("value", "min"),
        mean=("value", "mean"),
        maximum=("value", "max"),
        failed=("failed", "sum"),
        censored=("is_censored", "sum"),
        first=("time", "min"),
        last=("time", "max"),
        low=("low", "max"),
        high=("high", "min"),
        limit_item=("limit_item", "first"),
        rank=("rank", "max"),
        sure=("sure", "all"),
        inputs=("id", inputs_of),
        sources=("by", lambda each: tuple(sorted(set(each) - {""}))),
    ).reset_index()
    found["verdict"] = found["rank"].map(dict(enumerate(_VERDICTS)))
    nothing: list[dict[str, int]] = [{} for _ in range(len(found))]
    found["flagged"] = pd.Series(nothing, index=found.index, dtype=object)
    return found.assign(raw_minimum=found["minimum"], raw_maximum=found["maximum"])


#: from the best to the worst; the worst of a group is its verdict
_VERDICTS = ("no_limit", "in_range", "unknown", "outside")


def _inspected(inspections: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    found = inspections[inspections["item"].isin(members["item"])]
    counted = found["nonconforming"].astype("float64").fillna(found["defects"].astype("float64")).fillna(0.0)
    refused = found["passed"].map(lambda each: each is False or each is np.False_).astype(bool)
    known = found["value"].notna() | found["passed"].notna() | found["size"].notna()
    return _plain(found).assign(
        source="inspection", quantity=found["characteristic"], by=found["inspector"], known=known, loq=np.nan,
        failed=np.maximum(counted, refused.astype("float64")), is_censored=False,
    )  # fmt: skip


def _analysed(results: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    found = results[results["item"].isin(members["item"])]
    return _plain(found).assign(
        source="result", quantity=found["analyte"], by=found["laboratory"], known=True, loq=found["loq"], failed=0.0,
        is_censored=found["value"].isna(),
    )  # fmt: skip


def _plain(found: pd.DataFrame) -> pd.DataFrame:
    ids = found["id"] if "id" in found else pd.Series(-1, index=found.index)
    return pd.DataFrame({name: found[name] for name in ("time", "item", "value", "unit")} | {"id": ids})


def _during(checks: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """With the step in which each was made: the last that had begun."""
    begun = whole[["step", "item", "event", "start", "end"]].sort_values("start", kind="stable")
    begun = begun.astype({"item": object, "start": TIME_DTYPE})
    checks = checks.sort_values("time", kind="stable").astype({"item": object, "time": TIME_DTYPE})
    return pd.merge_asof(checks, begun, left_on="time", right_on="start", by="item").reset_index(drop=True)


def _judged(checks: pd.DataFrame, specifications: pd.DataFrame, lots: Mapping[str, str] | None) -> pd.DataFrame:
    bounds = [_bound(specifications, row, lots) for row in checks[["item", "quantity", "unit", "time"]].itertuples()]
    found = pd.DataFrame(bounds, columns=["low", "high", "limit_item"], index=checks.index)
    checks = checks.join(found)
    low, high = checks["low"].astype("float64"), checks["high"].astype("float64")
    value, loq = checks["value"].astype("float64"), checks["loq"].astype("float64")
    limited = low.notna() | high.notna()
    outside = (value < low) | (value > high) | (checks["failed"] > 0)
    said = value.notna() | (checks["is_censored"] & ((loq <= high) | high.isna()) & low.isna())
    attribute = (checks["source"] == "inspection") & value.isna() & checks["known"].astype(bool)
    good = (limited & said) | attribute
    unlimited = ~limited & ~attribute
    rank = np.select([outside, unlimited, good], [3, 0, 1], 2)
    return checks.assign(low=low, high=high, value=value, rank=rank)


def _bound(
    specifications: pd.DataFrame, row: object, lots: Mapping[str, str] | None
) -> tuple[float, float, str | None]:
    """Low and high in the unit of the check, and where they were set."""
    item, quantity, unit, time = (getattr(row, name) for name in ("item", "quantity", "unit", "time"))
    keys = limit_keys(item, (lots or {}).get(item))
    valid = specifications[
        (specifications["characteristic"] == quantity)
        & specifications["item"].isin(keys)
        & (specifications["market"] == "")
        & ~(specifications["valid_from"] > time)
        & ~(specifications["valid_to"] <= time)
    ]
    if valid.empty:
        return np.nan, np.nan, None
    nearest = valid.loc[min(valid.index, key=lambda at: keys.index(str(valid.at[at, "item"])))]
    bounds = np.array([nearest["low"], nearest["high"]], dtype=np.float64)
    source, target = nearest["unit"], unit
    if source != target:
        fits = source in UNITS and target in UNITS and compatible(source, target)
        bounds = convert(bounds, source, target) if fits else np.full(2, np.nan)
    return float(bounds[0]), float(bounds[1]), str(nearest["item"])
