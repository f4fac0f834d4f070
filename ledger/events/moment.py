"""Points in time: RFC 3339 date-times, which have a zone, as integer microseconds since 1970 in UTC.

Digits beyond microseconds are cut off, not rounded: cutting keeps the order of times and never moves one into the next
second; the event keeps the text as it came. A leap second, 23:59:60 UTC, counts as the second after it, as in POSIX.
Years 0000 to 9999. The zone of a time says nothing about `eventTimeZoneOffset`, which real documents set independently.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from ledger.errors import InvalidInput

EXPECTED_TIME = "a date and time with its zone, such as 2026-03-01T08:15:00+01:00 or 2026-03-01T07:15:00Z"
EXPECTED_OFFSET = "an offset between -14:00 and +14:00, such as +02:00"

_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]"
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"([Zz]|([+-])([0-9]{2}):([0-9]{2}))?"
)
_ORDINARY_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{1,6})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_OFFSET = re.compile(r"([+-])((?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097


def parse_time(text: str) -> int:
    """`text` in microseconds since 1970-01-01T00:00:00Z; `InvalidInput` says what is wrong with it."""
    if _ORDINARY_TIME.fullmatch(text):
        try:
            return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
        except (ValueError, OverflowError):  # the 30th of February, or the year 0: told apart below
            pass
    return parse_any_time(text)


def parse_any_time(text: str) -> int:
    """The same for every time of RFC 3339, leap seconds and long fractions included; slower."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise _invalid(text, "is not a date and time")
    year, month, day, hour, minute, second, fraction, zone, sign, zone_hour, zone_minute = match.groups()
    if zone is None:
        raise _invalid(text, "has no time zone")
    days = _days(int(year), int(month), int(day), text)
    offset = 0
    if sign:
        offset = _in_range(zone_hour, 23, text) * 60 + _in_range(zone_minute, 59, text)
        offset = -offset if sign == "-" else offset
    minutes = days * 1440 + _in_range(hour, 23, text) * 60 + _in_range(minute, 59, text) - offset
    seconds = _in_range(second, 60, text)
    if seconds == 60 and minutes % 1440 != 1439:
        raise _invalid(text, "has a 60th second, which only the minute 23:59 UTC can have")
    return (minutes * 60 + seconds) * 1_000_000 + (int(fraction[:6].ljust(6, "0")) if fraction else 0)


def format_time(microseconds: int) -> str:
    """Any time that `parse_time` gives: RFC 3339 in UTC, to the millisecond, or the microsecond where that is not 0."""
    day, within = divmod(microseconds, 86_400_000_000)
    ordinal, shift = day + _EPOCH_DAY, 0
    if ordinal < 1:
        shift = _CYCLE_YEARS
    elif ordinal > date.max.toordinal():
        shift = -_CYCLE_YEARS
    there = date.fromordinal(ordinal + shift // _CYCLE_YEARS * _CYCLE_DAYS)
    clock = (datetime.min + timedelta(microseconds=within)).time()
    shown = clock.isoformat("microseconds" if within % 1000 else "milliseconds")
    year = there.year - shift
    return f"{year:0{4 if year >= 0 else 5}d}-{there.month:02d}-{there.day:02d}T{shown}Z"


def is_offset(text: str) -> bool:
    """Whether `text` is an `eventTimeZoneOffset`: syntax and range only."""
    return _OFFSET.fullmatch(text) is not None


def parse_offset(text: str) -> int:
    """An `eventTimeZoneOffset` in minutes east of UTC."""
    if not is_offset(text):
        raise InvalidInput(f"{text[:40]!r} is not a time zone offset", expected=EXPECTED_OFFSET)
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return -minutes if text[0] == "-" else minutes


def _days(year: int, month: int, day: int, text: str) -> int:
    shift = 0 if year else _CYCLE_YEARS
    try:
        ordinal = date(year + shift, month, day).toordinal()
    except ValueError:
        raise _invalid(text, "is a day that no calendar has") from None
    return ordinal - _EPOCH_DAY - (_CYCLE_DAYS if shift else 0)


def _in_range(digits: str, most: int, text: str) -> int:
    value = int(digits)
    if value > most:
        raise _invalid(text, f"has {digits} where at most {most} is possible")
    return value


def _invalid(text: str, reason: str) -> InvalidInput:
    shown = text if len(text) <= 60 else text[:57] + "…"
    return InvalidInput(f'"{shown}" {reason}', expected=EXPECTED_TIME)
