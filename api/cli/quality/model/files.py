"""Tables that the model commands are given."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from api.quality.prediction.table_file import read_table
from ledger.errors import InvalidInput


def table_of(file: Path, *, texts: Collection[str] = ()) -> pd.DataFrame:
    """The CSV table in `file`; the columns named in `texts` are text, whatever they hold."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"cannot be read: {error.strerror}", where=str(file), expected="a CSV table") from error
    return read_table(data, source=str(file), texts=texts)
