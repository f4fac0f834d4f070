"""Frozen limits: a round trip loses nothing, new data move nothing, and what they came from can be checked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.spc.charts import Excluded
from api.quality.spc.limits import FrozenLimits, digest, evaluate, freeze
from api.quality.spc.parameters import KINDS_OF_VARIABLES, Parameters, estimate
from api.quality.spc.rules import RULE_SETS, WESTERN_ELECTRIC
from api.quality.spc.series import counts, individuals, subgroups
from ledger.errors import InvalidInput

_AT = pd.Timestamp("2026-06-01T12:00:00Z").as_unit("us")
_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
_TIMES = st.integers(0, 4_000_000_000_000_000).map(lambda at: pd.Timestamp(at, unit="us", tz="UTC").as_unit("us"))
_FINITE = st.floats(allow_nan=False, allow_infinity=False)
_LIMITS = st.builds(
    FrozenLimits,
    characteristic=_TEXT,
    item=_TEXT,
    equipment=_TEXT,
    unit=_TEXT,
    parameters=st.builds(
        Parameters,
        kind=st.sampled_from(KINDS_OF_VARIABLES),
        center=_FINITE,
        sigma=_FINITE,
        n=st.none() | _FINITE,
        estimator=_TEXT,
        options=st.dictionaries(_TEXT, _FINITE, max_size=3),
    ),
    rules=st.sampled_from(list(RULE_SETS.values())),
    phase=st.just("I"),
    version=st.integers(1, 99),
    frozen_at=_TIMES,
    by=_TEXT,
    data_digest=_TEXT,
    points=st.integers(0, 10**6),
    first=st.none() | _TIMES,
    last=st.none() | _TIMES,
    excluded=st.lists(st.builds(Excluded, label=_TEXT, reason=_TEXT, time=st.none() | _TIMES), max_size=3).map(tuple),
)


@given(_LIMITS)
@settings(deadline=None, max_examples=300)
def test_a_round_trip_loses_nothing(limits: FrozenLimits) -> None:
    again = FrozenLimits.from_json(limits.to_json())
    assert again == limits
    assert again.to_json() == limits.to_json()


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30))
@settings(deadline=None, max_examples=200)
def test_new_data_do_not_move_the_limits(values: list[float]) -> None:
    limits = freeze("i", individuals([1.0, 2, 4, 3, 2, 1, 3]), characteristic="brix", at=_AT)
    points = evaluate(limits, individuals(values)).points
    assert set(points["center"]) == {limits.parameters.center}
    np.testing.assert_allclose(points["upper"], limits.parameters.center + 3 * limits.parameters.sigma)


def test_limits_from_phase_i_judge_phase_ii() -> None:
    random = np.random.default_rng(1)
    limits = freeze(
        "xbar",
        subgroups(random.normal(10, 1, (25, 5))),
        characteristic="diameter",
        unit="MMT",
        item="https://id.gs1.org/01/09521000010017",
        equipment="lathe 3",
        at=_AT,
        by="quality",
        version=2,
        rules=WESTERN_ELECTRIC,
    )
    chart = evaluate(limits, subgroups(random.normal(12, 1, (10, 5))))
    assert chart.limits.phase == "II"
    assert (chart.limits.version, chart.limits.frozen_at) == (2, _AT)
    assert chart.limits.data_digest == limits.data_digest
    assert (chart.characteristic, chart.unit, chart.rules) == ("diameter", "MMT", WESTERN_ELECTRIC)
    assert len(chart.signals) == 10
    assert chart.companion is not None
    assert chart.companion.sigma == chart.sigma


def test_other_subgroup_sizes_get_their_own_width() -> None:
    limits = freeze("xbar", subgroups(np.random.default_rng(2).normal(size=(30, 5))), characteristic="x", at=_AT)
    points = evaluate(limits, subgroups([[0.0, 1.0], [0.0] * 7 + [0.1]])).points
    np.testing.assert_allclose(points["upper"] - points["center"], 3 * limits.parameters.sigma / np.sqrt([2, 8]))


def test_excluded_points_stay_as_data_and_out_of_the_limits() -> None:
    values = [1.0, 2, 1, 90, 2, 1, 2]
    times = pd.date_range("2026-05-01", periods=7, tz="UTC", unit="us")
    why = Excluded("4", "blade changed", times[3])
    limits = freeze("i", individuals(values, times=times), characteristic="x", at=_AT, excluded=[why])
    assert limits.excluded == (why,)
    assert limits.points == 6
    assert (limits.first, limits.last) == (times[0], times[6])
    left = individuals([1.0, 2, 1, np.nan, 2, 1, 2])
    assert limits.parameters == estimate("i", left)
    assert limits.data_digest == digest(individuals(values, times=times))


def test_the_digest_binds_every_value_label_and_time() -> None:
    times = pd.date_range("2026-05-01", periods=3, tz="UTC", unit="us")
    base = digest(individuals([1.0, 2, np.nan], times=times))
    assert base == digest(individuals([1.0, 2, float("nan")], times=times))
    assert len(base) == 64
    others = [
        individuals([1.0, 2, 3], times=times),
        individuals([2.0, 1, np.nan], times=times),
        individuals([1.0, 2, np.nan]),
        individuals([1.0, 2, np.nan], times=times + pd.Timedelta(microseconds=1)),
        individuals([1.0, 2, np.nan], times=times, labels=["a", "b", "c"]),
        counts([1.0, 2, np.nan], 1, times=times),
    ]
    assert base not in {digest(other) for other in others}


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"rules": {}}', '{"rules": 3}', "NaN"])
def test_what_is_not_frozen_limits_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not frozen limits"):
        FrozenLimits.from_json(text)


def test_few_new_points_do_not_make_limits_provisional_that_come_from_many() -> None:
    random = np.random.default_rng(8)
    many, few = (
        freeze("i", individuals(random.normal(size=n)), characteristic="x", at=pd.Timestamp("2026-06-01T00:00Z"))
        for n in (100, 9)
    )
    assert evaluate(many, individuals([0.1, -0.2])).warnings == ()
    assert evaluate(few, individuals(random.normal(size=50))).warnings == (
        "only 9 points: limits from fewer than 20 are provisional",
    )


@pytest.mark.parametrize("values", [[], [np.nan, np.nan]])
def test_what_nobody_measured_is_neither_in_control_nor_out_of_it(values: list[float]) -> None:
    limits = freeze("i", individuals([1.0, 2.0, 1.5, 1.2]), characteristic="x", at=pd.Timestamp("2026-06-01T00:00Z"))
    assert evaluate(limits, individuals(values)).in_control is None
