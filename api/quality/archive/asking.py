"""What the archive is asked: readings of items and places within windows, and subgroups for control charts."""
# ruff: noqa: S608 - names are constants, every path and text is quoted

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from api.quality.archive.engine import literals
from api.quality.archive.folder import Folder
from api.quality.columns import READING, TIME_DTYPE, empty
from ledger.errors import InvalidInput

if TYPE_CHECKING:
    import duckdb

#: a bin of one sensor: n readings in `unit`, their mean, range and sample standard deviation (NaN for one reading);
#: `start` is the bin's
SUBGROUP = ("sensor", "unit", "start", "n", "mean", "range", "sd")

_LONG_AGO, _FAR_AHEAD = pd.Timestamp("0001-01-01T00:00Z"), pd.Timestamp("9999-12-31T00:00Z")


def readings_within(connection: duckdb.DuckDBPyConnection, folder: Folder, windows: pd.DataFrame) -> pd.DataFrame:
    """READING, each once, in order of time and sensor; `windows` are WINDOW rows, any number of one key."""
    closed = windows.astype({"start": TIME_DTYPE, "end": TIME_DTYPE}).fillna({"start": _LONG_AGO, "end": _FAR_AHEAD})
    if closed.empty:
        return empty(READING)
    first, last = closed["start"].min(), closed["end"].max()
    files = folder.files(_month(first), _month(last))
    if not files:
        return empty(READING)
    connection.register("windows", closed)
    # the keys and the span are said again, as constants: only those let DuckDB skip row groups
    query = " UNION ALL ".join(
        f"""
        SELECT r.* FROM read_parquet({literals(files)}) AS r
        SEMI JOIN windows AS w ON w.key = r.{key} AND r.time >= w.start AND r.time < w."end"
        WHERE r.{key} IN (SELECT unnest({literals(sorted(set(closed["key"])))})) AND r.time >= $first AND r.time < $last
        """
        for key in ("item", "place")
    )
    found = connection.sql(
        f"SELECT {', '.join(READING)} FROM ({query}) ORDER BY time, sensor, quantity_kind",
        params={"first": first.to_pydatetime(), "last": last.to_pydatetime()},
    ).to_arrow_table()
    return _frame(found, "time")


def subgroups(
    connection: duckdb.DuckDBPyConnection,
    folder: Folder,
    quantity_kind: str,
    start: pd.Timestamp,
    end: pd.Timestamp,
    width: str,
) -> pd.DataFrame:
    """SUBGROUP in order of sensor and time. Raises InvalidInput for a width that is no positive duration."""
    step = _microseconds(width)
    files = folder.files(_month(start), _month(end))
    if not files:
        return empty(SUBGROUP).astype({"start": TIME_DTYPE, "n": "int64"})
    found = connection.sql(
        f"""
        SELECT sensor, unit, make_timestamp((epoch_us(time) // {step}) * {step}) AS start, count(*) AS n,
            avg(value) AS mean, max(value) - min(value) AS range, stddev_samp(value) AS sd
        FROM read_parquet({literals(files)})
        WHERE quantity_kind = ? AND time >= ? AND time < ? GROUP BY ALL ORDER BY ALL
        """,
        params=[quantity_kind, start.to_pydatetime(), end.to_pydatetime()],
    ).to_arrow_table()
    return _frame(found, "start")


def _frame(found: Any, time: str) -> pd.DataFrame:
    """An Arrow table as a frame of plain texts, None where there is none."""
    frame = found.to_pandas()
    texts = frame.select_dtypes(exclude=["number", "datetime", "datetimetz"]).columns
    plain = frame.astype(dict.fromkeys(texts, object))
    plain[texts] = plain[texts].where(plain[texts].notna(), None)
    moments = plain[time] if plain[time].dt.tz is not None else plain[time].dt.tz_localize("UTC")
    result: pd.DataFrame = plain.assign(**{time: moments.astype(TIME_DTYPE)})
    return result


def _month(moment: pd.Timestamp) -> str:
    return f"{moment.year:04d}-{moment.month:02d}"


def _microseconds(width: str) -> int:
    try:
        step = pd.Timedelta(width) // pd.Timedelta(microseconds=1)
    except (ValueError, TypeError):
        step = 0
    if step <= 0:
        raise InvalidInput(f"the width {width!r} is no positive duration", expected="such as 1h or 15min")
    return int(step)
