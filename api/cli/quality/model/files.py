"""Tables that the model commands are given."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from api.quality.prediction.table_file import read_table
from ledger.errors import InvalidInput


def table_of(file: Path) -> pd.DataFrame:
    """The CSV table in `file`."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"cannot be read: {error.strerror}", where=str(file), expected="a CSV table") from error
    return read_table(data, source=str(file))
