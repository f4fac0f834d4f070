"""What its sensors said of an item over its whole way: pictures with gaps, and the figures of the join beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from api.analysis.trace_quality import AlongTheWay
from api.names import called, short
from api.quality.join.histories import History, SensorHistory, histories
from api.quality.plain import plain

#: points of one sensor in one picture; more could not be told apart
_MOST = 600


def measured_along(
    way: AlongTheWay, steps: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One entry per quantity kind that has limits, else per kind; those beyond limits first."""
    if way.steps.empty:
        return []
    found = histories(way.steps, way.readings, inside=way.inside, sensor_readings=way.sensor_readings)
    entries = [
        _entry(one, [step for step in steps if step["quantity_kind"] == one.quantity_kind], names) for one in found
    ]
    drawable = [one for one in entries if sum(len(series["times"]) for series in one["series"]) > 1]
    shown = [one for one in drawable if one["limited"]] or drawable
    return sorted(shown, key=lambda one: (-(one["seconds_above"] + one["seconds_below"]), not one["limited"]))


def known_share(steps: Iterable[Mapping[str, Any]]) -> float | None:
    """The share of the time with limits for which a reading speaks; None where no step has limits and a length."""
    lengths = [(step["seconds"], step["seconds_unknown"]) for step in steps if step["verdict"] != "no_limit"]
    total = sum(seconds for seconds, unknown in lengths if seconds and unknown is not None)
    unknown = sum(unknown for seconds, unknown in lengths if seconds and unknown is not None)
    return 1 - unknown / total if total else None


def _entry(found: History, steps: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> dict[str, Any]:
    limited = [step for step in steps if step["low"] is not None or step["high"] is not None]
    bound = limited[0] if limited else {"low": None, "high": None}
    return {
        "quantity_kind": found.quantity_kind,
        "unit": found.unit,
        "limited": bool(limited),
        "low": bound["low"],
        "high": bound["high"],
        "series": [_series(one, names) for one in found.series],
        "gaps": [{"from": plain(begin), "until": plain(end)} for begin, end in found.gaps],
        "mean_kinetic": _mean_kinetic(steps),
        "seconds_above": _longest(steps, "seconds_above"),
        "seconds_below": _longest(steps, "seconds_below"),
        "seconds_unknown": _longest(limited, "seconds_unknown"),
    }


def _series(found: SensorHistory, names: Mapping[str, str]) -> dict[str, Any]:
    """Thinned to what a picture can show, keeping the extremes of each part."""
    keep = _kept(found.values)
    return {
        "sensor": called(found.source, names)
        or ("the event's own" if found.source.startswith("0x") else short(found.source)),
        "times": plain(found.times.iloc[keep]),
        "values": plain(found.values[keep]),
        "flagged": found.flagged,
    }


def _kept(values: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    if len(values) <= _MOST:
        return np.arange(len(values))
    breaks = np.flatnonzero(np.isnan(values))
    parts = [part[~np.isnan(values[part])] for part in np.array_split(np.arange(len(values)), _MOST // 2)]
    extremes = [
        each for part in parts if len(part) for each in (part[values[part].argmin()], part[values[part].argmax()])
    ]
    return np.unique([*breaks, *extremes])


def _mean_kinetic(steps: Sequence[Mapping[str, Any]]) -> float | None:
    """Of the longest step that has one; those of several steps cannot be added up."""
    found = [step for step in steps if step["mean_kinetic_temperature"] is not None]
    longest = max(found, key=lambda step: step["seconds"] or 0, default=None)
    return None if longest is None else longest["mean_kinetic_temperature"]


def _longest(steps: Sequence[Mapping[str, Any]], name: str) -> float:
    """Of the item with most of it; items of one lot travel together, so that their times are never added up."""
    found = pd.DataFrame({"item": [step["item"] for step in steps], name: [step[name] for step in steps]})
    totals = found.astype({name: "float64"}).groupby("item")[name].sum()
    return 0.0 if totals.empty else float(totals.max())
