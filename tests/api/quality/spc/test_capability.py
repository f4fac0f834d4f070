"""Capability against published figures; its intervals against simulation; its verdicts on what is not known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import lognorm

from api.quality.plain import plain
from api.quality.spc.capability import capability
from api.quality.spc.indices import Interval, indices
from api.quality.spc.normality import anderson_darling, box_cox_lambda, geometric_points
from ledger.errors import InvalidInput


def _value(found: Interval | None) -> float:
    assert found is not None
    return found.value


def test_worked_example_capability_pistonrings(worked_example: Any, within: Any) -> None:
    example = worked_example("capability_pistonrings")
    given_ = example["inputs"]
    rings = np.array(given_["subgroups"])
    found = capability(
        rings.ravel(),
        low=given_["LSL"],
        high=given_["USL"],
        target=given_["target"],
        subgroup=np.repeat(np.arange(25), 5),
        in_control=True,
    )
    assert found.cp is not None
    values = {
        "Cp": found.cp.value,
        "Cpl": _value(found.cpl),
        "Cpu": _value(found.cpu),
        "Cpk": _value(found.cpk),
        "Cpm": _value(found.cpm),
        "Cp_lo": found.cp.low,
        "Cp_hi": found.cp.high,
    }
    within(example, values)
    within(example | {"expected": example["computed"], "tolerance": {"abs": 1e-9}}, values)
    assert (found.method, found.judged, found.verdict, found.warnings) == ("normal", "cpk", "capable", ())


def test_worked_example_capability_nist(worked_example: Any, within: Any) -> None:
    example = worked_example("capability_nist")
    given_ = example["inputs"]
    found = indices(given_["mean"], given_["s"], 50, low=given_["LSL"], high=given_["USL"])
    within(
        example,
        {
            "Cp": _value(found.both),
            "Cpu": _value(found.upper),
            "Cpl": _value(found.lower),
            "Cpk": found.least.value,
            "k": found.k,
        },
    )


def test_worked_example_boxcox_microwave(worked_example: Any, within: Any, shared: Any) -> None:
    example = worked_example("boxcox_microwave")
    data = np.loadtxt(shared / "quality" / example["inputs"]["file"], skiprows=25)
    assert data.ravel().tolist() == example["inputs"]["y"]
    found = {"lmbda": box_cox_lambda(data.ravel()), "n": data.size}
    within(example, found)
    within(example | {"expected": example["computed"], "tolerance": {"abs": 1e-4}}, found)


def test_within_and_overall_spread_are_kept_apart() -> None:
    random = np.random.default_rng(1)
    drifting = random.normal(0, 1, (200, 3)) + random.normal(0, 1.5, (200, 1))
    key = np.repeat(np.arange(200), 3)
    found = capability(drifting.ravel(), low=-6, high=6, subgroup=key, in_control=True)
    assert found.sigma_within == pytest.approx(1, abs=0.08)
    assert found.sigma_overall == pytest.approx(3.25**0.5, abs=0.2)
    assert _value(found.cpk) > 1.6 * _value(found.ppk)
    assert (found.judged, found.verdict) == ("cpk", "capable")
    moved = capability(drifting.ravel(), low=-6, high=6, subgroup=key, in_control=False)
    assert (moved.judged, moved.verdict) == ("ppk", "not_capable")
    assert any("not in control" in warning for warning in moved.warnings)


def test_the_lower_bound_decides() -> None:
    values = np.random.default_rng(2).normal(0, 1, 40)
    found = capability(values, low=-4.6, high=4.6, in_control=True)
    assert found.cpk is not None
    assert found.cpk.low < 1.33 < found.cpk.value
    assert found.verdict == "unknown"
    assert any("40 values" in warning for warning in found.warnings)
    assert capability(values, low=-1, high=1, in_control=True).verdict == "not_capable"
    assert capability(values, low=-4.6, high=4.6, in_control=True, threshold=0.5).verdict == "capable"


@pytest.mark.parametrize(("low", "high"), [(None, 5.0), (-5.0, None)])
def test_one_sided_specifications(low: float | None, high: float | None) -> None:
    found = capability(np.random.default_rng(3).normal(0, 1, 200), low=low, high=high, target=0, in_control=True)
    assert (found.cp, found.pp, found.cpm, found.k) == (None, None, None, None)
    assert found.cpk == (found.cpu if low is None else found.cpl)
    assert (found.cpl if low is None else found.cpu) is None
    assert _value(found.ppk) == pytest.approx(5 / 3, rel=0.15)


def test_intervals_hold_what_they_promise() -> None:
    random = np.random.default_rng(4)
    hits = {"cp": 0, "cpk": 0, "cpm": 0}
    for _ in range(1500):
        x = random.normal(1, 1, 60)
        found = indices(float(x.mean()), float(x.std(ddof=1)), 60, low=-4, high=4, target=0)
        for name, interval, true in (
            ("cp", found.both, 4 / 3),
            ("cpk", found.least, 1.0),
            ("cpm", found.m, 4 / 3 / 2**0.5),
        ):
            assert interval is not None
            hits[name] += interval.low <= true <= interval.high
    assert all(0.93 < hit / 1500 < 0.97 for hit in hits.values()), hits


def test_lognormal_values_go_through_box_cox() -> None:
    values = lognorm.rvs(0.5, scale=10, size=400, random_state=5)
    found = capability(values, low=0, high=100, in_control=True)
    assert (found.method, found.cp) == ("box_cox", None)
    assert found.box_cox_lambda == pytest.approx(0, abs=0.12)
    assert _value(found.cpk) == pytest.approx(np.log(10) / 1.5, rel=0.15)
    assert found.normality is not None
    assert not found.normality.looks_normal


def test_what_is_neither_normal_nor_made_so_is_judged_by_its_percentiles() -> None:
    random = np.random.default_rng(6)
    two_humps = np.where(random.random(20_000) < 0.5, random.normal(-5, 1, 20_000), random.normal(5, 1, 20_000))
    found = capability(two_humps, low=-12, high=12, in_control=True)
    assert (found.method, found.cpk, found.judged) == ("percentile", None, "ppk")
    # the extreme points of the mixture are those of one hump at 0.27 %
    assert _value(found.pp) == pytest.approx(24 / (2 * (5 + 2.782)), rel=0.02)
    assert found.verdict == "capable"
    few = capability(two_humps[:300], low=-12, high=12, in_control=True)
    assert few.verdict == "unknown"
    assert any("tails" in warning for warning in few.warnings)


def test_bootstrap_draws_are_as_wide_as_resampling() -> None:
    random = np.random.default_rng(7)
    x = random.gumbel(size=2000)
    points, drawn = geometric_points(x)
    np.testing.assert_allclose(points, np.quantile(x, [0.00135, 0.5, 0.99865]), atol=1e-4)
    resampled = np.array([np.quantile(random.choice(x, x.size), [0.00135, 0.5, 0.99865]) for _ in range(500)])
    np.testing.assert_allclose(drawn.std(axis=0), resampled.std(axis=0), rtol=0.3)


def test_normality_is_refused_for_what_is_not_normal_only() -> None:
    random = np.random.default_rng(8)
    assert np.mean([anderson_darling(random.normal(size=100)).looks_normal for _ in range(400)]) > 0.92
    assert not anderson_darling(random.exponential(size=200)).looks_normal


@given(st.floats(-1e3, 1e3), st.floats(0.1, 100), st.integers(2, 500), st.floats(-1e3, 1e3), st.floats(1, 1e3))
@settings(deadline=None, max_examples=300)
def test_what_holds_for_all_indices(mean: float, sigma: float, n: int, low: float, width: float) -> None:
    found = indices(mean, sigma, n, low=low, high=low + width, target=mean)
    assert found.both is not None
    assert found.m is not None
    assert found.k is not None
    assert found.least.value <= found.both.value + 1e-9
    assert found.m.value == pytest.approx(found.both.value)
    assert found.least.value == pytest.approx(found.both.value * (1 - found.k), abs=1e-6)
    for interval in (found.both, found.least, found.m):
        assert interval.low <= interval.value <= interval.high


def test_missing_values_are_left_out_and_too_little_is_refused() -> None:
    values = np.random.default_rng(9).normal(size=30)
    with_gaps = np.insert(values, [3, 10], np.nan)
    key = np.insert(np.repeat(np.arange(10), 3), [3, 10], 99)
    found = capability(with_gaps, low=-5, high=5, subgroup=key)
    assert plain(found) == plain(capability(values, low=-5, high=5, subgroup=np.repeat(np.arange(10), 3)))
    assert found.n == 30
    for values_, low, high in (
        ([1.0], 0.0, 2.0),
        ([1.0, 1.0], 0.0, 2.0),
        ([np.nan, 1.0], 0.0, 2.0),
        ([1.0, 2.0], None, None),
        ([1.0, 2.0], 3.0, 2.0),
        ([1.0, 2.0], -1e308, 1e308),
    ):
        with pytest.raises(InvalidInput):
            capability(values_, low=low, high=high)


def test_values_outside_are_counted() -> None:
    assert capability([1.0, 2, 3, 4, 10], low=1.5, high=9).outside == 2


def test_means_never_show_that_a_process_is_capable() -> None:
    values = np.random.default_rng(3).normal(size=200)
    found = capability(values, low=-10, high=10, in_control=True, averaged=True)
    assert found.verdict == "unknown"
    assert "means" in found.warnings[0]
    assert capability(values, low=-10, high=10, in_control=True).verdict == "capable"
    assert capability(values, low=-1, high=1, in_control=True, averaged=True).verdict == "not_capable"


def test_values_of_two_kinds_only_are_not_known_to_be_capable() -> None:
    found = capability([1.0] * 45 + [2.0] * 5, low=0, high=3)
    assert (found.method, found.verdict) == ("percentile", "unknown")


def test_values_that_nothing_can_be_computed_of_are_refused() -> None:
    with pytest.raises(InvalidInput, match="too large"):
        capability([1e308, -1e308], low=0)


def test_the_interval_of_single_values_holds_as_often_as_it_says() -> None:
    # true Cp is 1; with n - 1 degrees of freedom only 87 % of the intervals would hold it
    random = np.random.default_rng(12)
    held = 0
    for _ in range(400):
        found = capability(random.normal(size=60), low=-3, high=3, in_control=True).cp
        held += found is None or found.low <= 1 <= found.high
    assert 0.92 <= held / 400 <= 0.98
