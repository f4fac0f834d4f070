"""Bytes that are not UTF-8, and the byte order mark."""

from __future__ import annotations

import pytest

from ledger.errors import InvalidInput
from ledger.events import parse_json


@pytest.mark.parametrize("data", [b'{"a":\n"\xe9"}', b'\n"\xed\xa0\x80"', b'\n"\xc0\xaf"', b'\n"\xff"'])
def test_is_refused_with_its_place(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="is not UTF-8") as caught:
        parse_json(data)
    assert caught.value.problem.where == "line 2, column 2"


def test_other_encodings_are_refused() -> None:
    for encoding in ("utf-16", "utf-32", "utf-16-le"):
        with pytest.raises(InvalidInput):
            parse_json('{"a": "é"}'.encode(encoding))


def test_a_byte_order_mark_is_no_part_of_the_document() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == parse_json('\ufeff{"a": 1}') == {"a": 1}
    with pytest.raises(InvalidInput):
        parse_json(b"\xef\xbb\xbf\xef\xbb\xbf{}")
