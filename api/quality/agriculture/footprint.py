"""Footprints of lots: what was used for them, carried through mixing and splitting by mass.

Each lot's own impacts, and those that it inherits, spread evenly over its mass and follow it (`mass_flow`; allocation
by a physical relationship, as in ISO 14044, 4.3.4.2). What is left in all lots and what could not be allocated add up
to all impacts. Where a mass or a factor is missing nothing is guessed: the lots concerned, and all downstream of them,
are not complete.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from api.quality.agriculture.mass_flow import MassFlow
from api.quality.join.amounts import kilograms

#: per lot and indicator, in `per`: own and inherited impacts; of their total, what no later step took along; the total
#: per kg made. Where `complete` is False a part is unknown, and the figures are the least that it may be
FOOTPRINT = (
    "item", "indicator", "per", "own", "inherited", "total", "retained", "mass", "per_kilogram", "complete",
)  # fmt: skip

#: what no lot could be given; reason is subject (no lot is known of it), mass (unknown), or impact (unknown: NaN)
UNALLOCATED = ("subject", "indicator", "per", "impact", "reason")

#: what each run or place made, over which its impacts are divided
MADE_BY = ("subject", "item", "quantity", "uom")


@dataclass(frozen=True, slots=True)
class Footprints:
    """Frames `FOOTPRINT` and `UNALLOCATED`."""

    lots: pd.DataFrame
    unallocated: pd.DataFrame


def footprints(
    impacts: pd.DataFrame, movements: pd.DataFrame, made_by: pd.DataFrame | None = None, items: Collection[str] = ()
) -> Footprints:
    """Footprints of the lots of a frame `MOVEMENT`, of those that `made_by` (a frame `MADE_BY`) names, and of `items`.

    `impacts` is a frame `IMPACT` (of `activity_factors`). A subject that is one of these lots carries its own.
    """
    made = _made(made_by)
    flow = MassFlow.of(movements, [*made["item"], *items])
    parts = _parts(impacts, flow.items, made)
    known = parts[parts["item"].notna() & parts["share"].notna()]
    lots, lost = [], [_left_over(parts)]
    for indicator in sorted(parts["indicator"].unique()):
        group = parts[(parts["indicator"] == indicator) & parts["item"].notna()]
        unit = "".join(group["per"].dropna().unique()[:1])
        carried, stuck = _carry(flow, group)
        lots.append(carried.assign(indicator=indicator, per=unit))
        lost.append(stuck.assign(indicator=indicator, per=unit, reason="mass"))
    lost.append(known[known["impact"].isna()].drop_duplicates(_IDENTITY).assign(reason="impact"))
    return Footprints(_joined(lots, FOOTPRINT), _joined(lost, UNALLOCATED))


_IDENTITY = ["subject", "start", "end", "activity", "indicator"]


def _made(made_by: pd.DataFrame | None) -> pd.DataFrame:
    """With each item's share of what its subject made; 1 for the only one, NaN where a mass is unknown."""
    made = pd.DataFrame(columns=list(MADE_BY)) if made_by is None else made_by[list(MADE_BY)]
    mass = pd.Series(kilograms(made["quantity"].astype("float64"), made["uom"]), index=made.index)
    by_subject = mass.groupby(made["subject"])
    whole = by_subject.transform("sum").where(~mass.isna().groupby(made["subject"]).transform("any"))
    share = (mass / whole.where(whole > 0)).where(by_subject.transform("size") > 1, 1.0)
    return made[["subject", "item"]].assign(share=share)


def _parts(impacts: pd.DataFrame, items: pd.Index, made: pd.DataFrame) -> pd.DataFrame:
    """The impacts by item and share; item is None where no lot is known, share NaN where no mass is."""
    itself = pd.DataFrame({"subject": items, "item": items, "share": 1.0})
    makers = pd.concat([made, itself[~itself["subject"].isin(made["subject"])]], ignore_index=True)
    return impacts.merge(makers, on="subject", how="left")


def _left_over(parts: pd.DataFrame) -> pd.DataFrame:
    lost = parts[parts["share"].isna()].drop_duplicates(_IDENTITY)
    return lost.assign(reason=np.where(lost["item"].isna(), "subject", "mass"))


def _carry(flow: MassFlow, parts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lots' totals of one indicator, and what stays with lots that cannot be divided."""
    at = flow.items.get_indexer(pd.Index(parts["item"]))
    impact = (parts["impact"] * parts["share"]).to_numpy(dtype=np.float64)
    own = np.bincount(at, np.nan_to_num(impact), len(flow.items)).astype(np.float64)
    lacking = np.bincount(at, np.isnan(impact), len(flow.items)) > 0
    total = flow.carry(own)
    staying = flow.staying(total)
    per_kilogram = np.divide(total, flow.mass, out=np.full(len(total), np.nan), where=flow.mass > 0)
    lots = {
        "item": flow.items,
        "own": own,
        "inherited": total - own,
        "total": total,
        "retained": np.where(flow.blocked, 0.0, staying),
        "mass": np.where(flow.mass > 0, flow.mass, np.nan),
        "per_kilogram": per_kilogram,
        "complete": ~flow.downstream(lacking),
    }
    stuck = flow.blocked & (total != 0)
    return pd.DataFrame(lots), pd.DataFrame({"subject": flow.items[stuck], "impact": staying[stuck]})


def _joined(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    filled = [frame[list(columns)] for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(columns))
