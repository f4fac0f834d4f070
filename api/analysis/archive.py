"""The archive of readings of a home: the folder `readings` beside its store, there once something was loaded into it.

The store's table takes what sensors send day by day; the archive takes years of it at once. Whoever asks for readings
is given those of both; of a reading that is in both, the store's stands.
"""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from api.quality.archive import ReadingArchive
from api.quality.columns import TIME_DTYPE
from api.quality.frames import timestamps
from api.quality.join.windows import ALWAYS

_IDENTITY = ["time", "sensor", "quantity_kind"]
_archives: dict[Path, ReadingArchive] = {}
_opening = threading.Lock()


def archive_in(directory: Path) -> ReadingArchive:
    """The archive beside the store in `directory`, made if it is not there; one for all threads."""
    path = directory.resolve() / "readings"
    with _opening:
        if path not in _archives or not path.is_dir():
            _archives[path] = ReadingArchive(path)
        return _archives[path]


def with_archived(connection: Connection, readings: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """`readings` of the store (READING and more) and those of the archive within `spans` (SPAN), by time.

    The archive's have no `id` in the store: theirs are below 0.
    """
    file = connection.engine.url.database
    if connection.dialect.name != "sqlite" or file is None or not (Path(file).parent / "readings").is_dir():
        return readings
    windows = pd.DataFrame({"key": spans["key"], "start": _moments(spans["start"]), "end": _moments(spans["end"])})
    found = archive_in(Path(file).parent).readings_within(windows)
    if found.empty:
        return readings
    numbered = found.assign(id=-1 - np.arange(len(found), dtype=np.int64)).reindex(columns=readings.columns)
    both = pd.concat([readings, numbered], ignore_index=True) if len(readings) else numbered
    kept = both.drop_duplicates(_IDENTITY).sort_values(_IDENTITY, kind="stable").reset_index(drop=True)
    return kept.astype(dict.fromkeys({"time", "imported_at"} & set(kept.columns), TIME_DTYPE))


def _moments(microseconds: pd.Series[int]) -> pd.Series[pd.Timestamp]:
    """NaT for always."""
    return timestamps(microseconds.mask(microseconds == ALWAYS[0], ALWAYS[1]), missing=ALWAYS[1])
