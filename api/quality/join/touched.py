"""From a measurement to the lots that it touches: what was measured, what was inside, and all they went into since.

A reading is of one moment: it touches what was there then, and what was made of that from then on. An inspection or
a laboratory result is of a lot as a whole: it touches everything that was ever made of the lot.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from api.quality.frames import microseconds
from api.quality.join.composition import composition
from api.quality.join.members import descendants_of
from api.quality.join.stays import BEGINNING, END
from api.quality.join.steps import steps
from api.quality.join.transformations import Transformations

#: `share` is how much of `item` is what was measured; `through` is how that reached it: 'item', 'container', 'place' or
#: 'descendant' of what was measured; `via` is the measured item that it was made of
TOUCHED = ("item", "through", "via", "level", "share", "share_low", "share_high", "certainty")


@dataclass(frozen=True, slots=True)
class Measurement:
    """When, and of what item or at what place; `whole`: it speaks for the whole lot, whenever it was made."""

    time: pd.Timestamp
    item: str | None
    place: str | None
    whole: bool = False


def touched_lots(
    events: pd.DataFrame,
    mentions: pd.DataFrame,
    transformations: Transformations,
    inside: pd.DataFrame,
    measurement: Measurement,
) -> pd.DataFrame:
    """A frame with the columns `TOUCHED`, by level; what was measured first. `inside` is a frame CONTAINMENT."""
    there = _there(events, mentions, inside, measurement)
    rows: dict[str, tuple[str, str, int, float, float, float, str]] = {
        item: (through, item, 0, 1.0, 1.0, 1.0, certainty) for item, (through, certainty) in there.items()
    }
    since = BEGINNING if measurement.whole else int(microseconds(pd.Series([measurement.time]), END)[0])
    reached = descendants_of(transformations, there, since=since)
    shares = composition(transformations, reached["item"])[["item", "ancestor", "share", "share_low", "share_high"]]
    shares = shares.rename(columns={"ancestor": "origin"})
    reached = reached.merge(shares, on=["origin", "item"], how="left").fillna({"share_low": 0.0, "share_high": 1.0})
    columns = ("origin", "item", "level", "share", "share_low", "share_high", "certainty")
    for item, other, level, share, low, high, sure in reached[list(columns)].itertuples(index=False):
        known = rows.get(other)
        if known is None or (known[0] == "descendant" and high > known[5]):
            kept = "certain" if there[item][1] == sure == "certain" else "possible"
            rows[other] = ("descendant", item, level, share, low, high, kept)
    found = pd.DataFrame([(item, *row) for item, row in rows.items()], columns=list(TOUCHED))
    return found.sort_values(["level", "item"], kind="stable").reset_index(drop=True)


def _there(
    events: pd.DataFrame, mentions: pd.DataFrame, inside: pd.DataFrame, measurement: Measurement
) -> dict[str, tuple[str, str]]:
    """What was measured at that moment: how it was reached, and how certain that is."""
    found: dict[str, tuple[str, str]] = {}
    if measurement.item is not None:
        found[measurement.item] = ("item", "certain")
        if not measurement.whole:
            held = inside[inside["container"] == measurement.item]
            during = ~(held["start"] > measurement.time) & ~(held["end"] <= measurement.time)
            for item, certainty in held.loc[during, ["item", "certainty"]].itertuples(index=False):
                found.setdefault(item, ("container", certainty))
        return found
    journey = steps(events, mentions, inside)
    here = journey[(journey["place"] == measurement.place) & (journey["start"] <= measurement.time)]
    here = here[~(here["end"] <= measurement.time)]
    return dict.fromkeys(here["item"], ("place", "certain"))
