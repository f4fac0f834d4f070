"""Inspections as rows: failures first; what nobody judged is neither passed nor failed."""

from __future__ import annotations

from typing import Any

import pytest

from api.analysis.lot.inspections import summarised


def one(characteristic: str, passed: bool | None, value: float | None = None, **more: Any) -> dict[str, Any]:
    return {
        "time": "2026-06-01T06:00:00.000Z", "item": "urn:x:y", "characteristic": characteristic, "value": value,
        "unit": None if value is None else "GRM", "passed": passed, "inspector": "Ann",
    } | more  # fmt: skip


def test_nothing() -> None:
    assert summarised([]) == []


@pytest.mark.parametrize(
    ("passed", "expected"),
    [([None, None], (None, 0)), ([True, None], (True, 0)), ([True, False], (False, 1)), ([False, None], (False, 1))],
)
def test_what_was_said(passed: list[bool | None], expected: tuple[bool | None, int]) -> None:
    (found,) = summarised([one("seal", said) for said in passed])
    assert (found["passed"], found["failed"]) == expected
    assert (found["count"], found["minimum"], found["unit"]) == (2, None, None)


def test_one_row_per_characteristic_and_unit_failures_first() -> None:
    rows = [
        one("colour", True, inspector=""),
        one("weight", None, 5.0),
        one("weight", None, 7.0, time="2026-06-02T06:00:00.000Z", inspector="Bo"),
        one("weight", None, 1.0, unit="KGM"),
        one("seal", False),
    ]
    found = summarised(rows)
    assert [(row["characteristic"], row["unit"], row["count"]) for row in found] == [
        ("seal", None, 1), ("colour", None, 1), ("weight", "GRM", 2), ("weight", "KGM", 1)
    ]  # fmt: skip
    weight = found[2]
    assert (weight["minimum"], weight["maximum"], weight["time"]) == (5.0, 7.0, "2026-06-02T06:00:00.000Z")
    assert (weight["inspector"], found[1]["inspector"]) == ("Ann, Bo", "")
