"""The standard's plans: every cell of the published tables, and what must hold for those that nobody published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api.quality.manufacturing.sampling.codes import AQLS, CODES, LEVELS, code_letter
from api.quality.manufacturing.sampling.double import double_plan
from api.quality.manufacturing.sampling.operating import acceptance_probability
from api.quality.manufacturing.sampling.plans import DoublePlan, SinglePlan
from api.quality.manufacturing.sampling.single import Severity, plan_at, standard_plan
from ledger.errors import InvalidInput

Find = Callable[[str], dict[str, Any]]


def test_worked_example_z14_table(worked_example: Find) -> None:
    example = worked_example("z14_table")
    found = {
        letter: [[plan.n, plan.ac] for aql in example["inputs"]["AQL"] for _, plan in [plan_at(letter, aql)]]
        for letter in example["inputs"]["codes"]
    }
    assert found == example["expected"]["plans_n_Ac"]


def test_worked_example_z14_double(worked_example: Find) -> None:
    example = worked_example("z14_double")
    low, high = map(int, example["inputs"]["lot"].split("-"))
    for lot in (low, high):
        plan = double_plan(lot, example["inputs"]["AQL"], example["inputs"]["level"])
        expected = example["expected"]
        assert ([plan.n1, plan.n2], [plan.ac1, plan.ac2], [plan.re1, plan.re2]) == (
            expected["n"], expected["Ac"], expected["Re"],
        )  # fmt: skip
        passed = float(acceptance_probability(plan, 0.015))
        assert passed == pytest.approx(example["computed"]["Pa_at_p_1.5_percent"], abs=1e-9)


#: rejection numbers of tightened inspection at AQL 0.65 to 10, as published; 0 where an arrow stands
_TIGHTENED = {
    ("E", 13): [0, 0, 1, 0, 0, 2, 3],
    ("F", 20): [0, 1, 0, 0, 2, 3, 4],
    ("G", 32): [1, 0, 0, 2, 3, 4, 6],
    ("H", 50): [0, 0, 2, 3, 4, 6, 9],
    ("J", 80): [0, 2, 3, 4, 6, 9, 13],
    ("K", 125): [2, 3, 4, 6, 9, 13, 19],
}


def test_tightened_plans_where_they_are_published() -> None:
    for (letter, size), rejected in _TIGHTENED.items():
        for aql, re in zip(AQLS[9:], rejected, strict=True):
            at, plan = plan_at(letter, aql, Severity.TIGHTENED)
            if re:
                assert (at, plan.n, plan.re) == (letter, size, re), (letter, aql)
            else:
                assert at != letter, (letter, aql)


@pytest.mark.parametrize(
    ("aql", "expected"), [(0.015, (1250, 0)), (0.025, (3150, 1)), (0.04, (2000, 1)), (10.0, (125, 18))]
)
def test_arrows_turn_at_the_edge_of_the_tightened_table(aql: float, expected: tuple[int, int]) -> None:
    plan = plan_at("R", aql, Severity.TIGHTENED)[1]
    assert (plan.n, plan.ac) == expected


def test_tightened_accepts_no_more_and_reduced_takes_no_more() -> None:
    for letter in CODES:
        for aql in AQLS:
            normal, tightened, reduced = (plan_at(letter, aql, severity)[1] for severity in Severity)
            at_aql = [float(acceptance_probability(plan, aql / 100)) for plan in (normal, tightened, reduced)]
            assert at_aql[1] <= at_aql[0] + 1e-12, (letter, aql)
            assert reduced.n <= normal.n, (letter, aql)


@pytest.mark.parametrize("aql", AQLS)
def test_double_plans_do_what_their_single_plan_does(aql: float) -> None:
    for lot in (9, 16, 26, 51, 91, 151, 281, 501, 1201, 3201, 10_001, 35_001, 150_001, 500_001):
        single = standard_plan(lot, aql).plan
        if single.ac == 0:
            with pytest.raises(InvalidInput, match="there is no double plan"):
                double_plan(lot, aql)
            continue
        double = double_plan(lot, aql)
        for quality in (aql / 100, 2 * aql / 100, 4 * aql / 100):
            apart = acceptance_probability(single, quality, "poisson") - acceptance_probability(
                double, quality, "poisson"
            )
            assert abs(float(apart)) < 0.07, (lot, aql, quality, float(apart))


def test_larger_lots_and_higher_levels_never_take_a_smaller_letter() -> None:
    lots = [2, 8, 9, 15, 16, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000, 500_001, 10**9]
    for level in LEVELS:
        letters = [CODES.index(code_letter(lot, level)) for lot in lots]
        assert letters == sorted(letters)
    for lot in lots:
        for levels in (LEVELS[:4], LEVELS[4:]):
            letters = [CODES.index(code_letter(lot, level)) for level in levels]
            assert letters == sorted(letters)


def test_a_sample_as_large_as_the_lot_is_the_lot() -> None:
    small, exact, large = (standard_plan(lot, 0.1) for lot in (20, 125, 126))
    assert (small.plan.n, small.sample_size, small.inspect_all) == (125, 20, True)
    assert (exact.sample_size, exact.inspect_all) == (125, True)
    assert (large.sample_size, large.inspect_all) == (125, False)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: standard_plan(1, 1.5), "a lot of 1 cannot be sampled"),
        (lambda: standard_plan(100, 1.2), "no plans are tabulated for an AQL of 1.2 %"),
        (lambda: standard_plan(100, 1.5, "IV"), "unknown inspection level 'IV'"),
        (lambda: standard_plan(100, 1.5, "II", "strict"), "unknown severity 'strict'"),
        (lambda: plan_at("I", 1.5), "unknown code letter 'I'"),
        (lambda: SinglePlan(10, 3, 3), "is no sampling plan"),
        (lambda: DoublePlan(10, 10, 2, 3, 4), "is no double sampling plan"),
        (lambda: DoublePlan(10, 10, 2, 7, 4), "is no double sampling plan"),
    ],
)
def test_what_is_no_plan_is_refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        call()
