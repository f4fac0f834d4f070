"""Redaction keeps the commitment, commutes, and never hides what must be shown; forged shapes are refused."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.commitment import (
    NEVER_HIDDEN,
    Disclosure,
    EventTree,
    RedactedEvent,
    Structure,
    all_but,
    check_shape,
    rebuild,
    redact,
    whole,
)
from ledger.errors import InvalidInput

ORGANISATION = hashlib.sha256(b"organisation").digest()
BODY: dict[str, Any] = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://example.org/"}],
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T08:00:00Z",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "errorDeclaration": {"declarationTime": "2026-03-02T08:00:00Z", "reason": "incorrect_data"},
    "epcList": ["urn:example:a", "urn:example:b"],
    "epcList-note": "sorts between a list and its members",
    "ilmd": {"ex:lot": {"weight": 1.5, "empty": [], "none": None}},
}
TREE = EventTree.of(BODY, bytes(32))
subsets = st.sets(st.sampled_from(TREE.pointers))


@settings(max_examples=200, deadline=None)
@given(subsets)
def test_redaction_keeps_the_commitment_and_shows_what_it_must(shown: set[str]) -> None:
    event = redact(TREE, shown)
    check_shape(event)
    assert event.commitment(ORGANISATION) == TREE.commitment(ORGANISATION)
    assert event.hashes == list(TREE.hashes)
    values = event.values()
    assert shown | NEVER_HIDDEN <= values.keys()
    for pointer in values:
        assert not pointer or isinstance(values[pointer.rpartition("/")[0]], Structure)


@settings(max_examples=200, deadline=None)
@given(subsets, subsets)
def test_redaction_in_any_order_is_equal(one: set[str], other: set[str]) -> None:
    full = whole(TREE)
    assert full.narrow(one).narrow(other) == full.narrow(other).narrow(one)
    assert full.narrow(one).narrow(one) == full.narrow(one) == redact(TREE, one)
    assert redact(TREE, one).combine(redact(TREE, other)) == redact(TREE, one | other)
    check_shape(full.narrow(one).narrow(other))


@settings(max_examples=100, deadline=None)
@given(subsets)
def test_a_disclosure_is_its_bytes(shown: set[str]) -> None:
    for disclosure in redact(TREE, shown).shown:
        assert Disclosure.parse(disclosure.encode()) == disclosure
        assert disclosure.encode() in TREE.disclosures


def test_hiding_hides() -> None:
    shown = all_but(TREE.pointers, ["/ilmd", "/epcList/0"])
    event = redact(TREE, shown)
    assert "/ilmd" not in event.values()
    assert "/epcList/0" not in event.values()
    assert event.values()["/epcList"] == Structure("list", 2)
    assert event.hidden_count == 6
    with pytest.raises(InvalidInput, match="6 leaves are hidden"):
        rebuild(event)


def test_a_pointer_to_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no leaf '/nothing'"):
        redact(TREE, ["/nothing"])


def test_different_events_do_not_combine() -> None:
    with pytest.raises(InvalidInput, match="two different events"):
        whole(TREE).combine(whole(EventTree.of(BODY, bytes([1] * 32))))


def disclose(pointer: str, value: Any) -> Disclosure:
    return Disclosure(bytes(16), pointer, value)


def event_of(*leaves: tuple[str, Any] | bytes, size: int = 3, error: bool = False) -> RedactedEvent:
    """An event as a dishonest maker could hash it."""
    own = [("", Structure("object", size, error)), ("/action", "ADD"), ("/eventTime", "t"), ("/type", "ObjectEvent")]
    pairs = [leaf for leaf in leaves if isinstance(leaf, tuple)]
    shown: list[Disclosure | bytes] = [disclose(*pair) for pair in sorted([*own, *pairs], key=lambda pair: pair[0])]
    return RedactedEvent((*shown, *(leaf for leaf in leaves if isinstance(leaf, bytes))))


def test_the_smallest_event_has_a_shape() -> None:
    check_shape(event_of())
    check_shape(event_of(bytes(32), size=4))


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (RedactedEvent(()), "own leaf"),
        (RedactedEvent((bytes(32), *event_of().leaves)), "own leaf"),
        (RedactedEvent(event_of().leaves[1:]), "own leaf"),
        (RedactedEvent((*event_of().leaves[:1], *event_of().leaves[:0:-1])), "out of order"),
        (event_of(("/type", "AggregationEvent"), size=4), "out of order"),
        (event_of(("/a/b", 1), size=4), "enclosing object or list is not shown"),
        (event_of(("/a", 1), ("/a/b", 1), size=5), "enclosing object or list is not shown"),
        (event_of(("/l", Structure("list", 1)), ("/l/1", 1), size=4), "no such member"),
        (event_of(("/l", Structure("list", 2)), ("/l/01", 1), size=4), "no such member"),
        (event_of(("/l", Structure("list", 2)), ("/l/x", 1), size=4), "no such member"),
        (event_of(("/l", Structure("list", 2)), ("/l/\u00b2", 1), size=4), "no such member"),
        (event_of(("/a", 1), size=3), "more members"),
        (event_of(("/o", Structure("object", 0)), ("/o/a", 1), size=4), "more members"),
        (event_of(size=4), "4 leaves"),
        (event_of(bytes(32), size=5), "5 leaves"),
        (event_of(bytes(32), size=3), "5 leaves"),
        (event_of(("/l", Structure("list", 2)), ("/l/" + "1" * 5000, 1), size=4), "no such member"),
        (event_of(("/errorDeclaration", Structure("object", 0)), size=4), "error declaration"),
        (event_of(bytes(32), size=4, error=True), "error declaration"),
        (event_of(size=3, error=True), "error declaration"),
    ],
)
def test_a_shape_that_no_event_has_is_refused(event: RedactedEvent, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        check_shape(event)


@pytest.mark.parametrize("pointer", ["/type", "/eventTime", "/action"])
def test_what_is_never_hidden_cannot_be_hidden(pointer: str) -> None:
    hidden = tuple(
        leaf.hash if isinstance(leaf, Disclosure) and leaf.pointer == pointer else leaf for leaf in whole(TREE).leaves
    )
    with pytest.raises(InvalidInput, match="hides what must not be hidden"):
        check_shape(RedactedEvent(hidden))


def test_a_transformation_has_no_action() -> None:
    tree = EventTree.of({"type": "TransformationEvent", "eventTime": "t", "x": 1}, bytes(32))
    check_shape(redact(tree, []))


@pytest.mark.parametrize(
    "triple",
    [
        {},
        [],
        ["00" * 16, "/a"],
        ["00" * 16, "/a", 1, 2],
        ["00" * 15, "/a", 1],
        ["AA" * 16, "/a", 1],
        ["00 " * 16, "/a", 1],
        [0, "/a", 1],
        ["00" * 16, "a", 1],
        ["00" * 16, "/~", 1],
        ["00" * 16, "/~2", 1],
        ["00" * 16, "/~~01", 1],
        ["00" * 16, "/~" + "~0" * 3 + "1", 1],
        ["00" * 16, None, 1],
        ["00" * 16, "/a", []],
        ["00" * 16, "/a", {}],
        ["00" * 16, "/a", {"object": -1}],
        ["00" * 16, "/a", {"object": True}],
        ["00" * 16, "/a", {"object": "1"}],
        ["00" * 16, "/a", {"object": 1, "list": 1}],
        ["00" * 16, "/a", {"errorDeclaration": False, "object": 1}],
        ["00" * 16, "", {"object": 1}],
        ["00" * 16, "", {"errorDeclaration": 0, "object": 1}],
        ["00" * 16, "", {"errorDeclaration": False, "list": 1}],
    ],
)
def test_what_is_no_disclosure_is_refused(triple: Any) -> None:
    with pytest.raises(InvalidInput):
        Disclosure.from_json(triple)
