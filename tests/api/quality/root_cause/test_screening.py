"""The screen against scipy's exact test, and the published outbreak."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from scipy.stats.contingency import relative_risk

from api.quality.root_cause import associate

tables = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


def test_worked_example_oswego_traceback(
    worked_example: Callable[[str], Any], within: Callable[[Any, Any], None], shared: Path
) -> None:
    example = worked_example("oswego_traceback")
    people = pd.read_csv(shared / "quality" / example["inputs"]["file"], skip_blank_lines=True)
    assert len(people) == example["inputs"]["n"]
    foods = people.columns[7:21]
    bad = people["ILL"] == "Y"
    ate, not_eaten = people[foods] == "Y", people[foods] == "N"
    found = associate(ate[bad].sum(), ate.sum(), not_eaten[bad].sum(), not_eaten.sum())
    found["food"] = foods
    ranked = found.sort_values("p").reset_index(drop=True)
    best = ranked.iloc[0]
    within(
        example,
        {"best": best["food"], "RR": best["relative_risk"], "lo": best["low"], "hi": best["high"]}
        | {name: best[name] for name in ("a", "n1", "c", "n0")},
    )
    # one-sided, so about half of the published two-sided one; the only food with q below 5 %
    assert best["p"] == pytest.approx(2.6e-7, rel=0.5)
    assert (found["q"] < 0.05).sum() == 1


@settings(deadline=None, max_examples=300)
@given(tables)
def test_p_equals_scipys_exact_test(table: tuple[int, int, int, int]) -> None:
    a, n1, c, n0 = table
    found = associate([a], [n1], [c], [n0]).iloc[0]
    assert found["p"] == pytest.approx(fisher_exact([[a, n1 - a], [c, n0 - c]], alternative="greater").pvalue)


@settings(deadline=None, max_examples=200)
@given(tables)
def test_relative_risk_and_interval_equal_scipys(table: tuple[int, int, int, int]) -> None:
    a, n1, c, n0 = table
    found = associate([a], [n1], [c], [n0], level=0.9).iloc[0]
    assert found["low"] <= found["high"]
    if a and c:
        theirs = relative_risk(a, n1, c, n0)
        interval = theirs.confidence_interval(0.9)
        assert (found["relative_risk"], found["low"], found["high"]) == pytest.approx(
            (theirs.relative_risk, interval.low, interval.high)
        )


def test_no_bad_item_among_the_others_is_an_infinite_risk_with_a_finite_interval() -> None:
    found = associate([5, 0, 0], [10, 10, 10], [0, 4, 0], [10, 10, 10])
    assert found["relative_risk"].to_list()[:2] == [math.inf, 0.0]
    assert math.isnan(found["relative_risk"].iloc[2])
    assert np.isfinite(found[["low", "high"]].to_numpy()).all()


def test_many_factors_are_corrected_by_benjamini_and_hochberg() -> None:
    found = associate([9, 5, 5, 5], [10] * 4, [1, 5, 5, 5], [10] * 4)
    assert found["q"].iloc[0] == pytest.approx(4 * found["p"].iloc[0])
    assert associate([], [], [], []).empty
