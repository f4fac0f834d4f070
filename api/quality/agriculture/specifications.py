"""Which specification binds a value: by item, characteristic, market and day.

An item's own before its lot's before its GTIN's before the one for everything; then the market's own before the one
for all markets; then the one that came into force last. Validity is half-open: [valid_from, valid_to).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from api.quality.frames import rows_by
from api.quality.join.limits import limit_keys
from api.quality.units import compatible, convert

#: of the specification found; low and high in the unit of the value, NaN where there is none
BINDING = ("low", "high", "limit_item", "limit_market", "limit_source", "limit_found", "limit_fits")


def binding(
    values: pd.DataFrame,
    specifications: pd.DataFrame,
    *,
    market: str = "",
    lots: Mapping[str, str | None] | None = None,
) -> pd.DataFrame:
    """A frame `BINDING` with the index of `values` (`time, item, characteristic, unit`), from a frame `SPECIFICATION`.

    `limit_fits` is False where the specification's unit measures something else than the value's, so that the two
    cannot be compared. `lots` names the lot of a serial item where its own URI does not show it.
    """
    wanted = values[["time", "item", "characteristic"]].reset_index(drop=True).rename_axis("row").reset_index()
    keys = [
        (item, key, rank)
        for item in dict.fromkeys(values["item"])
        for rank, key in enumerate(limit_keys(item, (lots or {}).get(item)))
    ]
    ranked = pd.DataFrame(keys, columns=["item", "limit_item", "rank"]).astype({"rank": "int64"})
    offered = specifications.rename(columns={"item": "limit_item", "market": "limit_market", "source": "limit_source"})
    found = wanted.merge(ranked, on="item").merge(offered, on=["limit_item", "characteristic"])
    found = found[_in_force(found) & found["limit_market"].isin({market, ""})]
    found = found.assign(elsewhere=found["limit_market"] != market)
    found = found.sort_values(
        ["row", "rank", "elsewhere", "valid_from"], ascending=[True, True, True, False], na_position="last"
    )
    found = found.drop_duplicates("row").set_index("row").reindex(range(len(values)))
    found["limit_found"] = found["limit_item"].notna()
    found.index = values.index
    return _in_unit_of(values["unit"], found)[list(BINDING)]


def _in_force(found: pd.DataFrame) -> pd.Series[bool]:
    begun = found["valid_from"].isna() | (found["valid_from"] <= found["time"])
    over = found["valid_to"].notna() & (found["valid_to"] <= found["time"])
    return begun & ~over


def _in_unit_of(units: pd.Series[str], found: pd.DataFrame) -> pd.DataFrame:
    """The bounds in the unit of each value, where it can be converted."""
    low, high = found["low"].to_numpy(dtype=np.float64, copy=True), found["high"].to_numpy(dtype=np.float64, copy=True)
    fits = found["limit_found"].to_numpy(dtype=bool, copy=True)
    pairs = pd.DataFrame({"one": units.fillna("").to_numpy(), "other": found["unit"].fillna("").to_numpy()})
    pairs["one"] = pairs["one"].where(fits)
    for (one, other), at in rows_by(pairs, "one", "other").items():
        if one == other:
            continue
        if not one or not other or not compatible(one, other):
            fits[at] = False
            continue
        low[at], high[at] = convert(low[at], other, one), convert(high[at], other, one)
    blank = np.where(fits, 0.0, np.nan)
    return found.assign(low=low + blank, high=high + blank, limit_fits=fits)
