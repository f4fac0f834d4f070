"""Half of a character, which UTF-8 cannot carry."""

from __future__ import annotations

import pytest

from ledger.errors import InvalidInput
from ledger.events import parse_json


@pytest.mark.parametrize(
    "text",
    [
        *(
            '"\\ud800"',
            '"\\uDFFF"',
            '"\\udc00\\ud800"',
            '"\\ud83d\\ud83d\\ude00"',
            '"\\ud83dx\\ude00"',
            '{"\\ud800":1}',
        ),
        *('"\\\\\\ud800"', '"\\ud83d\\ude00\\ude00"', '"a\ud800"'),
    ],
)
def test_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="lone surrogate") as caught:
        parse_json(text)
    assert caught.value.problem.where.startswith("line 1, column ")


@pytest.mark.parametrize(
    ("text", "value"),
    [('"\\ud83d\\ude00"', "😀"), ('"\\\\ud800"', "\\ud800"), ('"\\\\\\ud83d\\ude00"', "\\😀"), ('"😀"', "😀")],
)
def test_whole_characters_and_escaped_backslashes_are_read(text: str, value: str) -> None:
    assert parse_json(text) == value
