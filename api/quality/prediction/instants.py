"""The points in time of a table's column, read as strictly as those of measurements: with a zone, or not at all."""

from __future__ import annotations

from typing import Any

import pandas as pd

from api.quality.intake.moments import EXPECTED, ZONE_ADVICE, Moments
from ledger.errors import InvalidInput


def instants(column: pd.Series[Any]) -> pd.Series[pd.Timestamp]:
    """Times in UTC, NaT where the column has nothing. InvalidInput for words, and for times without a zone."""
    if not pd.api.types.is_datetime64_any_dtype(column.dtype):
        column = column.astype(object).where(column.notna(), "").astype("str")
    found = Moments.of(column, None)
    written = (column != "").to_numpy(dtype=bool) & column.notna().to_numpy(dtype=bool)
    wrong = int(((found.wrong | found.without_zone) & written).sum())
    if wrong:
        raise InvalidInput(
            f"column {column.name} has no points in time in {wrong} rows", expected=EXPECTED, advice=ZONE_ADVICE
        )
    return found.times.set_axis(column.index)
