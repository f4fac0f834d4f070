"""The readings that any window may want, as parallel arrays in order of series and time.

Units of a kind are brought to one where they convert: the unit that all readings share, or the kind's reference unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.columns import SENSOR_READING, empty
from api.quality.frames import microseconds, rows_by
from api.quality.join.windows import Windows
from api.quality.kinds import KINDS
from api.quality.step_hold import hold_ends, median_distance
from api.quality.units import UNITS, compatible, convert

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: what cleaning tells of a reading, and its id, where the frame does not
_CLEANED: dict[str, Any] = {"speaks": True, "counts": True, "flag": None, "id": -1}
_EMPTY: dict[str, Any] = {"key": np.int64, "speaks": bool, "counts": bool, "id": np.int64}


@dataclass(frozen=True, slots=True)
class Series:
    """Per reading: its series, key number, kind number, time, end of its hold, value and extremes.

    `longest_gap` is what its series allows, `spans` marks sums over a time. `kinds` numbers (quantity_kind, unit).
    Value and extremes are NaN where the reading does not speak; `raw` is what it said. `flag` numbers `flags`, the
    cleaning steps that flagged any (−1: none did), `counts` tells what is counted. `identity` is its id or −1.
    """

    series: Ints
    key: Ints
    kind: Ints
    time: Ints
    hold_end: Ints
    value: Floats
    minimum: Floats
    maximum: Floats
    longest_gap: Floats
    spans: npt.NDArray[np.bool_]
    kinds: pd.DataFrame
    raw: Floats
    raw_minimum: Floats
    raw_maximum: Floats
    flag: Ints
    flags: tuple[str, ...]
    counts: npt.NDArray[np.bool_]
    identity: Ints


def series_of(
    readings: pd.DataFrame, sensor_readings: pd.DataFrame | None, windows: Windows, gap_factor: float
) -> Series:
    """The readings whose key some window names."""
    table = _wanted(readings, sensor_readings, windows.keys)
    kind, kinds = _kinds(table)
    series = _numbers([table["key"], table["sensor"], pd.Series(kind, index=table.index)])
    time = microseconds(table["time"], 0)
    ends = pd.DatetimeIndex(table["end"])
    spans = np.asarray(ends.notna(), dtype=bool)
    # a sum over a time stands for itself and is no sample of a series
    series[spans] = series.max(initial=-1) + 1 + np.arange(spans.sum())
    order = np.lexsort((time, series))
    series, time, spans = series[order], time[order], spans[order]
    hold_end = np.where(spans, microseconds(table["end"], 0)[order], hold_ends(series, time, gap_factor))
    value, minimum, maximum = (table[name].to_numpy(np.float64)[order] for name in ("value", "minimum", "maximum"))
    speaks = table["speaks"].to_numpy(bool)[order]
    flag, flags = pd.factorize(table["flag"])
    return Series(
        series=series,
        key=table["key"].to_numpy(np.int64)[order],
        kind=kind[order],
        time=time,
        hold_end=hold_end,
        value=np.where(speaks, value, np.nan),
        minimum=np.where(speaks, minimum, np.nan),
        maximum=np.where(speaks, maximum, np.nan),
        longest_gap=np.nan_to_num(median_distance(series, time) * gap_factor)[series],
        spans=spans,
        kinds=kinds,
        raw=value,
        raw_minimum=minimum,
        raw_maximum=maximum,
        flag=flag[order].astype(np.int64),
        flags=tuple(str(name) for name in flags),
        counts=table["counts"].to_numpy(bool)[order],
        identity=table["id"].to_numpy(np.int64)[order],
    )


def _wanted(readings: pd.DataFrame, sensor_readings: pd.DataFrame | None, keys: pd.MultiIndex) -> pd.DataFrame:
    own = empty(SENSOR_READING) if sensor_readings is None else sensor_readings
    item, place = _key(readings["item"], "item", keys), _key(readings["place"], "place", keys)
    key = np.where(item >= 0, item, place)
    some = readings[key >= 0]
    columns = [
        "key", "time", "sensor", "quantity_kind", "value", "unit", "end", "minimum", "maximum", *_CLEANED,
    ]  # fmt: skip
    some = some.assign(**{name: usual for name, usual in _CLEANED.items() if name not in some})
    from_series = some.assign(key=key[key >= 0], end=None, minimum=some["value"], maximum=some["value"])
    from_events = own.assign(key=_key(own["event"], "event", keys), **_CLEANED)
    parts = [part[columns] for part in (from_series, from_events[from_events["key"] >= 0]) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else empty(tuple(columns)).astype(_EMPTY)


def _key(names: pd.Series[str], what: str, keys: pd.MultiIndex) -> Ints:
    """The number of each name's key, −1 where no window wants it."""
    codes, distinct = pd.factorize(names)
    if not len(keys):
        return np.full(len(names), -1, dtype=np.int64)
    numbers = keys.get_indexer(pd.MultiIndex.from_product([[what], distinct]))
    return np.append(numbers, -1).astype(np.int64)[codes]


def _kinds(table: pd.DataFrame) -> tuple[Ints, pd.DataFrame]:
    """The kind number of each reading, with the values brought to that kind's unit in `table`."""
    units = table["unit"].to_numpy(dtype=object, copy=True)
    pairs = rows_by(table, "quantity_kind", "unit")
    spoken: dict[str, set[str]] = {}
    for name, code in pairs:
        spoken.setdefault(name, set()).add(code)
    for (name, code), rows in pairs.items():
        target = KINDS.get(name) if len(spoken[name]) > 1 else code
        if target and code in UNITS and code != target and compatible(code, target):
            for column in ("value", "minimum", "maximum"):
                values = table[column].to_numpy(np.float64, copy=True)
                values[rows] = convert(values[rows], code, target)
                table[column] = values
            units[rows] = target
    number = _numbers([table["quantity_kind"], pd.Series(units, index=table.index)])
    kinds = pd.DataFrame({"kind": number, "quantity_kind": table["quantity_kind"], "unit": units})
    return number, kinds.drop_duplicates("kind").reset_index(drop=True)


def _numbers(columns: list[pd.Series[str]]) -> Ints:
    """A number per distinct row of the columns, from 0 without holes."""
    combined = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        codes, distinct = pd.factorize(column)
        combined = np.unique(combined * max(len(distinct), 1) + codes, return_inverse=True)[1]
    return combined
