"""The archive as its users see it: load a file, ask for readings, sum up a span by sensor and hour.

Meant for one process (the home's lock sees to that) with any number of threads: loads wait for each other, questions
never wait and see whole imports only.

Not here: charts and limits from the subgroups (`api.quality.spc`), the join (`api.quality.join`).
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from pathlib import Path

import pandas as pd

from api.quality.archive.asking import readings_within, subgroups
from api.quality.archive.engine import engine
from api.quality.archive.folder import Folder, Loaded, Note, digest_of
from api.quality.archive.loading import load
from api.quality.archive.staging import Source


class ReadingArchive:
    """Readings in the folder `path`; `memory` (as `512MB`) and `threads` limit each operation of DuckDB."""

    def __init__(self, path: Path, *, memory: str = "512MB", threads: int = 2) -> None:
        self._folder = Folder(path)
        self._memory, self._threads = memory, threads
        self._loading = threading.Lock()

    def load(self, file: Path, *, source: str = "") -> Loaded:
        """All of a CSV or Parquet file with the columns of the readings' import, or nothing; durable on return.

        The same file again changes nothing. A reading of a sensor, kind and time that is there already stands.
        Raises InvalidDocument with the line and column of each problem, of up to a hundred rows.
        """
        name = source or file.name
        with self._loading:
            digest = digest_of(file)
            before = self._folder.note(digest)
            if before is not None:
                return Loaded(0, before.imported + before.known)
            with self._folder.draft() as draft, engine(draft / "spill", self._memory, self._threads) as connection:
                found = load(connection, Source(file, name), self._folder, draft)
                self._folder.keep(draft, Note(name, digest, found.imported, found.known))
            return found

    def draft(self) -> AbstractContextManager[Path]:
        """A folder on the archive's disk for a file on its way in; gone at the end of the block, or on opening."""
        return self._folder.draft()

    def readings_within(self, windows: pd.DataFrame) -> pd.DataFrame:
        """READING in order of time and sensor: of each key of `windows` (WINDOW) what lies in one of its windows."""
        with engine(self._folder.path, self._memory, self._threads) as connection:
            return readings_within(connection, self._folder, windows)

    def subgroups(
        self, quantity_kind: str, start: pd.Timestamp, end: pd.Timestamp, *, width: str = "1h"
    ) -> pd.DataFrame:
        """SUBGROUP of every sensor: mean, range and standard deviation in bins of `width` of start ≤ time < end."""
        with engine(self._folder.path, self._memory, self._threads) as connection:
            return subgroups(connection, self._folder, quantity_kind, start, end, width)
