"""Control charts against published ones, and what holds for any data."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.spc.charts import Excluded, control_chart
from api.quality.spc.constants import constants
from api.quality.spc.parameters import KINDS_OF_ATTRIBUTES, KINDS_OF_VARIABLES, Parameters, autocorrelation, estimate
from api.quality.spc.rules import LIMITS_ONLY, WESTERN_ELECTRIC
from api.quality.spc.series import counts, individuals, subgroups
from ledger.errors import InvalidInput


def _limits(chart: Any) -> dict[str, float]:
    first = chart.points.iloc[-1]
    return {"center": chart.center, "LCL": first["lower"], "UCL": first["upper"], "sd": chart.sigma}


def _beyond(chart: Any) -> list[int]:
    return [int(each) for each in chart.points["index"][chart.points["signals"].map(lambda rules: 1 in rules)]]


def test_worked_example_xbar_pistonrings(worked_example: Any, within: Any) -> None:
    example = worked_example("xbar_pistonrings")
    chart = control_chart("xbar", subgroups(example["inputs"]["subgroups"]))
    within(example, _limits(chart))
    within(example | {"expected": example["computed"], "tolerance": {"abs": 1e-11}}, _limits(chart))
    assert chart.in_control


def test_worked_example_r_pistonrings(worked_example: Any, within: Any) -> None:
    example = worked_example("r_pistonrings")
    chart = control_chart("xbar", subgroups(example["inputs"]["subgroups"])).companion
    assert chart is not None
    assert chart.kind == "r"
    found = _limits(chart) | {"center": chart.points["center"].iloc[0]}
    within(example, found)
    within(example | {"expected": example["computed"], "tolerance": {"abs": 1e-10}}, found)


def test_worked_example_imr_viscosity(worked_example: Any, within: Any) -> None:
    example = worked_example("imr_viscosity")
    chart = control_chart("i", individuals(example["inputs"]["x"]))
    within(example, _limits(chart))
    assert chart.sigma == pytest.approx(example["computed"]["with_exact_d2"]["sd"], abs=1e-9)
    assert chart.companion is not None
    assert chart.companion.points["upper"].iloc[0] == pytest.approx(constants(2).D4 * constants(2).d2 * chart.sigma)


def test_worked_example_p_orangejuice(worked_example: Any, within: Any) -> None:
    example = worked_example("p_orangejuice")
    chart = control_chart("p", counts(example["inputs"]["D"], 50))
    within(example, _limits(chart) | {"pbar": chart.center, "out_of_control": _beyond(chart)})
    assert any("laney_p" in warning for warning in chart.warnings)


def test_worked_example_np_orangejuice(worked_example: Any, within: Any) -> None:
    example = worked_example("np_orangejuice")
    chart = control_chart("np", counts(example["inputs"]["D"], 50))
    within(example, _limits(chart) | {"center": chart.points["center"].iloc[0]})


def test_worked_example_u_pcmanufact(worked_example: Any, within: Any) -> None:
    example = worked_example("u_pcmanufact")
    chart = control_chart("u", counts(example["inputs"]["x"], 5))
    within(example, _limits(chart) | {"ubar": chart.center})


def test_worked_example_c_nist_wafers(worked_example: Any, within: Any, shared: Any) -> None:
    example = worked_example("c_nist_wafers")
    data = np.loadtxt(shared / "quality" / example["inputs"]["file"], skiprows=25)
    assert data[:, 1].tolist() == example["inputs"]["defects"]
    chart = control_chart("c", counts(example["inputs"]["defects"], 1))
    within(example, _limits(chart) | {"cbar": chart.center, "above": _beyond(chart)})
    assert chart.points["value"][2] == chart.points["upper"][2] == 28


def test_worked_example_p_nist_wafers(worked_example: Any, within: Any) -> None:
    example = worked_example("p_nist_wafers")
    chart = control_chart("p", counts(np.array(example["inputs"]["fraction"]) * 50, 50))
    within(example, _limits(chart) | {"pbar": chart.center, "above": _beyond(chart)})


def test_unequal_subgroups_have_their_own_limits() -> None:
    drawn = np.random.default_rng(3).normal(100, 2, 4000)
    rows = np.split(drawn, np.cumsum(np.random.default_rng(4).integers(2, 9, 600)))[:600]
    series = subgroups(rows)
    for estimator in ("range", "sd"):
        chart = control_chart("xbar", series, estimator=estimator)  # type: ignore[arg-type]
        assert chart.sigma == pytest.approx(2, abs=0.06)
        half = chart.points["upper"] - chart.points["center"]
        np.testing.assert_allclose(half, 3 * chart.sigma / np.sqrt([len(row) for row in rows]))
        assert chart.companion is not None
        assert chart.companion.kind == {"range": "r", "sd": "s"}[estimator]


def test_an_xbar_s_chart_of_equal_subgroups_is_the_textbook_one(worked_example: Any) -> None:
    rings = np.array(worked_example("xbar_pistonrings")["inputs"]["subgroups"])
    mean_sd, five = rings.std(axis=1, ddof=1).mean(), constants(5)
    chart = control_chart("xbar", subgroups(rings), estimator="sd")
    assert chart.points["upper"][0] == pytest.approx(rings.mean() + five.A3 * mean_sd, abs=1e-12)
    assert chart.companion is not None
    spread = chart.companion.points.iloc[0]
    assert (spread["lower"], spread["upper"]) == pytest.approx((five.B3 * mean_sd, five.B4 * mean_sd), abs=1e-12)


def test_laney_widens_where_counts_scatter_and_agrees_where_they_do_not() -> None:
    random = np.random.default_rng(5)
    size = random.integers(500, 1500, 2000)
    plain = counts(random.binomial(size, 0.1), size)
    assert estimate("laney_p", plain).sigma == pytest.approx(1, abs=0.05)
    assert not any("laney" in warning for warning in control_chart("p", plain).warnings)
    spread = counts(random.binomial(size, random.beta(20, 180, 2000)), size)
    chart = control_chart("laney_p", spread)
    assert chart.sigma > 1.8
    assert len(_beyond(chart)) < len(_beyond(control_chart("p", spread))) / 5
    units = counts(random.poisson(size * random.gamma(25, 0.04, 2000) / 100), size / 100)
    assert estimate("laney_u", units).sigma > 1.15


@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(0, 200)), min_size=3, max_size=40),
    st.sampled_from(["p", "np", "u", "laney_p", "laney_u"]),
)
@settings(deadline=None, max_examples=300)
def test_limits_of_counts_stay_where_counts_can_be(rows: list[tuple[int, int]], kind: Any) -> None:
    size = np.array([n for n, _ in rows])
    found = np.minimum(size, [count for _, count in rows])
    if "laney" in kind and len(set(found / size)) < 2:
        return
    points = control_chart(kind, counts(found, size)).points
    assert (points["lower"] >= 0).all()
    assert (points["lower"] <= points["center"]).all()
    assert (points["center"] <= points["upper"]).all()
    if kind in ("p", "laney_p"):
        assert (points["upper"] <= 1).all()


@given(
    st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 2)), min_size=5, max_size=40),
    st.sampled_from([0.5, 3.0, 1e4]),
    st.floats(-1e4, 1e4),
)
@settings(deadline=None, max_examples=300)
def test_the_unit_of_measurement_does_not_matter(values: list[float], scale: float, offset: float) -> None:
    if len(set(values)) < 2:
        return
    one, other = (control_chart("i", individuals(x)) for x in (np.array(values), np.array(values) * scale + offset))
    assert other.sigma == pytest.approx(one.sigma * scale, rel=1e-6)
    z = [(chart.points["value"] - chart.center) / chart.sigma for chart in (one, other)]
    np.testing.assert_allclose(z[0], z[1], atol=1e-5)


def test_an_excluded_point_is_shown_but_takes_part_in_nothing() -> None:
    values = [1.0, 2, 1, 2, 1, 2, 1, 2, 50, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    series = individuals(values)
    assert _beyond(control_chart("i", series)) == [9]
    chart = control_chart("i", series, excluded=[Excluded("9", "sensor knocked over")])
    assert chart.center == pytest.approx(1.5, abs=0.01)
    assert chart.points.loc[8, ["value", "signals", "excluded"]].tolist() == [50, (), True]
    assert chart.companion is not None
    assert chart.companion.points["signals"].map(len).sum() == 0
    for wrong in (Excluded("22", "no such point"), Excluded("9", "  ")):
        with pytest.raises(InvalidInput, match="excluded"):
            control_chart("i", series, excluded=[wrong])


def test_a_missing_point_is_unknown() -> None:
    values = [1.0, 2, np.nan, 2, 1, 3, 2, 1, 2]
    chart = control_chart("i", individuals(values))
    assert np.isnan(chart.points["value"][2])
    assert chart.points["signals"][2] == ()
    assert chart.companion is not None
    assert np.isnan(chart.companion.points["value"][[0, 2, 3]]).all()
    moving = np.abs(np.diff(values))
    assert chart.sigma == pytest.approx(np.nanmean(moving) / constants(2).d2)


def test_a_subgroup_without_values_is_unknown() -> None:
    chart = control_chart("xbar", subgroups([[1, 2, 3], [np.nan, np.nan], [2, 3, 5], [1, 1, 4]]))
    assert chart.points["n"].tolist() == [3, 0, 3, 3]
    assert chart.points["signals"][1] == ()
    assert chart.as_plain()["points"][1]["value"] is None


def test_autocorrelation_is_told_and_residuals_cure_it() -> None:
    random = np.random.default_rng(6)
    x = np.zeros(5000)
    for i in range(1, len(x)):
        x[i] = 0.7 * x[i - 1] + random.normal()
    assert autocorrelation(x) == pytest.approx(0.7, abs=0.04)
    chart = control_chart("i", individuals(x))
    assert any("residual" in warning for warning in chart.warnings)
    residual = control_chart("residual", individuals(x))
    assert residual.warnings == ()
    assert residual.sigma == pytest.approx(1, abs=0.05)
    assert len(_beyond(residual)) < 30 < len(_beyond(chart)) / 4
    assert control_chart("i", individuals(random.normal(size=5000))).warnings == ()


def test_limits_of_a_shifted_process_stay_with_frozen_parameters() -> None:
    series = individuals(np.random.default_rng(7).normal(10, 1, 30))
    chart = control_chart("i", series, parameters=Parameters("i", 5, 1, 1, "standard"))
    assert (chart.center, chart.sigma) == (5, 1)
    assert len(_beyond(chart)) > 20


def test_rules_fit_the_kind_of_chart() -> None:
    rings = subgroups(np.random.default_rng(8).normal(size=(30, 5)))
    chart = control_chart("xbar", rings)
    assert chart.rules.rules == (1, 2, 3, 4, 5, 6, 7, 8)
    assert chart.companion is not None
    assert chart.companion.rules.rules == (1, 2, 3, 4)
    assert control_chart("ewma", rings).rules == LIMITS_ONLY
    assert control_chart("c", counts([3, 4, 5], 1), rules=WESTERN_ELECTRIC).rules.rules == (1, 4)


def test_ewma_and_cusum_charts_see_a_shift_of_one_sigma() -> None:
    random = np.random.default_rng(9)
    values = np.concatenate([random.normal(0, 1, 100), random.normal(1, 1, 60)])
    for kind in ("ewma", "cusum"):
        calm = control_chart(kind, individuals(values[:100]))  # type: ignore[arg-type]
        used = estimate(kind, individuals(values[:100]))  # type: ignore[arg-type]
        chart = control_chart(kind, individuals(values), parameters=used)  # type: ignore[arg-type]
        assert calm.in_control
        assert len(chart.signals) > 20
        assert chart.signals["index"].min() > 100
    assert (chart.points["other"] <= 0).all()


def test_a_chart_as_plain_data_carries_what_pages_draw() -> None:
    times = pd.date_range("2026-06-01", periods=3, tz="UTC")
    shown = control_chart("i", individuals([1.0, 2, 4], times=times), characteristic="brix", unit="B25").as_plain()
    assert shown["points"][0]["time"] == "2026-06-01T00:00:00.000Z"
    assert set(shown["points"][0]) == {
        "index", "label", "time", "value", "n", "center", "lower", "upper", "signals", "excluded",
    }  # fmt: skip
    assert shown["rules"] == {"set": "nelson", "version": 1, "dialect": "six_points", "rules": [1, 2, 3, 4, 5, 6, 7, 8]}
    assert shown["limits"] == {"phase": "I", "version": None, "frozen_at": None, "data_digest": None}
    assert (shown["specification"], shown["companion"]["kind"]) == (None, "mr")


@pytest.mark.parametrize("kind", [*KINDS_OF_VARIABLES, *KINDS_OF_ATTRIBUTES, "histogram"])
def test_a_kind_that_does_not_fit_is_refused(kind: Any) -> None:
    series = individuals([1.0, 2.0, 3.0]) if kind in KINDS_OF_ATTRIBUTES else counts([1, 2], 3)
    with pytest.raises(InvalidInput, match="one of"):
        control_chart(kind, series)


def test_data_that_give_no_limits_are_refused() -> None:
    for kind, series in (
        ("i", individuals([])),
        ("i", individuals([5.0])),
        ("i", individuals([5.0, 5.0, 5.0])),
        ("xbar", subgroups([[1.0, 1.0], [1.0, 1.0]])),
        ("i", individuals([np.nan, np.nan])),
        ("p", counts([np.nan], 5)),
        ("p", counts([7], 5)),
        ("laney_p", counts([2, 2, 2], 5)),
        ("laney_p", counts([0, 0], 5)),
        ("c", counts([1, 2], [1, 2])),
    ):
        with pytest.raises(InvalidInput):
            control_chart(kind, series)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="negative"):
        counts([-1], 5)


def test_phase_ii_counts_against_a_center_of_zero() -> None:
    used = replace(estimate("p", counts([1, 0], 50)), center=0.0)
    chart = control_chart("p", counts([0, 1, 0], 50), parameters=used)
    assert _beyond(chart) == [2]


def test_a_subgroup_far_from_zero_keeps_its_digits() -> None:
    values = np.random.default_rng(10).normal(0, 1, (20, 5))
    shifted = subgroups(values + 1e9)
    np.testing.assert_allclose(shifted["sd"], values.std(axis=1, ddof=1), rtol=1e-6)
    assert sqrt(float((shifted["range"] - np.ptp(values, axis=1)).pow(2).max())) < 1e-6


@pytest.mark.parametrize("values", [[[1e308, -1e308, 1.0]] * 30, [[1e200]] * 30])
def test_values_that_nothing_can_be_computed_of_are_refused(values: list[list[float]]) -> None:
    with pytest.raises(InvalidInput, match="too large"):
        control_chart("xbar", subgroups(values))
    with pytest.raises(InvalidInput, match="too large"):
        control_chart("i", individuals(np.concatenate(values)))
