"""A table without a column that every event needs, or with one that we do not know."""

from __future__ import annotations

import pytest

from ledger.errors import InvalidInput
from ledger.events import read_csv

HEADER = "type,eventTime,eventTimeZoneOffset,action,epcList,quantityList"
ROW = "ObjectEvent,2026-03-01T08:15:00+01:00,+01:00,ADD,,urn:x:lot|2.5|KGM"


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        read_csv(text, source="f.csv")
    return [(problem.where, problem.message) for problem in caught.value.problems]


def test_missing() -> None:
    assert problems(HEADER.replace("eventTime,", "") + "\n") == [("f.csv, line 1", "the column eventTime is missing")]


def test_unknown_or_twice() -> None:
    found = problems(f"{HEADER},Colour,EPCLIST,action\n")
    assert found == [
        ("f.csv, line 1, column 7", 'unknown column "Colour"'),
        ("f.csv, line 1, column 8", 'unknown column "EPCLIST"'),
        ("f.csv, line 1, column 9", "the column action comes twice"),
    ]


@pytest.mark.parametrize("text", ["", "\n", "\ufeff"])
def test_no_header(text: str) -> None:
    [(where, message)] = problems(text)
    assert where.startswith("f.csv")
    assert "empty" in message or "missing" in message


def test_more_cells_than_columns() -> None:
    assert problems(f"{HEADER}\n\n{ROW},x\n") == [("f.csv, line 3", "7 cells, but the header has 6")]
