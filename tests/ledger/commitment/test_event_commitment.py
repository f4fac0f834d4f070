"""What the commitment promises: it binds every field, reveals nothing, and depends on the content alone."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import sqlite3
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.commitment import EventTree, check_shape, commit, rebuild, whole
from ledger.commitment.leaves import escape, split, unescape
from ledger.commitment.merkle import merkle_root
from ledger.errors import InvalidInput

ORGANISATION = hashlib.sha256(b"organisation").digest()
SECRET = hashlib.sha256(b"secret").digest()

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(["a/b", "a~b", "~1", "0", ""])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
#: as the strict parser hands them over: numbers of integral value are ints where they are exact
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda x: not x.is_integer()
)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3))
reserved = {"type", "eventTime", "action", "errorDeclaration", "recordTime"}


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    body = draw(st.dictionaries(names.filter(lambda name: name not in reserved), values, max_size=5))
    body |= {"type": "ObjectEvent", "eventTime": draw(texts), "action": draw(st.sampled_from(["ADD", "OBSERVE"]))}
    if draw(st.booleans()):
        body["errorDeclaration"] = draw(st.dictionaries(names, values, max_size=2))
    return body


def value_of(body: dict[str, Any]) -> bytes:
    return commit(body, ORGANISATION, SECRET).value


def slow_commitment(body: dict[str, Any]) -> bytes:
    """The specification, word for word, with the standard library's HMAC and the rfc8785 package."""
    leaves: dict[str, Any] = {}

    def walk(pointer: str, value: Any) -> None:
        if isinstance(value, dict):
            leaves[pointer] = {"object": len(value)}
            for name, member in value.items():
                walk(pointer + "/" + name.replace("~", "~0").replace("/", "~1"), member)
        elif isinstance(value, list):
            leaves[pointer] = {"list": len(value)}
            for index, member in enumerate(value):
                walk(f"{pointer}/{index}", member)
        else:
            leaves[pointer] = value

    walk("", {name: value for name, value in body.items() if name != "recordTime"})
    leaves[""]["errorDeclaration"] = "errorDeclaration" in body
    hashes = []
    for pointer in sorted(leaves, key=lambda text: text.encode()):
        salt = hmac.digest(SECRET, pointer.encode(), "sha256")[:16].hex()
        hashes.append(hashlib.sha256(b"\x00" + rfc8785.dumps([salt, pointer, leaves[pointer]])).digest())
    count = len(hashes).to_bytes(8, "big")
    return hashlib.sha256(b"lotmark:event:v1" + ORGANISATION + count + merkle_root(hashes)).digest()


@settings(max_examples=150, deadline=None)
@given(bodies())
def test_equals_the_specification_done_slowly(body: dict[str, Any]) -> None:
    assert value_of(body) == slow_commitment(body)


def test_equals_the_specification_on_gs1_events(gs1_events: list[dict[str, Any]]) -> None:
    for body in gs1_events:
        assert value_of(body) == slow_commitment(body)


@settings(max_examples=150, deadline=None)
@given(bodies(), bodies())
def test_injective(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (value_of(one) == value_of(other)) == (rfc8785.dumps(one) == rfc8785.dumps(other))


@settings(max_examples=150, deadline=None)
@given(bodies())
def test_the_leaves_are_all_of_the_event(body: dict[str, Any]) -> None:
    event = whole(EventTree.of({**body, "recordTime": "x"}, SECRET))
    check_shape(event)
    assert rebuild(event) == body


def mutations(value: Any) -> list[Any]:
    """Values that differ from `value` in one place: every scalar, every member's name, every size."""
    if isinstance(value, dict):
        found: list[Any] = [{**value, "new": None}]
        for name in value:
            rest = {n: v for n, v in value.items() if n != name}
            found += [rest, {**rest, name + "x": value[name]}]
            found += [{**value, name: changed} for changed in mutations(value[name])]
        return found
    if isinstance(value, list):
        found = [[*value, None]]
        for index, member in enumerate(value):
            before, after = value[:index], value[index + 1 :]
            found += [before + after, *([*before, changed, *after] for changed in mutations(member))]
        return found
    return [
        other for other in (None, True, False, 0, 1, "", "0", {}, [], [value], f"{value}x") if not same(other, value)
    ]


def same(one: Any, other: Any) -> bool:
    return rfc8785.dumps(one) == rfc8785.dumps(other)


@settings(max_examples=60, deadline=None)
@given(bodies())
def test_binding_for_every_field(body: dict[str, Any]) -> None:
    original = value_of(body)
    for changed in mutations(body):
        if "recordTime" not in changed and not same(changed, body):
            assert value_of(changed) != original


def test_binding_for_every_leaf_of_gs1_events(gs1_events: list[dict[str, Any]]) -> None:
    for body in gs1_events[::8]:
        body = {name: value for name, value in body.items() if name != "recordTime"}
        commitments = [value_of(changed) for changed in mutations(body)]
        assert value_of(body) not in commitments


@settings(max_examples=100, deadline=None)
@given(bodies(), st.randoms())
def test_independent_of_key_order(body: dict[str, Any], random: Any) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            members = list(value.items())
            random.shuffle(members)
            return {name: shuffled(member) for name, member in members}
        return [shuffled(member) for member in value] if isinstance(value, list) else value

    assert value_of(shuffled(body)) == value_of(body)


@settings(max_examples=100, deadline=None)
@given(bodies())
def test_same_after_a_round_trip_through_json(body: dict[str, Any]) -> None:
    assert value_of(json.loads(json.dumps(body))) == value_of(body)
    assert value_of(json.loads(json.dumps(body, ensure_ascii=False, indent=2))) == value_of(body)


def test_same_after_a_round_trip_through_sqlite(gs1_events: list[dict[str, Any]]) -> None:
    with sqlite3.connect(":memory:") as connection:
        for body in gs1_events:
            (stored,) = connection.execute("select json(?)", [json.dumps(body)]).fetchone()
            assert value_of(json.loads(stored)) == value_of(body)
    connection.close()


def test_record_time_is_not_committed_but_only_the_events_own() -> None:
    body = {"type": "ObjectEvent", "x": {"recordTime": "1"}}
    assert value_of({**body, "recordTime": "2026-01-01T00:00:00Z"}) == value_of(body)
    assert value_of({**body, "x": {"recordTime": "2"}}) != value_of(body)


@settings(max_examples=50, deadline=None)
@given(bodies())
def test_secret_and_organisation_are_bound(body: dict[str, Any]) -> None:
    assert commit(body, bytes(32), SECRET).value != value_of(body)
    assert commit(body, ORGANISATION, bytes(32)).root != commit(body, ORGANISATION, SECRET).root
    assert commit(body, bytes(32), SECRET).root == commit(body, ORGANISATION, SECRET).root


@settings(max_examples=50, deadline=None)
@given(bodies())
def test_salts_are_independent_prefixes_of_hmac(body: dict[str, Any]) -> None:
    """Each salt is a pseudo-random function of its own pointer, so one tells nothing of another; none repeats."""
    tree = EventTree.of(body, SECRET)
    salts = [json.loads(disclosure)[0] for disclosure in tree.disclosures]
    expected = [hmac.digest(SECRET, pointer.encode(), "sha256")[:16].hex() for pointer in tree.pointers]
    assert salts == expected
    assert len(set(salts)) == len(salts)


def test_unguessable_without_the_salt() -> None:
    """Knowing the pointer, the value and every other disclosure does not make the hidden leaf's hash."""
    body = {"type": "ObjectEvent", "eventTime": "t", "action": "ADD", "quantity": 7}
    tree = EventTree.of(body, SECRET)
    hidden = tree.hashes[tree.pointers.index("/quantity")]
    other_salts = [json.loads(disclosure)[0] for disclosure in tree.disclosures if b"/quantity" not in disclosure]
    guesses = [rfc8785.dumps([salt, "/quantity", 7]) for salt in [*other_salts, "", "00" * 16]]
    guesses += [rfc8785.dumps(["/quantity", 7]), rfc8785.dumps(7)]
    assert hidden not in [hashlib.sha256(b"\x00" + guess).digest() for guess in guesses]
    again = EventTree.of(body, hashlib.sha256(b"another secret").digest())
    assert not set(again.hashes) & set(tree.hashes)


@settings(max_examples=200, deadline=None)
@given(names)
def test_escaping_has_an_inverse(name: str) -> None:
    assert unescape(escape(name)) == name
    assert "/" not in escape(name)


@settings(max_examples=100, deadline=None)
@given(bodies())
def test_leaves_are_sorted_by_utf8_and_unique(body: dict[str, Any]) -> None:
    pointers = [pointer.encode() for pointer, _ in split(body)]
    assert pointers == sorted(set(pointers))


def test_commit_leaves_the_event_as_it_was() -> None:
    body = {"type": "ObjectEvent", "recordTime": "x", "list": [{"a": 1}]}
    before = copy.deepcopy(body)
    commit(body, ORGANISATION, SECRET)
    assert body == before


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"a": "\ud800"}, "surrogate"),
        ({"\ud800": 1}, "surrogate"),
        ({"a": 2**53}, "no exact JSON form"),
        ({"a": float("nan")}, "no exact JSON form"),
        ({"a": b"x"}, "not a JSON value"),
        ({"a": {1: 2}}, "names a member"),
    ],
)
def test_what_is_not_json_is_refused(body: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        value_of(body)


def test_nesting_without_end_is_refused() -> None:
    body: dict[str, Any] = {}
    for _ in range(100_000):
        body = {"a": body}
    with pytest.raises(InvalidInput, match="too deeply"):
        value_of(body)


def test_lengths_are_checked() -> None:
    with pytest.raises(InvalidInput, match="secret of 31 bytes"):
        commit({}, ORGANISATION, bytes(31))
    with pytest.raises(InvalidInput, match="organisation id of 31 bytes"):
        commit({}, bytes(31), SECRET)
