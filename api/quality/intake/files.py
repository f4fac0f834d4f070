"""Files of every kind in every format, read into frames: `read_results(path.read_bytes(), source=path.name)`.

The format follows the suffix of `source`, unless `format` says it. All raise InvalidDocument with every problem, up to
a hundred, each at its place, and give nothing then; TooLarge where a file unpacks to more than `MOST_BYTES`.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Unpack

import pandas as pd

from api.quality.intake.activities import ACTIVITIES
from api.quality.intake.csv_file import csv_table
from api.quality.intake.equipment import EQUIPMENT_FILE
from api.quality.intake.excel_file import excel_table
from api.quality.intake.factors import FACTORS
from api.quality.intake.inspections import INSPECTIONS
from api.quality.intake.json_rows import json_table
from api.quality.intake.layout import FORMATS, Format, How, Layout
from api.quality.intake.limits import LIMITS
from api.quality.intake.moments import check_zone
from api.quality.intake.parquet_file import parquet_table
from api.quality.intake.readings import READINGS
from api.quality.intake.results import RESULTS
from api.quality.intake.runs import RUNS
from api.quality.intake.specifications import SPECIFICATIONS
from api.quality.intake.table import Table
from ledger.errors import InvalidInput

#: what a compressed file may unpack to
MOST_BYTES = 2**29

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        READINGS, INSPECTIONS, RESULTS, SPECIFICATIONS, LIMITS, EQUIPMENT_FILE, RUNS, ACTIVITIES, FACTORS,
    )
}  # fmt: skip


def read(kind: str, data: bytes | str, *, source: str = "", **how: Unpack[How]) -> pd.DataFrame:
    """A file of one of the kinds `LAYOUTS`, as the frame that its module describes."""
    layout = LAYOUTS.get(kind)
    if layout is None:
        raise InvalidInput(f"unknown kind {kind!r}", expected=", ".join(LAYOUTS))
    return layout.parse(open_table(layout, data, source=source, **how))


def open_table(layout: Layout, data: bytes | str, *, source: str = "", **how: Unpack[How]) -> Table:
    """The table of a file, with this kind's columns, before its rows are checked."""
    format_ = how.get("format") or format_of(source)
    zone = check_zone(how.get("zone"))
    needed, allowed = layout.required, layout.optional
    if format_ == "csv":
        return csv_table(data, source=source, required=needed, optional=allowed, zone=zone)
    if format_ == "json":
        return json_table(data, source=source, required=needed, optional=allowed, zone=zone)
    raw = data.encode() if isinstance(data, str) else data
    if format_ == "xlsx":
        return excel_table(
            raw,
            source=source,
            required=needed,
            optional=allowed,
            sheet=how.get("sheet"),
            zone=zone,
            most_bytes=MOST_BYTES,
        )
    if format_ == "parquet":
        return parquet_table(raw, source=source, required=needed, optional=allowed, zone=zone, most_bytes=MOST_BYTES)
    raise InvalidInput(f"unknown format {format_!r}", expected=", ".join(FORMATS))


def format_of(source: str) -> Format:
    """What the name's suffix says; CSV where it says nothing."""
    suffix = PurePath(source).suffix.lower().removeprefix(".")
    return next((known for known in FORMATS if known == suffix), "csv")


def read_readings(data: bytes | str, *, source: str = "readings.csv", **how: Unpack[How]) -> pd.DataFrame:
    """Sensor readings, a frame with the columns `READING`."""
    return read("readings", data, source=source, **how)


def read_inspections(data: bytes | str, *, source: str = "inspections.csv", **how: Unpack[How]) -> pd.DataFrame:
    """Variables, attributes and counts, a frame with the columns `INSPECTION`."""
    return read("inspections", data, source=source, **how)


def read_results(data: bytes | str, *, source: str = "results.csv", **how: Unpack[How]) -> pd.DataFrame:
    """Laboratory results, a frame with the columns `RESULT`."""
    return read("results", data, source=source, **how)


def read_specifications(data: bytes | str, *, source: str = "specifications.csv", **how: Unpack[How]) -> pd.DataFrame:
    """A frame with the columns `SPECIFICATION` and `replaces`."""
    return read("specifications", data, source=source, **how)


def read_limits(data: bytes | str, *, source: str = "limits.csv", **how: Unpack[How]) -> pd.DataFrame:
    """A frame with the columns `LIMIT`."""
    return read("limits", data, source=source, **how)


def read_equipment(data: bytes | str, *, source: str = "equipment.csv", **how: Unpack[How]) -> pd.DataFrame:
    """A frame with the columns `EQUIPMENT`."""
    return read("equipment", data, source=source, **how)


def read_runs(data: bytes | str, *, source: str = "runs.csv", **how: Unpack[How]) -> pd.DataFrame:
    """Production runs, a frame with the columns `RUN`."""
    return read("runs", data, source=source, **how)


def read_activities(data: bytes | str, *, source: str = "activities.csv", **how: Unpack[How]) -> pd.DataFrame:
    """A frame with the columns `ACTIVITY`."""
    return read("activities", data, source=source, **how)


def read_factors(data: bytes | str, *, source: str = "factors.csv", **how: Unpack[How]) -> pd.DataFrame:
    """A frame with the columns `FACTOR` and `replaces`."""
    return read("factors", data, source=source, **how)
