"""Our quick encoder against the rfc8785 package, and the way back."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.commitment.canonical import LARGEST_INTEGER, parse_canonical, scalar_text, string_text
from ledger.errors import InvalidInput

texts = st.text(st.characters(exclude_categories=["Cs"]))
control_heavy = st.text(
    st.sampled_from([chr(n) for n in range(0x21)] + ['"', "\\", "/", "\x7f", "\u2028", "\U0001f33e"])
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))


@settings(max_examples=500, deadline=None)
@given(texts | control_heavy)
def test_strings_as_rfc8785_writes_them(text: str) -> None:
    assert string_text(text).encode() == rfc8785.dumps(text)


def test_every_character_as_rfc8785_writes_it() -> None:
    text = "".join(chr(n) for n in range(0x110000) if not 0xD800 <= n < 0xE000)
    assert string_text(text).encode() == rfc8785.dumps(text)


@settings(max_examples=500, deadline=None)
@given(scalars)
def test_scalars_as_rfc8785_writes_them(value: Any) -> None:
    assert scalar_text(value).encode() == rfc8785.dumps(value)


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (-0.0, "0"), (1e21, "1e+21"), (2.0**53, "9007199254740992")])
def test_numbers_of_equal_value_have_one_text(value: float, text: str) -> None:
    assert scalar_text(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, -(2**53), b"bytes", (1,), object()])
def test_what_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInput):
        scalar_text(value)


@settings(max_examples=300, deadline=None)
@given(values)
def test_parse_canonical_takes_back_what_rfc8785_writes(value: Any) -> None:
    data = rfc8785.dumps(value)
    assert rfc8785.dumps(json.loads(json.dumps(value))) == data
    assert rfc8785.dumps(parse_canonical(data)) == data


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b"[1, 2]",
        b"[1]\n",
        b"1.0",
        b"-0",
        b"1e2",
        b"9007199254740993",
        b"NaN",
        b"Infinity",
        b"1e400",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf1",
        b"[" * 100_000,
        b"",
        b"[1",
    ],
)
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_canonical(data)


@pytest.mark.parametrize("data", [b'"' + b'\\"' * 200_000, b'["' * 200_000, b'"\\' * 200_000, b"1" * 1_000_000])
def test_refusing_takes_no_longer_than_reading(data: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(InvalidInput):
        parse_canonical(data)
    assert time.monotonic() - started < 2
