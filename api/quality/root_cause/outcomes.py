"""Which items are bad, from their inspections: one failed check is enough, and without a verdict nothing is known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.frames import rows_by
from api.quality.join.limits import limit_keys
from api.quality.units import compatible, convert

Floats = npt.NDArray[np.float64]


def outcomes(
    inspections: pd.DataFrame, specifications: pd.DataFrame, *, lots: Mapping[str, str | None] | None = None
) -> pd.Series[float]:
    """Per item of `inspections` (INSPECTION): 1 bad, 0 good, NaN unknown; the index is the items, sorted.

    A check says `passed`; or it found nonconforming pieces or defects, or none; or its value lies outside or within the
    specification (SPECIFICATION, those of all markets) that binds the item at that time: its own before its lot's,
    before its GTIN's, before that of everything; `lots` names the lot of a serial item. Bounds themselves are within. A
    value without a specification, or in a unit that does not compare, says nothing.
    """
    rows = inspections.reset_index(drop=True)
    said = rows["passed"].map({True: 0.0, False: 1.0}).astype("float64")
    counted = rows[["nonconforming", "defects"]].astype("float64")
    found = (counted > 0).any(axis=1).astype("float64").where(counted.notna().any(axis=1))
    verdict = said.fillna(found).fillna(_outside(rows, specifications, lots))
    return verdict.groupby(rows["item"]).max()


def _outside(
    rows: pd.DataFrame, specifications: pd.DataFrame, lots: Mapping[str, str | None] | None
) -> pd.Series[float]:
    bounds = _binding(rows, specifications, lots)
    value = np.full(len(rows), np.nan)
    units = pd.DataFrame({"unit": rows["unit"], "of_bounds": bounds["unit"]})
    for (unit, other), at in rows_by(units, "unit", "of_bounds").items():
        if unit == other or compatible(unit, other):
            value[at] = convert(rows["value"].to_numpy(dtype=np.float64)[at], unit, other)
    low, high = (bounds[name].to_numpy(dtype=np.float64) for name in ("low", "high"))
    outside = np.where(np.isnan(value), np.nan, ((value < low) | (value > high)).astype(np.float64))
    return pd.Series(outside, index=rows.index)


def _binding(rows: pd.DataFrame, specifications: pd.DataFrame, lots: Mapping[str, str | None] | None) -> pd.DataFrame:
    """low, high and unit of the specification that binds each row; NaN and None where none does."""
    keys = [
        (item, key, rank)
        for item in rows["item"].unique()
        for rank, key in enumerate(limit_keys(item, (lots or {}).get(item)))
    ]
    general = specifications[specifications["market"] == ""]
    wanted = pd.DataFrame(keys, columns=["item", "key", "rank"])
    wanted = wanted.merge(general.rename(columns={"item": "key"}), on="key")
    each = rows[["item", "characteristic", "time"]].assign(row=rows.index).merge(wanted, on=["item", "characteristic"])
    begun = each["valid_from"].isna() | (each["valid_from"] <= each["time"])
    there = each[begun & (each["valid_to"].isna() | (each["time"] < each["valid_to"]))]
    first = there.sort_values(["row", "rank", "valid_from"], ascending=[True, True, False]).drop_duplicates("row")
    return first.set_index("row")[["low", "high", "unit"]].reindex(rows.index)
