"""The windows of a step: from when to when the readings of one item, container, place or event belong to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.frames import microseconds
from api.quality.intervals import Intervals

Ints = npt.NDArray[np.int64]

ALWAYS = (np.iinfo(np.int64).min, np.iinfo(np.int64).max)

#: readings around a window that may say something of it: a day
AROUND = 24 * 3600 * 1_000_000

#: an item, container ('item') or place, and microseconds [start, end) of which readings are wanted
SPAN = ("what", "key", "start", "end")


@dataclass(frozen=True, slots=True)
class Windows:
    """Parallel arrays: the readings of key number `key` in [start, end) belong to `step`; `keys` are (what, name)."""

    step: Ints
    key: Ints
    start: Ints
    end: Ints
    keys: pd.MultiIndex


def windows_of(steps: pd.DataFrame, inside: pd.DataFrame, until: pd.Timestamp | None) -> Windows:
    """All windows of `steps` (STEP), with the containers of `inside` (CONTAINMENT)."""
    last = ALWAYS[1] if until is None else int(microseconds(pd.Series([until]), ALWAYS[1])[0])
    span = pd.DataFrame(
        {"step": steps["step"], "start": microseconds(steps["start"], last), "end": microseconds(steps["end"], last)}
    )
    parts = [
        span.assign(what="item", name=steps["item"]),
        span.assign(what="place", name=steps["place"])[steps["place"].notna()],
        span.assign(what="event", name=steps["event"], start=ALWAYS[0], end=ALWAYS[1]),
        _container_windows(span.assign(item=steps["item"]), inside, last),
    ]
    columns = ["step", "what", "name", "start", "end"]
    table = pd.concat([part[columns].astype({"name": object}) for part in parts if len(part)] or parts[:1])
    table = table[table["start"] < table["end"]]
    names = pd.MultiIndex.from_frame(table[["what", "name"]])
    codes, keys = pd.factorize(names)
    return Windows(
        table["step"].to_numpy(np.int64),
        codes.astype(np.int64),
        table["start"].to_numpy(np.int64),
        table["end"].to_numpy(np.int64),
        pd.MultiIndex.from_tuples(list(keys), names=["what", "name"]) if len(keys) else names[:0],
    )


def spans_of(windows: Windows, around: int = AROUND) -> pd.DataFrame:
    """A frame with the columns `SPAN`, disjoint for each key: all readings that the windows may want.

    `around` is added at both ends: the reading before a window may still hold in it, the one after it says how long
    the last one does.
    """
    start = np.maximum(windows.start, ALWAYS[0] + around) - around
    end = np.minimum(windows.end, ALWAYS[1] - around) + around
    found = Intervals(windows.key, start, end).union()
    names = windows.keys[found.group].to_frame(index=False, name=["what", "key"])
    spans = names.assign(start=found.start, end=found.end)
    return spans[spans["what"] != "event"].reset_index(drop=True)[list(SPAN)]


def _container_windows(span: pd.DataFrame, inside: pd.DataFrame, last: int) -> pd.DataFrame:
    stays = pd.DataFrame(
        {
            "item": inside["item"],
            "name": inside["container"],
            "stay_start": microseconds(inside["start"], ALWAYS[0]),
            "stay_end": microseconds(inside["end"], last),
        }
    )
    both = span.merge(stays, on="item")
    start = np.maximum(both["start"].to_numpy(np.int64), both["stay_start"].to_numpy(np.int64))
    end = np.minimum(both["end"].to_numpy(np.int64), both["stay_end"].to_numpy(np.int64))
    return both.assign(what="item", start=start, end=end).drop_duplicates(["step", "name", "start", "end"])
