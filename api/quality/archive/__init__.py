"""An archive of sensor readings for more than a database table of a home should hold: tens of millions and up.

Parquet files in one folder, loaded and asked by DuckDB under a limit of memory. `ReadingArchive` is the way in.
"""

from __future__ import annotations

from api.quality.archive.archive import ReadingArchive
from api.quality.archive.folder import Loaded
from api.quality.archive.source import WINDOW, ReadingSource, windows_over

__all__ = ["WINDOW", "Loaded", "ReadingArchive", "ReadingSource", "windows_over"]
