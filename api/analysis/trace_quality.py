"""The join of a trace with the quality data in the store: for each step of each item, what was measured.

The trace says which events count and when an item belongs to it; `api.quality` does the join; the store has the
readings. A step is cut where its item leaves the trace: what a pallet went through with other goods on it is not shown.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from api.analysis.pipeline import cleaned_readings
from api.analysis.quality_store import limits_frame, reading_limits
from api.quality import containment, quality_by_step, resolve_limits, sensor_readings, steps
from api.quality.columns import EVENT, MENTION, READING, TIME_DTYPE, empty
from api.quality.frames import microseconds, timestamps
from api.quality.join.windows import spans_of, windows_of
from api.quality.plain import plain
from ledger.events import format_time
from ledger.hexadecimal import hex_of
from ledger.store import quality as rows
from ledger.trace import Trace, TraceEvent
from ledger.trace.windows import END, Windows


@dataclass(frozen=True, slots=True)
class AlongTheWay:
    """The steps of a trace's items, and all that may have been measured in them: frames as the join takes them."""

    steps: pd.DataFrame
    readings: pd.DataFrame
    inside: pd.DataFrame
    sensor_readings: pd.DataFrame

    def only(self, items: Collection[str]) -> AlongTheWay:
        """Of these items alone."""
        return replace(self, steps=self.steps[self.steps["item"].isin(items)])


def along_the_way(connection: Connection, trace: Trace, items: Collection[str] | None = None) -> AlongTheWay:
    """What the join needs for the trace's items, or for `items` of them."""
    events = [event for event in trace.events if event.stands]
    facts, mentions = _facts(events), _mentions(events)
    inside = containment(facts, mentions)
    wanted = [item.uri for item in trace.items] if items is None else list(items)
    found = _within(trace, steps(facts, mentions, inside, wanted))
    if found.empty:
        return AlongTheWay(found, empty(READING), inside, sensor_readings(()))
    readings = cleaned_readings(connection, spans_of(windows_of(found, inside, None)))
    own = sensor_readings((hex_of(event.commitment), event.body) for event in events)
    return AlongTheWay(found, readings, inside, own)


def quality_of(connection: Connection, trace: Trace, items: Collection[str] | None = None) -> list[dict[str, Any]]:
    """One entry per step and quantity kind of the trace's items (or of `items`), in order of item and time."""
    return quality_along(connection, trace, along_the_way(connection, trace, items))


def quality_along(connection: Connection, trace: Trace, way: AlongTheWay) -> list[dict[str, Any]]:
    """The same, of what is at hand."""
    if way.steps.empty:
        return []
    joined = quality_by_step(
        way.steps,
        way.readings,
        inside=way.inside,
        sensor_readings=way.sensor_readings,
        limits=reading_limits(connection),
        lots=lots_of(trace),
    )
    joined = joined.merge(way.steps[["step", "start", "end"]], on="step")
    return [_entry(row) for row in joined.to_dict("records")]


def limits_of(connection: Connection, item: str, lot: str | None) -> list[dict[str, Any]]:
    """The limits that bind the item, and where each was set."""
    resolved = resolve_limits(limits_frame(connection), [item], {item: lot})
    return [{str(name): plain(value) for name, value in row.items()} for row in resolved.to_dict("records")]


def inspections_of(connection: Connection, items: Collection[str]) -> list[dict[str, Any]]:
    """Of these items, in order of item and time."""
    names = ("item", "characteristic", "value", "unit", "passed", "inspector")
    return [
        {"time": format_time(row.time)} | {name: getattr(row, name) for name in names}
        for row in rows.inspections_of(connection, list(items))
    ]


def lots_of(trace: Trace) -> dict[str, str | None]:
    """The lot of each serial item that an event names with its lot."""
    return {mention.item: mention.lot for event in trace.events for mention in event.mentions if mention.lot}


def _facts(events: list[TraceEvent]) -> pd.DataFrame:
    facts = [(hex_of(each.commitment), each.event_time, each.type, each.action, each.biz_location) for each in events]
    frame = pd.DataFrame(facts, columns=list(EVENT))
    frame["time"] = pd.to_datetime(frame["time"], unit="us", utc=True).astype(TIME_DTYPE)
    return frame


def _mentions(events: list[TraceEvent]) -> pd.DataFrame:
    named = [(hex_of(event.commitment), each.item, each.role) for event in events for each in event.mentions]
    return pd.DataFrame(named, columns=list(MENTION))


def _within(trace: Trace, found: pd.DataFrame) -> pd.DataFrame:
    """The steps cut to the windows in which their items belong to the trace; without those that begin as one ends."""
    windows = {item.uri: item.windows for item in trace.items}
    starts, ends = microseconds(found["start"], END), microseconds(found["end"], END)
    latest = np.array([_end(windows.get(item, ()), start) for item, start in zip(found["item"], starts, strict=True)])
    outlasts = ends > latest
    cut = found.assign(end=timestamps(np.where(outlasts, latest, ends), missing=END))
    remaining: pd.DataFrame = cut[~(outlasts & (starts == latest))].reset_index(drop=True)
    return remaining


def _end(windows: Windows, start: int) -> int:
    """The end of the window that `start` is in."""
    return next((high for low, high in windows if low <= start <= high), END)


def _entry(row: dict[Any, Any]) -> dict[str, Any]:
    entry = {str(name): plain(value) for name, value in row.items() if name not in ("step", "event")}
    inside = max(0.0, _number(row["seconds"] - row["seconds_outside"] - row["seconds_unknown"]))
    return {"commitment": row["event"], **entry, "seconds_inside": None if row["verdict"] == "no_limit" else inside}


def _number(value: float) -> float:
    return 0.0 if math.isnan(value) else float(value)
