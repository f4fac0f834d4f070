"""Which limit binds an item: its own before its lot's before its GTIN's before the one for everything ('')."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from api.quality.columns import TIME_DTYPE

#: the limit in force for an item and quantity kind; `limit_item` is where it was found
RESOLVED = ("item", "quantity_kind", "low", "high", "unit", "limit_item")

_TIMES = ("start", "valid_from", "valid_to")
_GTIN = re.compile(r"https://id\.gs1\.org/01/\d{14}(?=/|$)")


def resolve_limits(
    limits: pd.DataFrame, items: Iterable[str], lots: Mapping[str, str | None] | None = None
) -> pd.DataFrame:
    """A frame with the columns `RESOLVED`, at most one row per item and quantity kind, from a frame `LIMIT`.

    `lots` names the lot of a serial item where its own URI does not show it.
    """
    keys = [
        (item, key, rank)
        for item in dict.fromkeys(items)
        for rank, key in enumerate(limit_keys(item, (lots or {}).get(item)))
    ]
    wanted = pd.DataFrame(keys, columns=["item", "limit_item", "rank"])
    found = wanted.merge(limits.rename(columns={"item": "limit_item"}), on="limit_item")
    found = found.sort_values(["item", "quantity_kind", "rank"], kind="stable")
    return found.drop_duplicates(["item", "quantity_kind"]).reset_index(drop=True)[list(RESOLVED)]


def limits_of_steps(
    limits: pd.DataFrame, steps: pd.DataFrame, lots: Mapping[str, str | None] | None = None
) -> pd.DataFrame:
    """As `resolve_limits`, with the column `step`, of those in force as each step (STEP) begins.

    Where `limits` has `valid_from` and `valid_to` (half-open, NaT: open), of several on one item the newest binds.
    """
    open_ended = pd.Series(pd.NaT, index=limits.index, dtype=TIME_DTYPE)
    timed = limits.assign(**{name: limits.get(name, open_ended) for name in ("valid_from", "valid_to")})
    keys = [
        (item, key, rank)
        for item in steps["item"].unique()
        for rank, key in enumerate(limit_keys(item, (lots or {}).get(item)))
    ]
    wanted = pd.DataFrame(keys, columns=["item", "limit_item", "rank"])
    found = wanted.merge(timed.rename(columns={"item": "limit_item"}), on="limit_item")
    found = steps[["step", "item", "start"]].merge(found, on="item").astype(dict.fromkeys(_TIMES, TIME_DTYPE))
    in_force = found["valid_from"].isna() | (found["valid_from"] <= found["start"])
    in_force &= found["valid_to"].isna() | (found["valid_to"] > found["start"])
    found = found[in_force].sort_values("valid_from", ascending=False, na_position="last", kind="stable")
    found = found.sort_values(["step", "quantity_kind", "rank"], kind="stable")
    return found.drop_duplicates(["step", "quantity_kind"]).reset_index(drop=True)[["step", *RESOLVED]]


def limit_keys(item: str, lot: str | None = None) -> list[str]:
    """Where a limit of `item` may be written, the most specific first."""
    gtin = _GTIN.match(item)
    return list(dict.fromkeys(key for key in (item, lot, gtin and gtin.group(), "") if key is not None))
