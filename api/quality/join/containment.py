"""What was inside what, and when, from the aggregation and association events of a trace (EPCIS 2.0).

ADD and OBSERVE put the named children into the parent, DELETE takes them out; a DELETE without children empties it.
What is inside an inner container is inside the outer one for as long as both hold. A lot may be in several containers
at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from api.quality.frames import timestamps

#: an item was inside a container during [start, end); end is NaT where it never came out
CONTAINMENT = ("item", "container", "start", "end")

_OPEN = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class _Stay:
    container: str
    start: int
    end: int


def containment(events: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """A frame with the columns `CONTAINMENT`, nested containers included, from frames `EVENT` and `MENTION`."""
    direct = _direct(events, mentions)
    rows = sorted(
        {(item, stay.container, stay.start, stay.end) for item in direct for stay in _nested(direct, item)},
        key=lambda row: (row[0], row[2], row[1]),
    )
    frame = pd.DataFrame(rows, columns=list(CONTAINMENT))
    frame["start"] = timestamps(frame["start"], missing=_OPEN)
    frame["end"] = timestamps(frame["end"], missing=_OPEN)
    return frame


def _direct(events: pd.DataFrame, mentions: pd.DataFrame) -> dict[str, list[_Stay]]:
    """The stays of each item in the containers that events put it into."""
    packing = events[events["type"].isin(("AggregationEvent", "AssociationEvent"))].sort_values("time", kind="stable")
    named = mentions[mentions["event"].isin(packing["event"])]
    parents = named[named["role"] == "parent"].drop_duplicates("event").set_index("event")["item"].to_dict()
    children = named[named["role"] == "child"].groupby("event", sort=False)["item"].agg(list).to_dict()
    inside: dict[str, dict[str, int]] = defaultdict(dict)
    stays: dict[str, list[_Stay]] = defaultdict(list)
    times = pd.DatetimeIndex(packing["time"]).as_unit("us").asi8
    for event, action, time in zip(packing["event"], packing["action"], times, strict=True):
        parent = parents.get(event)
        if parent is None:
            continue
        contents = inside[parent]
        if action == "DELETE":
            for item in children.get(event) or list(contents):
                if item in contents:
                    stays[item].append(_Stay(parent, contents.pop(item), int(time)))
        else:
            for item in children.get(event, ()):
                contents.setdefault(item, int(time))
    for parent, contents in inside.items():
        for item, start in contents.items():
            stays[item].append(_Stay(parent, start, _OPEN))
    return stays


def _nested(direct: dict[str, list[_Stay]], item: str) -> list[_Stay]:
    """All stays of `item`: its own, and those of its containers while it was inside; a cycle ends where it closes."""
    found: list[_Stay] = []
    waiting = [(stay, frozenset((item,))) for stay in direct.get(item, ())]
    while waiting:
        stay, path = waiting.pop()
        if stay.container in path or stay.start >= stay.end:
            continue
        found.append(stay)
        for outer in direct.get(stay.container, ()):
            shared = _Stay(outer.container, max(stay.start, outer.start), min(stay.end, outer.end))
            waiting.append((shared, path | {stay.container}))
    return found
