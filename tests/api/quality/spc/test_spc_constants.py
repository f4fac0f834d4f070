"""Control-chart constants against published tables, closed forms and simulation."""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np
import pytest

from api.quality.spc.constants import c4, constants, d2, d3, per_point
from ledger.errors import InvalidInput


def test_worked_example_spc_constants_n2_10(worked_example: Any, within: Any) -> None:
    example = worked_example("spc_constants_n2_10")
    found = [constants(n) for n in example["inputs"]["n"]]
    values = {name: [getattr(each, name) for each in found] for name in example["expected"]}
    within(example, values)
    within(example | {"expected": example["computed"], "tolerance": {"abs": 2e-9}}, values)


def test_closed_forms() -> None:
    assert d2(2) == pytest.approx(2 / sqrt(pi), abs=1e-12)
    assert d3(2) == pytest.approx(sqrt(2 - 4 / pi), abs=1e-10)
    assert d2(3) == pytest.approx(3 / sqrt(pi), abs=1e-12)
    assert c4(2) == pytest.approx(sqrt(2 / pi), abs=1e-14)


@pytest.mark.parametrize("n", [26, 100])
def test_large_subgroups_against_simulation(n: int) -> None:
    drawn = np.random.default_rng(1).normal(size=(100_000, n))
    ranges = np.ptp(drawn, axis=1)
    assert d2(n) == pytest.approx(ranges.mean(), abs=0.012)
    assert d3(n) == pytest.approx(ranges.std(), abs=0.01)
    assert c4(n) == pytest.approx(drawn.std(axis=1, ddof=1).mean(), abs=0.002)


def test_per_point_constants_are_unknown_for_single_values() -> None:
    np.testing.assert_array_equal(per_point("d2", [5, 1, 2, 5]), [d2(5), np.nan, d2(2), d2(5)])


@pytest.mark.parametrize("n", [1, 0, 1001])
def test_no_range_of_one_value_nor_of_a_thousand(n: int) -> None:
    with pytest.raises(InvalidInput, match="subgroup"):
        d2(n)
