"""OEE and yields: the published examples, sums before ratios, and runs that cannot have been."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from api.quality.manufacturing.oee import OEE, effectiveness
from api.quality.manufacturing.proportions import clopper_pearson, wilson
from api.quality.manufacturing.yields import STEP_YIELD, process_yield, steps_of_runs, yield_of_runs
from ledger.errors import InvalidDocument, InvalidInput

Find = Callable[[str], dict[str, Any]]
Within = Callable[[dict[str, Any], Mapping[str, Any]], None]

EQUIPMENT = pd.DataFrame(
    {"equipment": ["m1", "m2", "m3"], "kind": ["press", "press", "oven"], "ideal_rate": [60.0, 6.0, np.nan]}
)


def runs(*rows: dict[str, Any]) -> pd.DataFrame:
    base = {
        "equipment": "m1", "item": "L", "start": "2026-06-01T06:00Z", "planned": 3600, "downtime": 0, "total": 1000,
        "good": 1000, "rework": 0, "opportunities": 1, "operator": "x", "shift": "early", "supplier": "s",
    }  # fmt: skip
    frame = pd.DataFrame([{"run": f"r{at}"} | base | row for at, row in enumerate(rows)])
    frame["start"] = pd.to_datetime(frame["start"], utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    return frame.assign(end=frame["start"] + pd.Timedelta(hours=8))


def test_worked_example_oee_vorne(worked_example: Find, within: Within) -> None:
    example = worked_example("oee_vorne")
    shift = example["inputs"]
    run = {
        "planned": 60 * (shift["shift_min"] - shift["breaks_min"]), "downtime": 60 * shift["downtime_min"],
        "total": shift["total"], "good": shift["total"] - shift["reject"],
    }  # fmt: skip
    found = effectiveness(runs(run), EQUIPMENT.assign(ideal_rate=float(shift["ideal_ppm"])))
    assert list(found.columns) == ["equipment", *OEE]
    row = found.iloc[0]
    within(example, {**row[["availability", "performance", "quality"]], "OEE": row["oee"]})
    assert row["hint"] == ""


@given(st.lists(st.tuples(st.sampled_from(["m1", "m2"]), *[st.integers(0, 1000)] * 4), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_factors_multiply_to_the_oee_and_the_losses_add_up(drawn: list[tuple[str, int, int, int, int]]) -> None:
    rows = [
        {"equipment": machine, "planned": 1 + planned, "downtime": min(down, planned), "total": total,
         "good": min(good, total)}
        for machine, planned, down, total, good in drawn
    ]  # fmt: skip
    table = runs(*rows)
    whole = effectiveness(table, EQUIPMENT, by=["shift"]).iloc[0]
    if np.isfinite(whole["performance"] * whole["quality"]):
        assert whole["availability"] * whole["performance"] * whole["quality"] == pytest.approx(whole["oee"])
    lost = whole[["downtime_loss", "speed_loss", "quality_loss"]].sum()
    assert whole["planned"] == pytest.approx(lost + whole["oee"] * whole["planned"], abs=1e-6)
    split = effectiveness(table, EQUIPMENT, by=["equipment"])
    assert split["planned"].sum() == whole["planned"]
    assert split["good"].sum() == whole["good"]
    assert (split["oee"] * split["planned"]).sum() == pytest.approx(whole["oee"] * whole["planned"])


def test_runs_are_summed_before_anything_is_divided() -> None:
    found = effectiveness(
        runs({"planned": 36_00, "total": 3600, "good": 3600}, {"planned": 60, "total": 0, "good": 0}), EQUIPMENT
    ).iloc[0]
    assert found["oee"] == pytest.approx(3600 / 3660)
    assert found["runs"] == 2


def test_what_is_not_known_of_a_run_leaves_it_out() -> None:
    found = effectiveness(
        runs({}, {"good": None}, {"equipment": "m3"}, {"equipment": "m9"}), EQUIPMENT, by=["shift"]
    ).iloc[0]
    assert (found["runs"], found["unknown_runs"], found["planned"]) == (1, 3, 3600)
    nothing = effectiveness(runs({"equipment": "m3"}), EQUIPMENT).iloc[0]
    assert np.isnan(nothing["oee"])


def test_more_than_the_ideal_rate_is_a_hint() -> None:
    found = effectiveness(runs({"total": 3601, "good": 3601}), EQUIPMENT).iloc[0]
    assert found["performance"] > 1
    assert "ideal rate is too low" in found["hint"]


def test_more_time_than_there_was_is_a_hint() -> None:
    assert "More time was planned" in effectiveness(runs({"planned": 9 * 3600}), EQUIPMENT)["hint"].iloc[0]


def test_periods_are_those_of_the_place() -> None:
    table = runs({"start": "2026-05-31T23:30Z"}, {"start": "2026-06-01T00:30Z"})
    assert effectiveness(table, EQUIPMENT, by=["day"])["day"].tolist() == ["2026-05-31", "2026-06-01"]
    assert effectiveness(table, EQUIPMENT, by=["day"], zone="Europe/Zurich")["day"].tolist() == ["2026-06-01"]
    assert effectiveness(table, EQUIPMENT, by=["month", "shift"])["month"].tolist() == ["2026-05", "2026-06"]
    assert effectiveness(table, EQUIPMENT, by=["week"])["week"].tolist() == ["2026-W22", "2026-W23"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"downtime": 4000}, "run r0: it stood still for longer than was planned"),
        ({"good": 1001}, "more units are good than were made"),
        ({"rework": 1001}, "more units were mended than were made"),
        ({"total": -1, "good": None, "rework": None}, "below 0"),
    ],
)
def test_runs_that_cannot_have_been_are_refused(row: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        effectiveness(runs(row), EQUIPMENT)


def test_unknown_groups_are_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be put together by colour"):
        effectiveness(runs({}), EQUIPMENT, by=["colour"])


def test_worked_example_yield_sixsigma(worked_example: Find, within: Within) -> None:
    example = worked_example("yield_sixsigma")
    numbers = example["inputs"]
    steps = pd.DataFrame({"step": ["a", "b", "c"], **{name: numbers[name] for name in numbers}})
    found = process_yield(steps)
    assert list(found.steps.columns) == list(STEP_YIELD)
    figures = {"Yield": found.final, "FTY": found.throughput, "RTY": found.rolled, "DPMO": found.dpmo}
    within(example, {name: share.value for name, share in figures.items()})
    for share in figures.values():
        assert share.low < share.value < share.high
    assert found.shift == 1.5
    assert found.sigma_level.value == pytest.approx(3.81, abs=0.001)
    assert found.sigma_level.low < found.sigma_level.value < found.sigma_level.high


def test_a_million_and_three_point_four_is_six_sigma() -> None:
    found = process_yield(pd.DataFrame({"step": ["a"], "opportunities": [10**7], "defects": [34], "rework": [0]}))
    assert found.dpmo.value == pytest.approx(3.4)
    assert found.sigma_level.value == pytest.approx(6.0, abs=0.001)


def test_no_defect_at_all_is_bounded_by_how_much_was_seen() -> None:
    found = process_yield(pd.DataFrame({"step": ["a"], "opportunities": [100], "defects": [0], "rework": [0]}))
    assert np.isinf(found.sigma_level.value)
    assert found.sigma_level.low < 4
    assert found.rolled.high == 1


def test_the_interval_of_the_product_holds() -> None:
    random, held = np.random.default_rng(4), 0
    for _ in range(200):
        defects = random.binomial(400, [0.02, 0.05, 0.01])
        found = process_yield(
            pd.DataFrame({"step": list("abc"), "opportunities": 400, "defects": defects, "rework": 0})
        )
        held += found.rolled.low <= 0.98 * 0.95 * 0.99 <= found.rolled.high
    assert held >= 190


def test_steps_of_runs_are_kinds_of_machines_in_order() -> None:
    table = runs(
        {"equipment": "m3", "start": "2026-06-02T06:00Z", "total": 980, "good": 970},
        {"equipment": "m1", "total": 600, "good": 590, "rework": 5},
        {"equipment": "m2", "total": 400, "good": 390, "rework": None},
        {"equipment": "m9", "start": "2026-06-03T06:00Z", "total": 970, "good": 970, "opportunities": 10},
        {"equipment": "m1", "good": None},
    )
    steps = steps_of_runs(table, EQUIPMENT)
    assert steps["step"].tolist() == ["press", "oven", "m9"]
    assert steps["opportunities"].tolist() == [1000, 980, 970]
    assert steps["defects"].tolist() == [20, 10, 0]
    assert steps["rework"].tolist() == [5, 0, 0]
    found = yield_of_runs(table, EQUIPMENT)
    assert found.dpmo.value == pytest.approx(30 / 10_000 * 1e6)
    assert found.rolled.value == pytest.approx(975 / 1000 * 970 / 980)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ({"opportunities": [10], "defects": [11], "rework": [0]}, "step a: its numbers are not possible"),
        ({"opportunities": [0], "defects": [0], "rework": [0]}, "not possible"),
        ({"opportunities": [], "defects": [], "rework": []}, "no step to compute a yield of"),
    ],
)
def test_impossible_steps_are_refused(steps: dict[str, list[int]], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        process_yield(pd.DataFrame({"step": ["a"][: len(steps["defects"])], **steps}))


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from([0.8, 0.95, 0.99]))
@settings(max_examples=200, deadline=None)
def test_intervals_of_proportions_are_the_library_s(count: int, more: int, confidence: float) -> None:
    trials = count + more
    for interval, method in ((wilson, "wilson"), (clopper_pearson, "beta")):
        found = interval(count, trials, confidence)
        if trials == 0:
            assert np.isnan(found).all()
        else:
            np.testing.assert_allclose(found, proportion_confint(count, trials, 1 - confidence, method), atol=1e-9)


def test_a_machine_that_made_nothing_yet_has_no_yield() -> None:
    table = runs({"equipment": "m1"}, {"equipment": "m3", "total": 0, "good": 0})
    assert yield_of_runs(table, EQUIPMENT).steps["step"].tolist() == ["press"]
