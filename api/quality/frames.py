"""What several modules here do between frames and arrays: times as microseconds, rows by the words in them."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]


def microseconds(times: pd.Series[pd.Timestamp], missing: int) -> Ints:
    """Times as microseconds since 1970 UTC, NaT as `missing`."""
    index = pd.DatetimeIndex(times).as_unit("us")
    return np.where(index.isna(), missing, index.asi8)


def timestamps(micros: npt.ArrayLike, *, missing: int) -> pd.Series[pd.Timestamp]:
    """The reverse: microseconds as times in UTC, `missing` as NaT."""
    numbers = np.asarray(micros, dtype=np.int64)
    index = pd.to_datetime(np.where(numbers == missing, 0, numbers), unit="us", utc=True).as_unit("us")
    return pd.Series(index).where(numbers != missing)


def rows_by(frame: pd.DataFrame, one: str, other: str) -> dict[tuple[str, str], Ints]:
    """The positions of the rows for each pair of words in two columns; rows without either are left out."""
    found = frame.groupby([one, other], sort=False).indices
    return cast("dict[tuple[str, str], Ints]", found)
