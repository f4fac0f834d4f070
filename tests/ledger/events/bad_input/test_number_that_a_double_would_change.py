"""A number that a 64-bit double cannot hold as it is written, 1e400 among them."""

from __future__ import annotations

import time

import pytest

from ledger.errors import InvalidInput
from ledger.events import parse_json


@pytest.mark.parametrize(
    "literal",
    [
        *("1234567890.123456789", "9007199254740993", "1e400", "-1e400", "1e-400", "12345678901234567890"),
        *("0.1000000000000000055511151231257827", "4.9406564584124654e-324", "0." + "0" * 500 + "1"),
        *("9" * 50_000, "-" + "9" * 50_000, "0." + "3" * 50_000, "1" + "0" * 50_000),
    ],
)
def test_is_refused_at_once(literal: str) -> None:
    start = time.process_time()
    with pytest.raises(InvalidInput, match=r"would change.*at /a/0"):
        parse_json(f'{{"a": [{literal}]}}')
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        *(
            ("1.0", 1),
            ("-0.0", 0),
            ("-0", 0),
            ("1e3", 1000),
            ("1.10", 1.1),
            ("0.1", 0.1),
            ("1E-7", 1e-7),
            ("0e999999999", 0),
        ),
        *(
            ("9007199254740991", 2**53 - 1),
            ("9007199254740992", 2.0**53),
            ("1e22", 1e22),
            ("100000000000000000000000", 1e23),
        ),
        *(("5e-324", 5e-324), ("1.7976931348623157e308", 1.7976931348623157e308), ("123456789012345", 123456789012345)),
    ],
)
def test_exact_numbers_are_read(literal: str, value: float) -> None:
    read = parse_json(literal)
    assert read == value
    assert isinstance(read, int) == (float(value).is_integer() and abs(value) < 2**53)
