"""Apache Parquet as a table: typed columns as they are, none of it through text; problems by row and column.

The file's own account of its size is checked before it is read; texts are read as dictionaries, so that a small file
cannot become a large one unnoticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from api.quality.intake.header import checked_header
from api.quality.intake.table import Table
from ledger.errors import InvalidInput, TooLarge

if TYPE_CHECKING:
    import pyarrow as pa

#: more rows are for DuckDB, not for a frame
MOST_ROWS = 20_000_000
_BYTES_PER_VALUE = 8
#: the years 1 to 9999 in microseconds since 1970; what a zone moves beyond them is found later
_FIRST, _LAST = -62_135_596_800_000_000, 253_402_300_799_999_999


def parquet_table(
    data: bytes,
    *,
    source: str,
    required: Sequence[str],
    optional: Sequence[str] = (),
    zone: str | None = None,
    most_bytes: int,
) -> Table:
    """InvalidDocument where a column is missing, unknown or of no use; TooLarge where it unpacks to too much."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            schema = file.schema_arrow
            names = checked_header(schema.names, required, optional, where=source)
            _check_size(file, source, most_bytes)
            texts = [field.name for field in schema if _is_text(field.type)]
        with pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts) as file:
            found = file.read(use_threads=False)
        where = f"{source} column ".lstrip()
        columns = {name: _column(found.column(at), where + name, most_bytes) for at, name in enumerate(names)}
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"not a readable Parquet file ({str(error)[:120]})", where=source, expected="an Apache Parquet file"
        ) from error
    return Table(
        columns, lambda row, name: f"{source} row {row + 1} column {name}".strip(), optional=optional, zone=zone
    )


def _check_size(file: Any, source: str, most_bytes: int) -> None:
    rows, groups = file.metadata.num_rows, file.metadata.num_row_groups
    size = sum(file.metadata.row_group(at).total_byte_size for at in range(groups))
    if rows > MOST_ROWS or max(size, rows * _BYTES_PER_VALUE) > most_bytes:
        raise TooLarge(
            f"unpacks to {rows:,} rows and {size:,} bytes",
            where=source,
            expected=f"at most {min(MOST_ROWS, most_bytes // _BYTES_PER_VALUE):,} rows and {most_bytes:,} bytes",
            advice="Split it.",
        )


def _is_text(type_: pa.DataType) -> bool:
    import pyarrow.types as types

    return bool(types.is_string(type_) or types.is_large_string(type_))


def _column(column: pa.ChunkedArray, where: str, most_bytes: int) -> pd.Series[Any]:
    import pyarrow.types as types

    type_ = column.type
    if types.is_dictionary(type_) and _is_text(type_.value_type):
        return _texts(column, where, most_bytes)
    if types.is_null(type_):
        return pd.Series([""] * len(column), dtype=str)
    return pd.Series(_typed(column, where))


def _typed(column: pa.ChunkedArray, where: str) -> Any:
    import pyarrow as pa
    import pyarrow.types as types

    type_ = column.type
    if types.is_timestamp(type_):
        return _times(
            column.cast(pa.timestamp("us", type_.tz), safe=type_.unit != "ns"), where
        )  # of ns the rest is cut
    if types.is_date(type_):
        return _times(column.cast(pa.timestamp("us")), where)
    if types.is_integer(type_):
        return column.cast(pa.int64()).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    if types.is_floating(type_) or types.is_decimal(type_):
        return column.cast(pa.float64()).to_pandas()
    if types.is_boolean(type_):
        return column.to_pandas(types_mapper={type_: pd.BooleanDtype()}.get)
    raise InvalidInput(f"values of type {type_}", where=where, expected="text, numbers, booleans or times")


def _times(column: pa.ChunkedArray, where: str) -> Any:
    """Times as they are; pandas cannot even show those beyond what Python calls a date."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ends = pc.min_max(column.cast(pa.int64()))
    if ends["min"].is_valid and not _FIRST <= ends["min"].as_py() <= ends["max"].as_py() <= _LAST:
        raise InvalidInput("there are times beyond the years 1 to 9999", where=where, expected="times of our calendar")
    return column.to_pandas()


def _texts(column: pa.ChunkedArray, where: str, most_bytes: int) -> pd.Series[str]:
    import pyarrow as pa
    import pyarrow.compute as pc

    column.validate(full=True)
    size = 0
    for chunk in column.chunks:
        lengths = pc.binary_length(chunk.dictionary)
        size += pc.sum(lengths.take(chunk.indices)).as_py() or 0
    if size > most_bytes:
        raise TooLarge(f"unpacks to {size:,} bytes", where=where, expected=f"at most {most_bytes:,} bytes")
    filled = pc.fill_null(column.cast(pa.large_string()), "")
    return pd.Series(pc.utf8_trim_whitespace(filled), dtype=str)
