"""Inspections and limits from CSV: what is taken and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from api.quality import read_inspections, read_limits
from api.quality.columns import INSPECTION, LIMIT
from ledger.errors import InvalidDocument

INSPECTIONS = "time,item,characteristic,value,unit,passed,inspector\n"
LIMITS = "item,quantity_kind,low,high,unit\n"


def test_variables_and_attributes() -> None:
    frame = read_inspections(
        INSPECTIONS
        + "2026-05-04T06:00Z,(01)09506000134352(21)1,bore_diameter,62.011,MMT,,QA 3\n"
        + "2026-05-04T06:00Z,(01)09506000134352(21)1,leak_test,,,no,\n"
        + "2026-05-04T06:05Z,(01)09506000134352(21)1,runout,0.01,MMT,Pass,\n"
    )
    assert tuple(frame.columns) == INSPECTION
    assert frame["value"].tolist()[::2] == [62.011, 0.01]
    assert np.isnan(frame["value"][1])
    assert frame["unit"].tolist() == ["MMT", None, "MMT"]
    assert frame["passed"].tolist() == [None, False, True]
    assert frame["inspector"].tolist() == ["QA 3", "", ""]


def test_an_inspection_may_do_without_optional_columns() -> None:
    frame = read_inspections("time,item,characteristic,passed\n2026-05-04T06:00Z,https://a.b/c,look,yes\n")
    assert frame["passed"].tolist() == [True]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-05-04T06:00Z,https://a.b/c,look,,,,", "line 2 column value: neither a value nor a verdict"),
        ("2026-05-04T06:00Z,https://a.b/c,look,1,,,", "line 2 column unit: the value has no unit"),
        ("2026-05-04T06:00Z,https://a.b/c,look,,MMT,yes,", "line 2 column value: there is a unit without a value"),
        ("2026-05-04T06:00Z,https://a.b/c,look,,,perhaps,", "line 2 column passed: 'perhaps' is not a verdict"),
        ("2026-05-04T06:00Z,,look,,,yes,", "line 2 column item: column item is empty"),
        ("2026-05-04T06:00Z,https://a.b/c,,,,yes,", "line 2 column characteristic: column characteristic is empty"),
    ],
)
def test_a_bad_inspection_is_refused(row: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read_inspections(INSPECTIONS + row)


def test_a_second_result_of_one_check_is_refused() -> None:
    row = "2026-05-04T06:00Z,https://a.b/c,look,,,yes,\n"
    assert len(read_inspections(INSPECTIONS + row * 2)) == 1
    with pytest.raises(InvalidDocument, match="line 3 column characteristic: a second, different result"):
        read_inspections(INSPECTIONS + row + row.replace("yes", "no"))


def test_limits() -> None:
    frame = read_limits(LIMITS + "(01)09506000134352,Temperature,1,5,CEL\n,RelativeHumidity,85,,P1\n")
    assert tuple(frame.columns) == LIMIT
    assert frame["item"].tolist() == ["https://id.gs1.org/01/09506000134352", ""]
    assert frame["low"].tolist() == [1.0, 85.0]
    assert np.isnan(frame["high"][1])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",Temperature,,,CEL", "line 2 column high: no bound is given"),
        (",Temperature,6,5,CEL", "line 2 column low: low is above high"),
        (",Temperature,x,5,CEL", "line 2 column low: 'x' is not a number"),
        (",Temperature,1,5,KGM", "line 2 column unit: Temperature cannot be in KGM"),
        (",Temperature,1,5,CEL\n,Temperature,1,6,CEL", "line 3 column item: a second, different limit"),
    ],
)
def test_a_bad_limit_is_refused(row: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read_limits(LIMITS + row)
