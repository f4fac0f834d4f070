"""parse_json reads what json.dumps writes, agrees with the standard library, and never lets another exception out."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.errors import InvalidInput
from ledger.events import parse_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=30,
)


def kinds(value: Any) -> Any:
    """The value with the kind of every scalar, so that 1, 1.0 and True differ."""
    if isinstance(value, dict):
        return {name: kinds(part) for name, part in value.items()}
    return [kinds(part) for part in value] if isinstance(value, list) else (type(value), value)


@settings(max_examples=400, deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 0, 3]))
def test_reads_what_dumps_writes(value: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert parse_json(text) == parse_json(text.encode()) == value


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_equal_json_values_are_equal_python_values(value: Any) -> None:
    """Written again, with integers as floats or the other way about, it is the very same value, kinds included."""
    read = parse_json(json.dumps(value))
    assert kinds(parse_json(json.dumps(read))) == kinds(read)
    assert kinds(parse_json(json.dumps(_as_floats(value)))) == kinds(read)


def _as_floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_floats(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_floats(part) for part in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@settings(max_examples=600, deadline=None)
@given(st.text('{}[]",:\\u01dDeE.-+ntf \n😀', max_size=25) | st.text(max_size=20))
@example('{"a":1,"a":2')
@example('[1e999, "')
@example('"\\')
@example('{"\\u0061":NaN,"a":')
def test_accepts_nothing_that_the_standard_library_refuses(text: str) -> None:
    try:
        value = parse_json(text)
    except InvalidInput:
        return
    assert value == json.loads(text)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=30))
def test_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(InvalidInput):
        parse_json(data)


def test_a_megabyte_takes_well_under_100_ms(shared: Path) -> None:
    texts = [path.read_text() for path in sorted((shared / "epcis/examples").iterdir()) if "-h." not in path.name]
    data = f"[{','.join(texts * 10)}]".encode()
    assert len(data) > 1_000_000
    times = []
    for _ in range(5):
        start = time.process_time()
        parse_json(data)
        times.append(time.process_time() - start)
    assert min(times) < 0.1
