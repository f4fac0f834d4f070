"""Results as JSON can carry them, the one way for HTTP, the command line and reports.

Times become RFC 3339 in UTC; what is not a number, or not a time, becomes None: a missing figure is never 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd

from ledger.events import format_time


def plain(value: Any) -> Any:
    """Dataclasses as objects of their fields, frames as lists of rows, arrays and series as lists, sets sorted."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict("records")]
    if isinstance(value, Mapping):
        return {str(plain(name)): plain(each) for name, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(each) for each in value)
    if isinstance(value, list | tuple | pd.Series | pd.Index | np.ndarray):
        return [plain(each) for each in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, datetime | np.datetime64) and pd.isna(value)):
        return None
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime | np.datetime64):
        return _time(pd.Timestamp(value))
    if isinstance(value, pd.Timedelta | np.timedelta64):
        return pd.Timedelta(value).total_seconds()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _time(moment: pd.Timestamp) -> str:
    utc = moment if moment.tzinfo is None else moment.tz_convert("UTC").tz_localize(None)
    return format_time(int(utc.to_datetime64().astype("datetime64[us]").astype("int64")))
