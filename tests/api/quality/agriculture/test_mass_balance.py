"""Mass: the published shrink factors, closures by definition, and a chart that finds a loss that nobody declared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.agriculture.mass_balance import (
    MOVEMENT,
    closure_chart,
    closures,
    lot_balances,
    shrink_factor,
    weight_at,
)
from ledger.errors import InvalidInput

DAY = pd.Timestamp("2026-06-01T00:00Z")


def step(number: int, *sides: tuple[str, float | None, str], process: str = "milling") -> list[tuple[Any, ...]]:
    return [
        (f"e{number}", DAY + pd.Timedelta(days=number), process, f"urn:{side}:{number}", side, quantity, uom)
        for side, quantity, uom in sides
    ]


def movements(*steps: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame([row for rows in steps for row in rows], columns=list(MOVEMENT))
    return frame.astype({"quantity": "float64"})


def test_worked_example_shrink_corn(worked_example: Any, within: Any) -> None:
    example = worked_example("shrink_corn")
    within(example, {"f": shrink_factor(example["inputs"]["base_moisture_percent"])})


@given(st.floats(1, 1e6), st.floats(0, 60), st.floats(0, 60))
@settings(deadline=None)
def test_drying_keeps_dry_matter_and_comes_back(weight: float, wet: float, dry: float) -> None:
    dried = float(weight_at(weight, wet, dry))
    assert dried * (100 - dry) == pytest.approx(weight * (100 - wet))
    assert float(weight_at(dried, dry, wet)) == pytest.approx(weight)


@pytest.mark.parametrize("moisture", [-1.0, 100.0])
def test_moisture_has_a_range(moisture: float) -> None:
    with pytest.raises(InvalidInput):
        weight_at(1, moisture, 10)


def test_closure_is_out_over_in_less_declared_loss() -> None:
    (found,) = closures(
        movements(step(1, ("input", 1, "TNE"), ("input", 500, "KGM"), ("output", 1350, "KGM"), ("loss", 100, "KGM")))
    ).to_dict("records")
    assert found["closure"] == pytest.approx(1350 / 1400)
    assert (found["input"], found["loss"], found["reason"]) == (1500, 100, "")


def test_on_dry_matter_a_dryer_closes() -> None:
    moved = movements(step(1, ("input", 1000, "KGM"), ("output", float(weight_at(1000, 25, 14)), "KGM")))
    (found,) = closures(moved.assign(moisture=[25.0, 14.0]), basis="dry").to_dict("records")
    assert found["closure"] == pytest.approx(1)
    (found,) = closures(moved.assign(moisture=[25.0, np.nan]), basis="dry").to_dict("records")
    assert (np.isnan(found["closure"]), found["reason"]) == (True, "moisture")


@pytest.mark.parametrize(
    ("sides", "reason"),
    [
        ([("input", 10, "KGM"), ("input", None, "KGM"), ("output", 9, "KGM")], "quantity"),
        ([("input", 10, "KGM"), ("output", 9, "LTR")], "unit"),
        ([("output", 9, "KGM")], "nothing_in"),
        ([("input", 10, "KGM"), ("loss", 10, "KGM"), ("output", 9, "KGM")], "nothing_in"),
        ([("input", 10, "KGM")], "no_output"),
    ],
)
def test_what_is_not_whole_has_no_closure(sides: list[tuple[str, float | None, str]], reason: str) -> None:
    (found,) = closures(movements(step(1, *sides))).to_dict("records")
    assert (np.isnan(found["closure"]), found["reason"]) == (True, reason)


def history(spread: float, count: int, process: str, last: float | None = None) -> pd.DataFrame:
    random = np.random.default_rng(7)
    outputs = 1000 * np.exp(random.normal(-0.01, spread, count))
    if last is not None:
        outputs[-1] = last
    return movements(
        *(step(n, ("input", 1000, "KGM"), ("output", out, "KGM"), process=process) for n, out in enumerate(outputs))
    )


def test_each_process_is_judged_by_its_own_spread() -> None:
    # 3 % missing is much for packing and nothing for drying
    both = pd.concat([history(0.002, 40, "packing", 960), history(0.03, 40, "drying", 960)])
    chart = closure_chart(closures(both), history_until=DAY + pd.Timedelta(days=39))
    last = chart.groupby("process").last()
    assert last["signal"].to_dict() == {"drying": False, "packing": True}
    assert last["phase"].tolist() == [2, 2]


def test_the_limits_are_those_of_an_individuals_chart() -> None:
    found = closures(history(0.01, 30, "milling"))
    log = np.log(found["closure"])
    row = closure_chart(found).iloc[0]
    spread = 3 * log.diff().abs().mean() / 1.128379
    assert (row["lower"], row["center"], row["upper"]) == pytest.approx(
        (log.mean() - spread, log.mean(), log.mean() + spread), rel=1e-5
    )
    assert row["moving_range_upper"] == pytest.approx(3.2665 * log.diff().abs().mean(), rel=1e-4)


def test_little_history_gives_no_limits_and_no_verdict() -> None:
    chart = closure_chart(closures(history(0.01, 5, "milling")))
    assert chart["lower"].isna().all()
    assert set(chart["signal"]) == {None}


def test_a_step_without_closure_is_not_judged_and_one_with_nothing_out_signals() -> None:
    moved = pd.concat(
        [
            history(0.01, 20, "milling"),
            movements(
                step(30, ("input", 10, "KGM"), ("output", None, "KGM")),
                step(31, ("input", 10, "KGM"), ("output", 0, "KGM")),
            ),
        ]
    )
    chart = closure_chart(closures(moved), history_until=DAY + pd.Timedelta(days=25))
    assert chart["signal"].iloc[-2:].tolist() == [None, True]


def test_no_movement_gives_an_empty_chart() -> None:
    assert closure_chart(closures(movements())).empty


def test_more_used_than_made_is_overdrawn() -> None:
    rows = [
        ("e1", DAY, "p", "A", "output", 100, "KGM"),
        ("e2", DAY, "p", "A", "input", 0.06, "TNE"),
        ("e3", DAY, "p", "A", "input", 50, "KGM"),
        ("e2", DAY, "p", "B", "output", 55, "KGM"),
        ("e4", DAY, "p", "C", "output", None, "KGM"),
    ]
    found = lot_balances(movements(rows)).set_index("item")
    assert found["verdict"].to_dict() == {"A": "overdrawn", "B": "within", "C": "unknown"}
    assert found.loc["A", "left"] == pytest.approx(-10)
    assert found.loc["B", "used"] == 0


def test_a_process_that_always_loses_the_same_is_as_usual_until_it_does_not() -> None:
    moved = movements(*(step(n, ("input", 100, "KGM"), ("output", 95, "KGM")) for n in range(12)))
    chart = closure_chart(closures(moved))
    assert not chart["signal"].any()
    changed = pd.concat([moved, movements(step(20, ("input", 100, "KGM"), ("output", 94, "KGM")))])
    assert closure_chart(closures(changed), history_until=DAY + pd.Timedelta(days=15))["signal"].tolist()[-1]
