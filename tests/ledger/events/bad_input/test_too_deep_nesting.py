"""Objects and lists within each other without end."""

from __future__ import annotations

import pytest

from ledger.errors import InvalidInput
from ledger.events import parse_json
from ledger.events.strict_json import MAX_DEPTH


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"[":', "}]")])
def test_the_limit_is_exact(opening: str, closing: str) -> None:
    per_round = 2 if opening.startswith("[{") else 1
    rounds = MAX_DEPTH // per_round
    parse_json(opening * rounds + "0" + closing * rounds)
    with pytest.raises(InvalidInput, match=f"more than {MAX_DEPTH} deep"):
        parse_json(opening * rounds + "[0]" + closing * rounds)


@pytest.mark.parametrize("text", ["[" * 1_000_000, '{"a":' * 500_000, "[" * 100_000 + "]" * 100_000, '["]",' * 200_000])
def test_never_exhausts_the_stack(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_json(text)


def test_brackets_in_strings_do_not_count() -> None:
    text = '"' + "[{" * 1000 + '\\"[["'
    assert parse_json(f"[{text}]") == ["[{" * 1000 + '"[[']
