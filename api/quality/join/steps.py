"""The steps of items: from an event that concerns an item until the next one, half-open.

An event concerns an item if it names it, or names a container while the item is inside (its emptying included). A
step's place is the bizLocation of its event: where EPCIS says that the item is *until a subsequent event*. Without one,
nobody knows, and the step has no place. The last step has no end, unless its event consumed or deleted the item.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

#: `through` is the container by which the event concerns the item, None if it names the item itself
STEP = ("step", "item", "event", "start", "end", "place", "through")


def steps(
    events: pd.DataFrame, mentions: pd.DataFrame, inside: pd.DataFrame, items: Iterable[str] | None = None
) -> pd.DataFrame:
    """A frame with the columns `STEP`, in order of item and time, from frames `EVENT`, `MENTION` and `CONTAINMENT`.

    `items` limits it to those items; events at one time keep the order of `events`.
    """
    wanted = mentions["item"].unique() if items is None else pd.unique(pd.Series(list(items), dtype=object))
    facts = events.assign(order=range(len(events)))[["event", "time", "type", "action", "biz_location", "order"]]
    named = mentions.merge(facts, on="event")
    concern = pd.concat([_own(named[named["item"].isin(wanted)]), _through(named, inside[inside["item"].isin(wanted)])])
    concern = concern.sort_values(["item", "time", "order", "through"], na_position="first", kind="stable")
    concern = concern.drop_duplicates(["item", "event"]).reset_index(drop=True)
    end = concern.groupby("item", sort=False)["time"].shift(-1)
    end = end.mask(end.isna() & concern["ends"], concern["time"])
    place = concern["biz_location"].astype(object)
    return pd.DataFrame(
        {
            "step": range(len(concern)),
            "item": concern["item"],
            "event": concern["event"],
            "start": concern["time"],
            "end": end,
            "place": place.where(place.notna(), None),
            "through": concern["through"].astype(object).where(concern["through"].notna(), None),
        },
        columns=list(STEP),
    )


def _own(named: pd.DataFrame) -> pd.DataFrame:
    deleted = (named["type"] == "ObjectEvent") & (named["action"] == "DELETE")
    gone = named.assign(ends=deleted | (named["role"] == "input"), through=None)
    return gone.assign(ends=gone.groupby(["item", "event"])["ends"].transform("all"))


def _through(named: pd.DataFrame, inside: pd.DataFrame) -> pd.DataFrame:
    """Events of the containers of items, each at a time when the item was inside."""
    of_containers = named.rename(columns={"item": "container"}).merge(inside, on="container", suffixes=("", "_stay"))
    during = ~(of_containers["time"] < of_containers["start"]) & ~(of_containers["time"] > of_containers["end"])
    found = of_containers[during]
    return found.assign(ends=False, through=found["container"])
