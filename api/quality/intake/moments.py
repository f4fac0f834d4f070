"""Points in time as files write them: ISO 8601 text, or typed times; those without a zone need one that is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.columns import TIME_DTYPE
from ledger.errors import InvalidInput

EXPECTED = "ISO 8601 with a zone, such as 2026-05-04T06:15:00-07:00"
ZONE_ADVICE = "Append Z or the offset from UTC, or say in which zone such times are."
_DATE = r"\d{4}-\d\d-\d\d"
_TIME = r"[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6}0*)?)?"
_ZONE = r"(?:[Zz]|[+-]\d\d(?::?\d\d)?)"

#: beyond them Python, and many a database, has no dates
_FIRST, _LAST = (pd.Timestamp(text).as_unit("us") for text in ("0001-01-01T00:00Z", "9999-12-31T23:59:59.999999Z"))

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Moments:
    """Times in UTC, NaT where there is none; and of the rest, why. Each mask holds for a row at most once."""

    times: pd.Series[pd.Timestamp]
    without_zone: Mask
    not_once: Mask
    wrong: Mask

    @classmethod
    def of(cls, column: pd.Series[Any], zone: str | None) -> Moments:
        """From a column of text, of times with a zone, or of times without one, which are those of clocks in `zone`.

        Times that in UTC are not within the years 1 to 9999 are wrong.
        """
        found = cls._of(column, zone)
        beyond = np.asarray((found.times < _FIRST) | (found.times > _LAST), dtype=bool)
        return replace(found, times=found.times.mask(beyond), wrong=found.wrong | beyond) if beyond.any() else found

    @classmethod
    def _of(cls, column: pd.Series[Any], zone: str | None) -> Moments:
        none = np.zeros(len(column), dtype=bool)
        if column.dtype == "str":
            return _from_text(column, zone)
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            return cls(column.dt.tz_convert("UTC").astype(TIME_DTYPE), none, none, none)
        if pd.api.types.is_datetime64_dtype(column.dtype):
            times, without_zone, not_once = _in_zone(column, zone)
            return cls(times, without_zone, not_once, none)
        return cls(_no_times(len(column)), none, none, np.asarray(column.notna(), dtype=bool))


def check_zone(name: str | None) -> str | None:
    """`name` if it is one of the IANA database's zones, or nothing; otherwise InvalidInput."""
    if not name:
        return None
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise InvalidInput(
            f"unknown time zone {name!r}",
            expected="a name of the IANA time zone database, such as Europe/Madrid or UTC",
        ) from None
    return name


def _from_text(text: pd.Series[str], zone: str | None) -> Moments:
    zoned = text.str.fullmatch(_DATE + _TIME + _ZONE).to_numpy(dtype=bool)
    times = _parsed(text if zoned.all() else text.where(zoned), utc=True)
    if zoned.all():
        none = np.zeros(len(text), dtype=bool)
        return Moments(times.astype(TIME_DTYPE), none, none, np.asarray(times.isna()))
    naive = text.str.fullmatch(_DATE + f"(?:{_TIME})?").to_numpy(dtype=bool)
    local = _parsed(text.where(naive), utc=False)
    there, without_zone, not_once = _in_zone(local, zone)
    times = times.astype(TIME_DTYPE).fillna(there)
    return Moments(times, without_zone, not_once, np.asarray(times.isna()) & ~without_zone & ~not_once)


def _parsed(text: pd.Series[str], *, utc: bool) -> pd.Series[pd.Timestamp]:
    return pd.to_datetime(text, format="ISO8601", utc=utc, errors="coerce")


def _in_zone(local: pd.Series[Any], zone: str | None) -> tuple[pd.Series[pd.Timestamp], Mask, Mask]:
    """Clock times as points in time; where there is no zone to take them in, and where they are not exactly one."""
    given, none = np.asarray(local.notna(), dtype=bool), np.zeros(len(local), dtype=bool)
    if zone is None:
        return _no_times(len(local)), given, none
    times = local.astype("datetime64[us]").dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    return times.dt.tz_convert("UTC").astype(TIME_DTYPE), none, given & np.asarray(times.isna())


def _no_times(rows: int) -> pd.Series[pd.Timestamp]:
    return pd.Series(pd.DatetimeIndex([pd.NaT] * rows, dtype=TIME_DTYPE))
