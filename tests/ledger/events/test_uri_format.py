"""`is_uri` is RFC 3986 to the letter, held against the reference validator of the format."""

from __future__ import annotations

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events.formats import is_uri

REFERENCE = jsonschema_rs.validator_for({"format": "uri"}, validate_formats=True)
BEGINNINGS = st.sampled_from(["", "a:", "urn:epc:", "a://", "http://[", "http://[::", "http://u@h:", "https://h/p?"])
IPV6 = st.ip_addresses(v=6).map(lambda address: f"http://[{address}]/")


@settings(max_examples=1500, deadline=None)
@given(BEGINNINGS, st.text("aF19:/@[]?#%.v-~é|\\ \n", max_size=12))
def test_agrees_on_short_strings(beginning: str, rest: str) -> None:
    assert is_uri(beginning + rest) == REFERENCE.is_valid(beginning + rest)


@settings(max_examples=300, deadline=None)
@given(IPV6, st.integers(8, 40), st.sampled_from("0:fg.%"))
def test_agrees_on_addresses(text: str, at: int, character: str) -> None:
    assert is_uri(text)
    damaged = text[:at] + character + text[at:]
    assert is_uri(damaged) == REFERENCE.is_valid(damaged)


def test_takes_linear_time() -> None:
    for text in ("http://" + "a" * 500_000 + " ", "a:" + "%41" * 200_000 + "%", "http://" + "@" * 300_000):
        assert not is_uri(text)
