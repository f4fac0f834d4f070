"""What went into what: a history's transformations, their inputs and outputs with times and amounts (EPCIS 2.0 §7.4.6).

Several events of one organisation under one transformationID are one transformation. A container that is consumed takes
along what is in it at that moment; one that comes out brings what is in it. A GTIN alone is no item that could be
traced, yet it weighs in the mixture. Not here: shares (`composition`) and edges (`genealogy`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from api.quality.columns import TIME_DTYPE
from api.quality.join.amounts import comparable, is_class

#: one input or output of a transformation; `first` and `last` are the times at which its events name it, `amount` is
#: comparable within `dimension` (NaN: unknown), `quantity` with `uom` as given; `traced` False for a GTIN alone
GATE = (
    "transformation", "item", "event", "first", "last", "quantity", "uom", "amount", "dimension", "traced", "counted",
)  # fmt: skip

#: a logistic unit or returnable asset weighs nothing in the mixture that its contents go into
_CARRIER = re.compile(r"https://id\.gs1\.org/(00|8003|8004)/")


@dataclass(frozen=True, slots=True)
class Transformations:
    """Frames `GATE`, one row per transformation and item; `lots` names the lot of a serial item."""

    inputs: pd.DataFrame
    outputs: pd.DataFrame
    lots: Mapping[str, str] = field(default_factory=dict)


def transformations_of(
    events: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    inside: pd.DataFrame | None = None,
    lots: Mapping[str, str] | None = None,
) -> Transformations:
    """From frames `EVENT` (`transformation`, `organisation` where known) and `MENTION` (`quantity`, `uom` where known).

    `inside` (CONTAINMENT) tells what consumed containers held; without it they count as themselves alone.
    """
    facts = events[events["type"] == "TransformationEvent"]
    facts = facts.assign(order=range(len(facts)), transformation=_numbers(facts))
    named = mentions[mentions["role"].isin(("input", "output"))].merge(
        facts[["event", "time", "transformation", "order"]], on="event"
    )
    for column in ("quantity", "uom"):
        if column not in named:
            named[column] = None
    named["quantity"] = named["quantity"].astype("float64")
    named["counted"] = named["quantity"].notna()
    named["carrier"] = False
    if inside is not None and len(inside):
        named = _with_contents(named, inside)
    inputs, outputs = (_gates(named[named["role"] == role]) for role in ("input", "output"))
    return Transformations(inputs, outputs, lots or {})


def is_carrier(item: str) -> bool:
    """A logistic unit or a returnable asset."""
    return _CARRIER.match(item) is not None


def _numbers(facts: pd.DataFrame) -> pd.Series[int]:
    """The transformation that each event belongs to."""
    keys = pd.Series([("", event) for event in facts["event"]], index=facts.index, dtype=object)
    if "transformation" in facts:
        organisations = facts["organisation"] if "organisation" in facts else [""] * len(facts)
        keys = pd.Series(
            [
                (str(organisation), name, "id") if isinstance(name, str) and name else ("", event)
                for event, organisation, name in zip(
                    facts["event"], organisations, facts["transformation"], strict=True
                )
            ],
            index=facts.index,
            dtype=object,
        )
    return pd.Series(pd.factorize(keys)[0], index=facts.index, dtype="int64")


def _with_contents(named: pd.DataFrame, inside: pd.DataFrame) -> pd.DataFrame:
    held = named.merge(inside.rename(columns={"item": "content", "container": "item"}), on="item", suffixes=("", "_"))
    during = ~(held["time"] < held["start"]) & ~(held["time"] > held["end"])
    held = held[during]
    carries = pd.MultiIndex.from_frame(held[["transformation", "role", "item"]])
    index = pd.MultiIndex.from_frame(named[["transformation", "role", "item"]])
    holding = index.isin(carries) & named["item"].map(is_carrier).to_numpy(dtype=bool)
    contents = held.assign(item=held["content"], quantity=np.nan, uom=None, counted=False)[named.columns]
    contents = contents.drop_duplicates(["event", "role", "item"])
    return pd.concat([named.assign(carrier=holding), contents], ignore_index=True)


def _gates(named: pd.DataFrame) -> pd.DataFrame:
    """One row per transformation and item; its amount is known where all its namings give one of the same dimension."""
    amounts, dimensions = comparable(named["item"], named["quantity"], named["uom"])
    named = named.assign(
        amount=np.where(named["carrier"], 0.0, amounts),
        dimension=np.where(named["carrier"], "carrier", np.asarray(dimensions, dtype=object)),
        unit=pd.factorize(named["uom"].fillna(""))[0],
    )
    named = named.assign(kind=pd.factorize(named["dimension"])[0])
    groups = named.sort_values(["transformation", "time", "order"], kind="stable").groupby(["transformation", "item"])
    found = groups[["event", "uom", "dimension"]].first()
    found["first"], found["last"] = groups["time"].min(), groups["time"].max()
    for column, kind in (("quantity", "unit"), ("amount", "kind")):
        alike = groups[kind].min() == groups[kind].max()
        found[column] = groups[column].sum(skipna=False).where(alike)
    found["counted"] = groups["counted"].any()
    found = found.reset_index()
    found["traced"] = [not is_class(item) for item in found["item"]]
    return found[list(GATE)].astype({"first": TIME_DTYPE, "last": TIME_DTYPE, "traced": bool, "counted": bool})
