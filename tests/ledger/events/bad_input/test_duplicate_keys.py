"""A key that comes twice in an object: two parsers would read two documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.errors import InvalidInput
from ledger.events import parse_json


@pytest.mark.parametrize(
    ("text", "pointer", "column"),
    [
        ('{"a":1,"a":1}', "/a", 8),
        ('{"x":[0,{"k":{"a":1},"b":2,"k":3}]}', "/x/1/k", 28),
        ('{"a":{"a":1},"b":[{"a":1}],"\\u0061":2}', "/a", 28),
        ('[{"a/b":1,"c":"a/b","a/b":2}]', "/0/a~1b", 21),
        ('{"a":{},"b":{"x":"]}[{,:"},"b":1}', "/b", 28),
    ],
)
def test_names_the_place(text: str, pointer: str, column: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_json(text)
    assert f"comes twice, at {pointer}" in caught.value.problem.message
    assert caught.value.problem.where == f"line 1, column {column}"


def test_one_key_in_several_objects_is_fine() -> None:
    assert parse_json('[{"a":1},{"a":{"a":2}}]') == [{"a": 1}, {"a": {"a": 2}}]


def test_the_last_one_counts_only_for_those_who_say_so() -> None:
    text = '{"a":1,"b":{"c":0,"c":[]},"a":{"d":1}}'
    assert parse_json(text, duplicate_keys="last") == {"a": {"d": 1}, "b": {"c": []}}
    with pytest.raises(InvalidInput, match="NaN is not a JSON number, at /a;"):
        parse_json('{"a":1,"a":NaN}', duplicate_keys="last")


def test_the_one_published_example_with_two_event_ids(shared: Path) -> None:
    data = (shared / "epcis/examples/AssociationEvent__AssociationEvent-h.jsonld").read_bytes()
    with pytest.raises(InvalidInput, match=r"line 15, column 5.*comes twice, at /epcisBody/eventList/0/eventID"):
        parse_json(data)
    [event] = parse_json(data, duplicate_keys="last")["epcisBody"]["eventList"]
    assert event["eventID"] == "urn:uuid:fd338495-0e6d-41dd-afee-a862ecd32518"
