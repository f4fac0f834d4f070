"""Loading one source into a draft: staged, checked as sets, sorted into one file per month without what is known.

Each month's rows are in order of sensor, kind and time, so that a question reads few row groups and equal readings are
neighbours. The same reading twice is one; two values of one sensor, kind and time in one source are refused; what the
archive has already stands.
"""
# ruff: noqa: S608 - names are constants, every path and text is quoted

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from api.quality.archive.engine import literal, literals
from api.quality.archive.folder import Folder, Loaded
from api.quality.archive.problems import refuse
from api.quality.archive.staging import BREAKS_A_RULE, Source, stage
from api.quality.intake.fields import identifier, kind, one_line, unit
from api.quality.kinds import KINDS
from api.quality.units import UNITS, compatible, convert
from ledger.errors import LotmarkError

if TYPE_CHECKING:
    import duckdb

_PARSERS = {"sensor": one_line, "item": identifier, "place": identifier, "quantity_kind": kind, "unit": unit}
_MONTH = "strftime(make_timestamp(epoch_us(moment)), '%Y-%m')"
_READING = """
    moment AS time, sensor, coalesce(i.uri, nullif(item, '')) AS item, coalesce(p.uri, nullif(place, '')) AS place,
    quantity_kind, measured AS value, unit
"""
_GROUP = 122_880


def load(connection: duckdb.DuckDBPyConnection, source: Source, folder: Folder, draft: Path) -> Loaded:
    """Fill `draft` with the new readings of `source`. Raises InvalidDocument with the problems of up to 100 rows."""
    staged = draft / "staged"
    header = source.header(connection)
    stage(connection, source, header, staged)
    connection.execute(f"CREATE TEMP VIEW staged AS SELECT * FROM read_parquet({literal(str(staged))})")
    connection.execute("CREATE TEMP TABLE contradicting (moment TIMESTAMPTZ, sensor VARCHAR, quantity_kind VARCHAR)")
    if not _is_sound(connection):
        refuse(connection, source, header)
    new = 0
    months = connection.execute(f"SELECT DISTINCT {_MONTH} FROM staged ORDER BY 1").fetchall()
    for (month,) in months:
        file = draft / f"{month}.parquet"
        new += _write(connection, month, folder.files(month, month), file)
        if _repeats(file):
            if _contradicts(connection, month):
                refuse(connection, source, header)
            new -= _rows(file)
            new += _write(connection, month, folder.files(month, month), file, distinct=True)
    total = _count(connection, "staged")
    staged.unlink()
    return Loaded(new, total - new)


def _is_sound(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether every row keeps the rules; makes the tables `names`, `wrong` and `pairs`."""
    names, wrong = _names(connection)
    connection.register("names", names)
    connection.register("wrong", wrong)
    connection.register("pairs", _pairs(connection))
    return wrong.empty and not _count(connection, f"staged AS r WHERE {BREAKS_A_RULE}")


def _names(connection: duckdb.DuckDBPyConnection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The canonical URI of each identifier that is written otherwise; the texts that the small import refuses."""
    names: set[tuple[str, str]] = set()
    wrong: list[tuple[str, str]] = []
    for column, parse in _PARSERS.items():
        for (text,) in connection.execute(f"SELECT DISTINCT {column} FROM staged").fetchall():
            if not text and column in ("item", "place"):
                continue
            try:
                parsed = parse(text)
                names |= {(text, parsed)} if text != parsed else set()
            except LotmarkError:
                wrong.append((column, text))
    return (
        pd.DataFrame(sorted(names), columns=["text", "uri"], dtype=object),
        pd.DataFrame(wrong, columns=["name", "text"], dtype=object),
    )


def _pairs(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """For each kind and unit that occur: a value must be above `floor`, infinity where the unit cannot measure it."""
    found = connection.execute("SELECT DISTINCT quantity_kind, unit FROM staged").fetchall()
    rows = [(kind, code, _floor(kind, code)) for kind, code in found]
    return pd.DataFrame(rows, columns=["kind", "code", "floor"]).astype({"floor": np.float64})


def _floor(kind: str, code: str) -> float:
    reference = KINDS.get(kind, "")
    if reference and (code not in UNITS or not compatible(code, reference)):
        return np.inf
    if kind == "Temperature":
        return float(convert(np.zeros(1), "KEL", code)[0])
    return -np.inf


def _write(
    connection: duckdb.DuckDBPyConnection, month: str, known: list[str], file: Path, *, distinct: bool = False
) -> int:
    """Write the month's new rows; how many."""
    before = ""
    if known:
        before = f"""ANTI JOIN (
            SELECT time, sensor, quantity_kind FROM read_parquet({literals(known)})
            WHERE time BETWEEN (SELECT min(moment) FROM staged) AND (SELECT max(moment) FROM staged)
        ) AS e ON e.time = r.moment AND e.sensor = r.sensor AND e.quantity_kind = r.quantity_kind"""
    query = f"""
        SELECT {"DISTINCT" if distinct else ""} {_READING} FROM (SELECT * FROM staged WHERE {_MONTH} = '{month}') AS r
        LEFT JOIN names AS i ON i.text = item LEFT JOIN names AS p ON p.text = place {before}
        ORDER BY sensor, quantity_kind, time
    """
    copied = connection.execute(
        f"COPY ({query}) TO {literal(str(file))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_GROUP})"
    )
    return int(copied.fetchall()[0][0])


def _repeats(file: Path) -> bool:
    """Whether neighbours in the sorted file are of one sensor, kind and time."""
    columns = ["sensor", "quantity_kind", "time"]
    last: pd.DataFrame | None = None
    with pq.ParquetFile(file, read_dictionary=columns[:2]) as parquet:
        for batch in parquet.iter_batches(_GROUP, columns=columns):
            rows = batch.to_pandas()
            edge = rows.iloc[[0]] if last is None else pd.concat([last, rows.iloc[[0]]]).astype(object)
            if edge.duplicated().any() or _neighbours_equal(rows):
                return True
            last = rows.iloc[[-1]].astype(object)
    return False


def _neighbours_equal(rows: pd.DataFrame) -> bool:
    same = np.ones(max(len(rows) - 1, 0), dtype=bool)
    for name in ("sensor", "quantity_kind"):
        codes = rows[name].cat.codes.to_numpy()
        same &= codes[1:] == codes[:-1]
    micros = rows["time"].astype("int64").to_numpy()
    return bool((same & (micros[1:] == micros[:-1])).any())


def _contradicts(connection: duckdb.DuckDBPyConnection, month: str) -> bool:
    """Whether a reading has two values, units, items or places; notes which in `contradicting`."""
    connection.execute(
        f"""
        INSERT INTO contradicting SELECT moment, sensor, quantity_kind FROM staged WHERE {_MONTH} = '{month}'
        GROUP BY ALL HAVING count(DISTINCT (item, place, measured, unit)) > 1 LIMIT 50
        """
    )
    return bool(_count(connection, "contradicting"))


def _rows(file: Path) -> int:
    return int(pq.read_metadata(file).num_rows)


def _count(connection: duckdb.DuckDBPyConnection, of: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {of}").fetchall()[0][0])
