"""What was inside what, and when, from the aggregation and association events of a trace (EPCIS 2.0).

`stays` has the rules for one item in one container; here they are nested: what is inside an inner container is inside
the outer one for as long as both hold. A lot may be in several containers at once. Aggregation and association are
counted apart: emptying a pallet does not detach its sensor. A GTIN alone is nowhere.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd

from api.quality.frames import timestamps
from api.quality.join.amounts import is_class
from api.quality.join.stays import BEGINNING, END, Signal, Stay, stays

#: an item was inside a container during [start, end]; start is NaT where nobody knows since when, end where it never
#: came out; certainty is 'possible' where no event says when it went in, or where it was elsewhere at the same time
CONTAINMENT = ("item", "container", "start", "end", "certainty")

_HOLDING = ("AggregationEvent", "AssociationEvent")


def containment(events: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """A frame with the columns `CONTAINMENT`, nested containers included, from frames `EVENT` and `MENTION`.

    Where `mentions` has `quantity` and `uom`, a DELETE of a part leaves the rest inside.
    """
    direct = {item: _doubted(several) for item, several in direct_stays(events, mentions).items()}
    rows = sorted(
        {(item, *stay[:4]) for item in direct for stay in _nested(direct, item)},
        key=lambda row: (row[0], row[2], row[1], row[3]),
    )
    frame = pd.DataFrame(rows, columns=list(CONTAINMENT))
    frame["start"] = timestamps(frame["start"], missing=BEGINNING)
    frame["end"] = timestamps(frame["end"], missing=END)
    frame["certainty"] = np.where(frame["certainty"].astype(bool), "certain", "possible")
    return frame


def direct_stays(events: pd.DataFrame, mentions: pd.DataFrame) -> dict[str, list[Stay]]:
    """The stays of each item in the containers that events name it with."""
    facts = events[events["type"].isin(_HOLDING)][["event", "time", "type", "action"]]
    named = mentions[mentions["role"].isin(("parent", "child")) & mentions["event"].isin(facts["event"])]
    named = named[~named["item"].map(is_class).astype(bool)]
    if "quantity" not in named:
        named = named.assign(quantity=np.nan, uom=None)
    parents = named[named["role"] == "parent"].drop_duplicates("event").rename(columns={"item": "container"})
    held = facts.merge(parents[["event", "container"]], on="event")
    children = held.merge(named[named["role"] == "child"][["event", "item", "quantity", "uom"]], on="event", how="left")
    all_children = set(mentions["event"][mentions["role"] == "child"])
    times = pd.DatetimeIndex(children["time"]).as_unit("us").asi8
    signals: dict[tuple[str, str, str], list[Signal]] = defaultdict(list)
    emptied: dict[tuple[str, str], list[int]] = defaultdict(list)
    columns = (children[name] for name in ("event", "type", "action", "container", "item", "quantity", "uom"))
    for time, event, kind, action, container, item, quantity, uom in zip(times, *columns, strict=True):
        if isinstance(item, str) and item != container:
            amount = None if quantity != quantity or quantity is None else float(quantity)
            unit = uom if isinstance(uom, str) else None
            signals[item, container, kind].append(Signal(int(time), str(action), amount, unit))
        elif action == "DELETE" and event not in all_children:
            emptied[container, kind].append(int(time))
    found: dict[str, list[Stay]] = defaultdict(list)
    for (item, container, kind), each in signals.items():
        found[item] += stays(container, kind, each, emptied.get((container, kind), ()))
    return found


def _nested(direct: dict[str, list[Stay]], item: str) -> list[Stay]:
    """All stays of `item`: its own, and those of its containers while it was inside; a cycle ends where it closes."""
    found: list[Stay] = []
    waiting = [(stay, frozenset((item,))) for stay in direct.get(item, ())]
    while waiting:
        stay, path = waiting.pop()
        if stay.container in path or stay.start > stay.end:
            continue
        found.append(stay)
        for outer in direct.get(stay.container, ()):
            start, end = max(stay.start, outer.start), min(stay.end, outer.end)
            shared = Stay(outer.container, start, end, stay.sure and outer.sure, outer.kind)
            waiting.append((shared, path | {stay.container}))
    return found


def _doubted(several: list[Stay]) -> list[Stay]:
    """What is in two containers at once was never taken out of one; of a lot, nobody knows which part is where."""
    return [each._replace(sure=each.sure and not any(_at_once(each, other) for other in several)) for each in several]


def _at_once(one: Stay, other: Stay) -> bool:
    """For longer than the moment of passing from one to the other."""
    apart = one.kind == other.kind and one.container != other.container
    return apart and one.start < other.end and other.start < one.end
