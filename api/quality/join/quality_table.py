"""The join: all that was measured of an item by genealogy, in one table, one row per event, item and quantity.

Readings belong as in `quality_by_step`: of the member, of its containers and places while it was there. Inspections and
laboratory results speak for the whole lot that they name, whenever they were made; one made outside of the time in
which the lot belongs is only possibly about the part that does. The share says how much of the asked item a row's item
is (backward), or how much of the asked item is in it (forward).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from api.quality.columns import INSPECTION, RESULT, SPECIFICATION, empty
from api.quality.frames import microseconds, timestamps
from api.quality.join.by_step import quality_by_step
from api.quality.join.checks import checks_of
from api.quality.join.composition import COMPOSITION, composition, content
from api.quality.join.containment import containment
from api.quality.join.members import Direction, members_of
from api.quality.join.stays import BEGINNING, END
from api.quality.join.steps import steps
from api.quality.join.transformations import Transformations, transformations_of

#: `source` is 'reading', 'inspection' or 'result'; `event` begins the step [start, end) in which it was measured (None:
#: before any event); `failed` counts what did not pass, `censored` what lies below the limit of quantification;
#: `verdict` as in `summary`; `inputs` names the rows it was derived from, `flagged` those that cleaning set aside
QUALITY_TABLE = (
    "item", "relation", "level", "share", "share_low", "share_high", "certainty", "event", "start", "end", "source",
    "quantity", "unit", "count", "minimum", "mean", "maximum", "raw_minimum", "raw_maximum",
    "mean_kinetic_temperature", "failed", "censored", "first", "last", "low", "high", "limit_item", "seconds",
    "seconds_outside", "seconds_unknown", "verdict", "flagged", "sources", "inputs",
)  # fmt: skip

_SHARED = ("relation", "level", "share", "share_low", "share_high", "certainty")
_JOINED = [*(name for name in QUALITY_TABLE if name not in _SHARED), "sure"]


def quality_table(
    events: pd.DataFrame,
    mentions: pd.DataFrame,
    item: str,
    readings: pd.DataFrame,
    *,
    inspections: pd.DataFrame | None = None,
    results: pd.DataFrame | None = None,
    sensor_readings: pd.DataFrame | None = None,
    limits: pd.DataFrame | None = None,
    specifications: pd.DataFrame | None = None,
    lots: Mapping[str, str] | None = None,
    direction: Direction = "backward",
    depth: int | None = None,
    members: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A frame with the columns `QUALITY_TABLE`, by level, item and time.

    Frames: EVENT, MENTION (with `quantity`, `uom` where known), READING (with `id`, and what `clean` adds), INSPECTION,
    RESULT, SENSOR_READING, LIMIT, SPECIFICATION. `lots` names the lot of each serial item; `members` (MEMBER) says what
    belongs, where a trace has said so already.
    """
    inside = containment(events, mentions)
    made = transformations_of(events, mentions, inside=inside, lots=lots)
    if members is None:
        members = members_of(made, inside, item, direction=direction, depth=depth)
    whole = steps(events, mentions, inside, members["item"])
    within = cut_to(whole, members)
    measured = quality_by_step(
        within, readings, inside=inside, sensor_readings=sensor_readings, limits=limits, lots=lots
    )
    measured = measured.merge(within[["step", "start", "end"]], on="step").rename(columns={"quantity_kind": "quantity"})
    measured = measured.assign(source="reading", failed=0, censored=0, sure=_is_sure(measured, inside))
    checked = checks_of(
        empty(INSPECTION) if inspections is None else inspections,
        empty(RESULT) if results is None else results,
        empty(SPECIFICATION) if specifications is None else specifications,
        whole,
        members,
        lots,
    )
    parts = [part for part in (measured, checked) if len(part)] or [measured]
    table = (pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]).reindex(columns=_JOINED)
    table = table.merge(members[["item", "relation", "level", "certainty"]], on="item")
    table["certainty"] = table["certainty"].where(table["sure"].astype(bool), "possible")
    table = table.merge(shares_of(made, item, members), on="item", how="left")
    table = table.sort_values(
        ["level", "item", "start", "first", "source", "quantity"], kind="stable", na_position="first"
    )
    return table.reset_index(drop=True)[list(QUALITY_TABLE)]


def cut_to(found: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The steps as far as their items belong, without those that would begin as an item ceases to."""
    windows = found[["item"]].merge(members[["item", "start", "end"]], on="item", how="left")
    low, high = microseconds(windows["start"], BEGINNING), microseconds(windows["end"], END)
    start, end = microseconds(found["start"], BEGINNING), microseconds(found["end"], END)
    begins, ends = np.maximum(start, low), np.minimum(end, high)
    keep = (begins < ends) | ((begins == ends) & (start == end))
    cut = found.assign(start=timestamps(begins, missing=BEGINNING), end=timestamps(ends, missing=END))
    kept: pd.DataFrame = cut.loc[keep].reset_index(drop=True)
    return kept


def shares_of(made: Transformations, item: str, members: pd.DataFrame) -> pd.DataFrame:
    """Each member's share in the item (of ancestors), or the item's in it (of descendants): item, share, bounds."""
    names = list(COMPOSITION[2:5])
    back = composition(made, [item]).rename(columns={"item": "of", "ancestor": "item"})[["item", *names]]
    forth = content(made, item)[["item", *names]] if (members["relation"] == "descendant").any() else back.iloc[:0]
    by_relation = {"descendant": forth, "ancestor": back}
    rows = []
    for relation, some in members.groupby("relation", sort=False):
        shares = by_relation.get(str(relation), back.iloc[:0])
        known = some[["item"]].merge(shares, on="item", how="left")
        whole = 1.0 if relation in ("own", "lot") else np.nan
        rows.append(known.assign(**{name: known[name].fillna(whole) for name in names}))
    found = pd.concat(rows, ignore_index=True)
    return found.assign(share_low=found["share_low"].fillna(0.0), share_high=found["share_high"].fillna(1.0))


def _is_sure(measured: pd.DataFrame, inside: pd.DataFrame) -> list[bool]:
    """Whether every container that readings came through surely held the item."""
    doubtful = inside[inside["certainty"] == "possible"]
    pairs = set(zip(doubtful["item"], doubtful["container"], strict=True))
    rows = zip(measured["item"], measured["sources"], strict=True)
    return [not any((item, source) in pairs for source in sources) for item, sources in rows]
