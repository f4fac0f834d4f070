"""The seam between those who need readings and where they are kept: a table of the store, or the archive."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import pandas as pd

from api.quality.columns import TIME_DTYPE

#: readings of an item or a place (`key`, its URI) with start ≤ time < end; a NaT is open
WINDOW = ("key", "start", "end")


class ReadingSource(Protocol):
    """Whoever can answer: all readings of these keys within these windows."""

    def readings_within(self, windows: pd.DataFrame) -> pd.DataFrame:
        """Frame WINDOW in; READING out, each reading once, in order of time and sensor."""


def windows_over(keys: Collection[str], start: pd.Timestamp | None, end: pd.Timestamp | None) -> pd.DataFrame:
    """One WINDOW for each of the items and places, all with the same ends; None is open."""
    frame = pd.DataFrame({"key": sorted(set(keys)), "start": start, "end": end})
    return frame.astype({"key": object, "start": TIME_DTYPE, "end": TIME_DTYPE})
