"""What a kind of file holds: its columns, and how they become a frame. Each reader is written once for all formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypedDict

import pandas as pd

from api.quality.intake.table import Table

Format = Literal["csv", "xlsx", "parquet", "json"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "parquet", "json")


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of file. `parse` gives a frame with the columns of `api.quality.columns`, or raises InvalidDocument."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    parse: Callable[[Table], pd.DataFrame]


class How(TypedDict, total=False):
    """How a file is to be read."""

    #: 'csv', 'xlsx', 'parquet' or 'json'; else what the suffix of the source's name says; else CSV
    format: Format | None
    #: the name of an Excel file's sheet, where it has several
    sheet: str | None
    #: the IANA time zone of times that give none; without it they are refused
    zone: str | None
