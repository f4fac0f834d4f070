"""A document that was cut off, at any byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.errors import InvalidInput
from ledger.events import parse_json


def test_says_where_it_ends_and_what_to_do() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_json('{"type":\n "EPCISDocument",', source="a.json")
    assert "ends in the middle" in caught.value.problem.message
    assert caught.value.problem.where == "a.json, line 2, column 18"
    assert "whole file" in caught.value.problem.advice


def test_empty_document() -> None:
    with pytest.raises(InvalidInput, match="empty"):
        parse_json(b"  \n")


def test_every_prefix_of_a_document_is_refused(shared: Path) -> None:
    data = (shared / "epcis/examples/Example_9.6.1-ObjectEvent.jsonld").read_bytes().rstrip()
    for end in range(len(data)):
        with pytest.raises(InvalidInput):
            parse_json(data[:end])
