"""Times are read as RFC 3339 and as datetime reads them, in integer microseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import InvalidInput
from ledger.events import parse_offset, parse_time
from ledger.events.moment import parse_any_time

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(timezones=OFFSETS)
REFERENCE = jsonschema_rs.validator_for({"format": "date-time"}, validate_formats=True)
DIGITS_WHERE_DIGITS_BELONG = re.compile(r"\d{4}-\d\d-\d\d.\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


@settings(max_examples=500, deadline=None)
@given(MOMENTS)
def test_agrees_with_datetime(moment: datetime) -> None:
    microseconds = (moment - EPOCH) // timedelta(microseconds=1)
    text = moment.isoformat()
    assert parse_time(text) == parse_any_time(text) == microseconds
    assert parse_time(text.replace("T", "t")) == microseconds
    assert parse_time(text.replace("+00:00", "Z")) == parse_time(text.replace("+00:00", "z")) == microseconds


def outcome(read: object, text: str) -> int | None:
    try:
        return read(text)  # type: ignore[operator,no-any-return]
    except InvalidInput:
        return None


@settings(max_examples=800, deadline=None)
@given(
    MOMENTS, st.integers(0, 30), st.sampled_from("0123456789Zz:-+. T59"), st.sampled_from(["", "123456", ".1234567"])
)
def test_damaged_times_get_the_reference_verdict_and_both_paths_agree(
    moment: datetime, at: int, character: str, more: str
) -> None:
    text = moment.isoformat()
    text = (text[:at] + character + text[at + 1 :]).replace("+", f"{more}+", 1)
    assert outcome(parse_time, text) == outcome(parse_any_time, text)
    accepted = outcome(parse_time, text) is not None
    assert accepted == (REFERENCE.is_valid(text) and DIGITS_WHERE_DIGITS_BELONG.fullmatch(text) is not None), text


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.9999999Z", -1),
        ("2020-01-01T00:00:00.123456789Z", 1_577_836_800_123_456),
        ("2020-01-01T00:00:00.1Z", 1_577_836_800_100_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ("2017-01-01T00:59:60.5+01:00", 1_483_228_800_500_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
        ("0000-02-29T00:00:00+23:59", -62_162_121_600_000_000 - 86_340_000_000),
        ("0001-01-01T00:00:00+14:00", -62_135_596_800_000_000 - 50_400_000_000),
        ("9999-12-31T23:59:59.999999-23:59", 253_402_300_799_999_999 + 86_340_000_000),
    ],
)
def test_edges(text: str, microseconds: int) -> None:
    assert parse_time(text) == microseconds


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2020-01-01T00:00:00", "no time zone"),
        ("2021-02-29T00:00:00Z", "no calendar"),
        ("2020-01-01T00:00:60Z", "60th second"),
        ("2020-01-01T25:00:00Z", "25 where at most 23"),
        ("yesterday", "not a date and time"),
    ],
)
def test_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        parse_time(text)


def test_offsets() -> None:
    assert [parse_offset(text) for text in ("+00:00", "-00:00", "+05:45", "-14:00")] == [0, 0, 345, -840]
    with pytest.raises(InvalidInput, match=r"'\+25:00' is not a time zone offset"):
        parse_offset("+25:00")
