"""Run rules against their definitions: published vectors, a naive reading of the rules, and what must fire nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.spc.rules import (
    LIMITS_ONLY,
    NELSON,
    NELSON_SIX_INCREASES,
    RULE_SETS,
    WESTERN_ELECTRIC,
    RuleSet,
    fired,
    meaning,
    rule_set,
    run_rules,
)
from ledger.errors import InvalidInput

_VALUES = [-3.5, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, None]


def _all(found: Any) -> list[int]:
    return sorted({rule for rules in found for rule in rules})


def test_worked_example_nelson_vectors(worked_example: Any) -> None:
    example = worked_example("nelson_vectors")
    for name, vector in example["inputs"]["vectors"].items():
        assert _all(fired(vector)) == example["expected"][name], name
        shorter = _all(fired(vector[:-1]))
        assert shorter == ([1] if name == "1" else []), name


@pytest.mark.parametrize("rules", RULE_SETS.values(), ids=RULE_SETS)
@given(series=st.lists(st.sampled_from(_VALUES), max_size=40))
@settings(deadline=None, max_examples=300)
def test_as_a_naive_reading_of_the_rules(rules: RuleSet, series: list[float | None]) -> None:
    assert list(fired([np.nan if z is None else z for z in series], rules)) == [
        tuple(rule for rule in rules.rules if _naive(series, at, rules, rule)) for at in range(len(series))
    ]


@given(
    series=st.lists(st.floats(-4, 4).map(lambda z: round(z, 3)), max_size=60),
    more=st.lists(st.floats(-4, 4), max_size=10),
)
@settings(deadline=None, max_examples=300)
def test_what_comes_later_changes_nothing(series: list[float], more: list[float]) -> None:
    both = run_rules([*series, *more])
    np.testing.assert_array_equal(both[: len(series)], run_rules(series))


@given(series=st.lists(st.floats(-4, 4).map(lambda z: round(z, 3)), max_size=60))
@settings(deadline=None, max_examples=300)
def test_the_mirror_image_fires_alike(series: list[float]) -> None:
    np.testing.assert_array_equal(run_rules(series), run_rules([-z for z in series]))


@pytest.mark.parametrize("name", list("2345678"))
def test_a_missing_point_breaks_a_run(name: str, worked_example: Any) -> None:
    vector = worked_example("nelson_vectors")["inputs"]["vectors"][name]
    broken = [*vector[:-1], np.nan, vector[-1]]
    assert _all(fired(broken)) == []


def test_a_point_on_its_limit_is_not_beyond_it() -> None:
    assert _all(fired([3.0, 0.1, -3.0])) == []
    assert _all(fired([3.0 + 1e-12])) == []
    assert _all(fired([3.0 + 1e-6])) == [1]


def test_the_dialects_of_rule_three() -> None:
    six, seven = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    assert _all(fired(six, NELSON)) == [3]
    assert _all(fired(six, NELSON_SIX_INCREASES)) == []
    assert _all(fired(seven, NELSON_SIX_INCREASES)) == [3]
    assert meaning(NELSON, 3) != meaning(NELSON_SIX_INCREASES, 3)


def test_western_electric_counts_to_eight() -> None:
    assert _all(fired([0.5] * 8, WESTERN_ELECTRIC)) == [4]
    assert _all(fired([0.5] * 7, WESTERN_ELECTRIC)) == []
    assert _all(fired([0.5, 3.1, 0.5], LIMITS_ONLY)) == [1]


def test_no_points_and_unknown_points() -> None:
    assert len(fired([])) == 0
    assert _all(fired([np.nan] * 20)) == []
    assert _all(fired([np.inf, -np.inf])) == [1]


def test_unknown_rules_are_refused() -> None:
    with pytest.raises(InvalidInput, match="nelson or"):
        rule_set("juran")


def _naive(series: list[float | None], at: int, rules: RuleSet, rule: int) -> bool:
    """One rule at one point, read off its definition."""
    begin = at
    while begin >= 0 and series[begin] is not None:
        begin -= 1
    run: list[float] = [z for z in series[begin + 1 : at + 1] if z is not None]
    if not run:
        return False
    if rules.set == "western_electric":
        rule = {1: 1, 2: 5, 3: 6, 4: 20}[rule]
    steps = [b - a for a, b in pairwise(run)]
    increases = 5 if rules.dialect == "six_points" else 6

    def one_side(length: int) -> bool:
        last = run[-length:]
        return len(last) == length and (all(z > 0 for z in last) or all(z < 0 for z in last))

    def some(sigmas: float, enough: int, of: int) -> bool:
        last = run[-of:]
        return any(sign * run[-1] > sigmas and sum(sign * z > sigmas for z in last) >= enough for sign in (1, -1))

    turns = [a * b < 0 for a, b in pairwise(steps)]
    beyond = [abs(z) > 1 for z in run]
    return {
        1: lambda: abs(run[-1]) > 3,
        2: lambda: one_side(9),
        20: lambda: one_side(8),
        3: lambda: (
            len(steps) >= increases
            and (all(s > 0 for s in steps[-increases:]) or all(s < 0 for s in steps[-increases:]))
        ),
        4: lambda: len(turns) >= 12 and all(turns[-12:]),
        5: lambda: some(2, 2, 3),
        6: lambda: some(1, 4, 5),
        7: lambda: len(run) >= 15 and not any(beyond[-15:]),
        8: lambda: len(run) >= 8 and all(beyond[-8:]) and min(run[-8:]) < 0 < max(run[-8:]),
    }[rule]()
