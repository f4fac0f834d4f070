"""What the readers give keeps the contract; what breaks it is told by row and column, and the frame is not changed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

from api.quality.intake.contracts import check_frame, contract
from api.quality.intake.files import LAYOUTS, read
from api.routes.quality.import_examples import EXAMPLES
from ledger.errors import InvalidDocument, InvalidInput


def frame_of(kind: str) -> pd.DataFrame:
    return read(kind, EXAMPLES[kind])


def said(kind: str, frame: pd.DataFrame) -> list[str]:
    with pytest.raises(InvalidDocument) as caught:
        check_frame(kind, frame, source="df")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("kind", LAYOUTS)
def test_what_a_reader_gives_keeps_the_contract(kind: str) -> None:
    frame = frame_of(kind)
    assert check_frame(kind, frame) is frame
    assert check_frame(kind, frame.iloc[:0]).empty
    assert contract(kind).name == kind


@pytest.mark.parametrize("kind", LAYOUTS)
def test_each_row_is_one_of_its_kind(kind: str) -> None:
    frame = frame_of(kind)
    assert any(text.startswith("df row 2: a second row of the same") for text in said(kind, pd.concat([frame, frame])))


@pytest.mark.parametrize(
    ("kind", "column", "value", "problem"),
    [
        ("readings", "value", np.inf, "df row 1 column value: 'inf': not a finite number"),
        ("readings", "value", np.nan, "df row 1 column value: the value is missing"),
        ("readings", "value", "3.8", "df column value: values of type str; expected type float64"),
        ("readings", "time", pd.Timestamp("2026-05-04"), "df column time: values of type datetime64[us]; expected"),
        ("readings", "unit", "C", "df row 1 column unit: 'C': not a UN/ECE"),
        ("readings", "unit", "KGM", "df row 1: the unit does not fit the quantity kind"),
        ("readings", "value", -300.0, "df row 1: below absolute zero"),
        ("readings", "place", None, "df row 1: exactly one of item and place must be given"),
        ("readings", "sensor", "a\nb", "df row 1 column sensor: 'a\\nb': not a line of printable text"),
        ("readings", "sensor", 7, "df row 1 column sensor: '7': not a line of printable text"),
        ("inspections", "passed", "yes", "df row 1 column passed: 'yes': neither True, False nor None"),
        ("inspections", "unit", None, "df row 1: a value needs a unit"),
        ("inspections", "nonconforming", 1.0, "df row 1: nobody knows how many pieces were looked at"),
        ("inspections", "size", 1.5, "df row 1 column size: '1.5': not a whole number from 0"),
        ("results", "loq", np.nan, "df row 1: nothing in value, loq"),
        ("results", "loq", 0.0, "df row 1 column loq: '0.0': not above 0"),
        ("results", "certificate", "abc", "df row 1 column certificate: 'abc': not a SHA-256"),
        ("specifications", "low", 1.0, "df row 1: low is above high"),
        ("specifications", "high", np.nan, "df row 1: nothing in low, target, high"),
        ("runs", "good", 99_999, "df row 1: good is above total"),
        ("activities", "amount", -1.0, "df row 1 column amount: '-1.0': below 0"),
    ],
)
def test_what_breaks_it_is_told(kind: str, column: str, value: Any, problem: str) -> None:
    frame = frame_of(kind)
    broken = frame.drop(columns=column).assign(**{column: pd.Series([value])})[list(frame.columns)]
    assert any(text.startswith(problem) for text in said(kind, broken)), said(kind, broken)


def test_columns_are_those_of_the_kind() -> None:
    frame = frame_of("limits")
    assert said("limits", frame.drop(columns="unit"))[0].startswith("df: column unit is missing")
    assert said("limits", frame.assign(colour="red"))[0].startswith("df: unknown column 'colour'")
    with pytest.raises(InvalidInput, match="unknown kind 'prices'"):
        contract("prices")


def test_rows_are_counted_whatever_the_index_and_no_more_than_a_hundred() -> None:
    frame = pd.concat([frame_of("readings")] * 300).assign(sensor=[f"L{n}" for n in range(300)])
    frame.index = pd.Index([7] * 300)
    frame["value"] = [1.0] * 2 + [np.inf] * 298
    problems = said("readings", frame)
    assert problems[0].startswith("df row 3 column value")
    assert len(problems) == 100


def test_pandera_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, api.quality.intake.contracts; assert 'pandera' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
