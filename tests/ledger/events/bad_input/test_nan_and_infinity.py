"""NaN and Infinity, which some programs write and JSON does not have."""

from __future__ import annotations

import pytest

from ledger.errors import InvalidInput
from ledger.events import parse_json


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_is_named_with_its_place(word: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_json(f'{{"a": "NaN",\n "value": [1, {word}]}}')
    assert caught.value.problem.message == f"{word} is not a JSON number, at /value/1"
    assert caught.value.problem.where == "line 2, column 15"


@pytest.mark.parametrize("word", ["nan", "inf", "+1", ".5", "01", "0x1", "1.", "1e", "--1", "1_000", "٣"])
def test_other_numbers_that_json_does_not_have(word: str) -> None:
    with pytest.raises(InvalidInput, match="not JSON"):
        parse_json(f"[{word}]")
