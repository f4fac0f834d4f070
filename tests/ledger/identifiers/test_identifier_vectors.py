"""Held against other implementations' vectors and GS1's example documents.

Where we differ on purpose, the vector stands in a table below by its position in the file, under the reason;
nothing else may differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import InvalidInput
from ledger.identifiers import Item, Kind, parse_item

RAW = "reserved characters stand raw, where RFC 3986 and the tag data standard want them percent-encoded"
CHECK_DIGIT = "the check digit is wrong: refused on id.gs1.org, a private URI elsewhere"
NO_REFERENCE = "the reference behind the company prefix is empty, which the tag data standard does not allow"
TOO_LONG = "31 characters, where a GIAI has at most 30"
PREFIX_LENGTH = "wrong only for the prefix length asked with it; a Digital Link carries none"
UNKNOWN_PREFIX = "wrong only for a company prefix that a table does not list; we use no table"


def positions(text: str) -> list[int]:
    return [int(position) for position in text.split()]


CONVERSIONS_DIFFER = {
    RAW: positions("3 9 10 12 31 35 38 46 49 50 55 56 59 63 64 69 70 106 117 118 119 130 141 142 148 149 167 168 171"),
    NO_REFERENCE: positions("14 60"),
    TOO_LONG: positions("51"),
    CHECK_DIGIT: positions("91 92 93 94 95 172 173"),
}
VALID_DIFFER = {
    RAW: positions(
        "3 9 11 17 37 41 54 57 58 62 63 66 70 71 75 76 109 114 125 126 132 133 134 145 158 159 165 166 187 188 192 193"
    ),
    NO_REFERENCE: positions("13"),
    CHECK_DIGIT: positions(
        "22 23 25 39 40 48 49 50 73 74 85 86 87 88 89 94 95 96 97 98 105 106 107 112 113 116 117 118 127 "
        "128 129 130 131 142 143 149 150 151 152 153 154 167 168 180 181 184 185"
    ),
}
INVALID_DIFFER = {
    PREFIX_LENGTH: positions("6 7 11 12 21 22 25 26 73 74 79 80 81 131 182 183 209 243"),
    UNKNOWN_PREFIX: positions("10"),
}
NORMALISER_DIFFERS = {CHECK_DIGIT: positions("29 37")}


def gs1_key(text: Any) -> Item | None:
    """The item, if `text` is recognised as a GS1 key."""
    try:
        item = parse_item(text)
    except InvalidInput:
        return None
    return item if item.elements else None


def listed(table: dict[str, list[int]]) -> list[int]:
    return sorted(position for positions in table.values() for position in positions)


def differing(agreements: Iterable[bool]) -> list[int]:
    return [position for position, agrees in enumerate(agreements) if not agrees]


@pytest.fixture(scope="module")
def openepcis(shared: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((shared / "epcis/identifiers/openepcis_identifier_vectors.json").read_text())
    return document


@pytest.fixture(scope="module")
def normaliser(shared: Path) -> list[dict[str, Any]]:
    path = shared / "epcis/identifiers/ralphtro_dl_normaliser_vectors.json"
    vectors: list[dict[str, Any]] = json.loads(path.read_text())["vectors"]
    return [vector for vector in vectors if isinstance(vector["input"], str)]


def test_conversions_between_urn_and_link(openepcis: dict[str, Any]) -> None:
    vectors = openepcis["conversions"]
    pairs = [(gs1_key(vector["input"]), gs1_key(vector["expected"])) for vector in vectors]
    assert differing(one is not None and one == other for one, other in pairs) == listed(CONVERSIONS_DIFFER)
    assert (len(vectors), len(listed(CONVERSIONS_DIFFER))) == (174, 39)


def test_valid_identifiers_are_recognised(openepcis: dict[str, Any]) -> None:
    vectors = openepcis["valid"]
    assert differing(gs1_key(vector["id"]) is not None for vector in vectors) == listed(VALID_DIFFER)
    assert (len(vectors), len(listed(VALID_DIFFER))) == (194, 80)


def test_invalid_identifiers_are_not(openepcis: dict[str, Any]) -> None:
    vectors = openepcis["invalid"]
    assert differing(gs1_key(vector["id"]) is None for vector in vectors) == listed(INVALID_DIFFER)
    assert all(vectors[position]["gcp_length"] for position in INVALID_DIFFER[PREFIX_LENGTH])
    assert (len(vectors), len(listed(INVALID_DIFFER))) == (244, 19)


def test_the_event_hash_normaliser_gives_the_same_names(normaliser: list[dict[str, Any]]) -> None:
    names = [getattr(gs1_key(vector["input"]), "uri", None) for vector in normaliser]
    agreements = [name == vector["expected"] for name, vector in zip(names, normaliser, strict=True)]
    assert differing(agreements) == listed(NORMALISER_DIFFERS)
    assert (len(normaliser), len(listed(NORMALISER_DIFFERS))) == (70, 2)


def test_every_check_digit_deviation_is_one(openepcis: dict[str, Any], normaliser: list[dict[str, Any]]) -> None:
    texts = [openepcis["conversions"][position]["input"] for position in CONVERSIONS_DIFFER[CHECK_DIGIT]]
    texts += [openepcis["valid"][position]["id"] for position in VALID_DIFFER[CHECK_DIGIT]]
    texts += [normaliser[position]["input"] for position in NORMALISER_DIFFERS[CHECK_DIGIT]]
    for text in texts:
        on_gs1_host = re.sub(r"https?://(https://)?[^/]*(/(?!(?:\d{2,4}|gtin)/)[^/]*)*", "https://id.gs1.org", text)
        with pytest.raises(InvalidInput, match="check digit"):
            parse_item(on_gs1_host)


IDENTIFIES = {"epcList", "childEPCs", "inputEPCList", "outputEPCList", "parentID", "epcClass", "id", "source"}
IDENTIFIES |= {"destination", "bizTransaction"}


def identifiers(value: Any, field: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from identifiers(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from identifiers(member, field)
    elif field in IDENTIFIES:
        yield value


def test_every_identifier_of_the_gs1_examples_is_an_item(shared: Path) -> None:
    documents = sorted((shared / "epcis/examples").glob("**/*.json*"))
    texts = {text for path in documents for text in identifiers(json.loads(path.read_text()))}
    items = {text: parse_item(text) for text in texts}
    assert len(documents) == 47
    opaque = {text for text, item in items.items() if item.kind is Kind.OTHER}
    assert not [text for text in opaque if text.startswith("urn:epc:") or "id.gs1.org" in text]
    assert len(texts) - len(opaque) == 89, sorted(opaque)
