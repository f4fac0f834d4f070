"""Units by Recommendation 20 code: every code converts, round trips hold, unknown ones are met with a suggestion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.kinds import KINDS
from api.quality.units import UNITS, compatible, convert, require_unit
from ledger.errors import InvalidInput


@pytest.mark.parametrize("code", UNITS)
def test_every_code_is_a_unit_that_pint_knows(code: str) -> None:
    assert compatible(code, code)


def test_every_reference_unit_of_a_kind_is_known() -> None:
    assert {unit for unit in KINDS.values() if unit} <= set(UNITS)


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (41.0, "FAH", "CEL", 5.0),
        (0.0, "CEL", "KEL", 273.15),
        (1.0, "TNE", "KGM", 1000.0),
        (12.0, "A93", "GP", 12_000.0),
        (50.0, "P1", "59", 500_000.0),
        (36.0, "KMH", "MTS", 10.0),
        (1.0, "MTS", "C16", 1000.0),
        (1.0, "BAR", "KPA", 100.0),
    ],
)
def test_known_conversions(value: float, source: str, target: str, expected: float) -> None:
    assert convert(np.array([value]), source, target)[0] == pytest.approx(expected, rel=1e-12)


@given(st.sampled_from(["CEL", "FAH", "KEL"]), st.sampled_from(["CEL", "FAH", "KEL"]), st.floats(-90, 400))
@settings(deadline=None)
def test_temperatures_round_trip(source: str, target: str, value: float) -> None:
    there = convert(np.array([value]), source, target)
    assert convert(there, target, source)[0] == pytest.approx(value, abs=1e-9)


def test_the_same_unit_changes_no_bit() -> None:
    values = np.array([0.1, 1 / 3])
    assert convert(values, "FAH", "FAH") is values


@pytest.mark.parametrize(
    ("wrong", "right"), [("cel", "CEL"), ("°C", "CEL"), ("celsius", "CEL"), ("CELS", "CEL"), ("%", "P1"), ("kg", "KGM")]
)
def test_an_unknown_unit_is_met_with_the_right_one(wrong: str, right: str) -> None:
    with pytest.raises(InvalidInput, match=rf"unknown unit '{wrong}'.*\b{right}\b"):
        require_unit(wrong)


def test_kilograms_are_no_temperature() -> None:
    with pytest.raises(InvalidInput, match="KGM cannot be converted to CEL"):
        convert(np.array([1.0]), "KGM", "CEL")
