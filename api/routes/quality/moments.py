"""Times in a query: RFC 3339 with a zone, as the store counts them or as frames hold them. Empty is not given."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
from fastapi import Query

from ledger.events import parse_time

When = Annotated[str | None, Query(max_length=64, description="RFC 3339", examples=["2026-06-01T00:00:00Z"])]


def microseconds(text: str | None) -> int | None:
    """Since 1970. Raises InvalidInput for what is no time or has no zone."""
    return parse_time(text) if text else None


def timestamp(text: str | None) -> pd.Timestamp | None:
    """As `microseconds`."""
    return pd.Timestamp(parse_time(text), unit="us", tz="UTC").as_unit("us") if text else None
