"""A quantity in a table that is no number, and other cells that do not fit."""

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


@pytest.mark.parametrize(
    "number", ["twenty", "1,5", "NaN", "1e400", "0x10", "1_000", "01", "2.", "１", "1234567890.123456789"]
)
def test_is_named_with_line_and_column(number: str) -> None:
    bad = ROW.replace("urn:x:lot|2.5|KGM", f'"urn:x:lot|{number}"')
    [(where, message)] = problems(f"{HEADER}\n{ROW}\n{bad}\n")
    assert where == "f.csv, line 3, column quantityList"
    assert number in message


def test_every_problem_of_a_row_and_of_every_row() -> None:
    bad = "ObjectEvent,2026-03-01T08:15:00,+25:00,ADD,x,urn:x:lot|a"
    found = problems(f"{HEADER}\n{bad}\n{ROW.replace('KGM', 'kilogram')}\n")
    assert [where for where, _ in found] == [
        "f.csv, line 2, column quantityList",
        "f.csv, line 2, column eventTime",
        "f.csv, line 2, column eventTimeZoneOffset",
        "f.csv, line 2, column epcList, entry 1",
        "f.csv, line 3, column quantityList, entry 1",
    ]


def test_lines_are_counted_through_quoted_line_breaks() -> None:
    found = problems(f'{HEADER}\n{ROW[: ROW.index("urn")]}"urn:x:a;\n urn:x:b"\n{ROW}|x\n')
    assert found == [("f.csv, line 4, column quantityList", "4 parts in one entry")]


def test_unclosed_quote() -> None:
    [(where, message)] = problems(f'{HEADER}\n{ROW}\n"Object\n')
    assert where == "f.csv, line 3"
    assert message.startswith("not CSV")


def test_at_most_a_hundred_problems() -> None:
    assert len(problems(f"{HEADER}\n" + (ROW.replace("2.5", "x") + "\n") * 500)) == 100
