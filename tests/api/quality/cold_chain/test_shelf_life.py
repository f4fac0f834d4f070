"""Shelf life: the published factors, integrals against a sum by the minute, and what unknown time does to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.cold_chain.ageing import Q10, AgeingModel, Arrhenius, SquareRoot, accelerated_ageing_factor
from api.quality.cold_chain.holds import bounds, holds
from api.quality.cold_chain.shelf_life import lasts_until, remaining_shelf_life
from ledger.errors import InvalidInput

START = pd.Timestamp("2026-05-04T00:00Z")
MODELS: list[AgeingModel] = [Arrhenius.of(80.0, 4.0), Q10(2.5, 4.0), SquareRoot()]
models = st.sampled_from(MODELS)


def series(minutes: list[int], values: list[float], sensor: str = "a") -> pd.DataFrame:
    times = START + pd.to_timedelta(np.array(minutes), unit="min")
    return pd.DataFrame({"time": times, "value": np.array(values, dtype=float), "sensor": sensor})


def left(readings: pd.DataFrame, minutes: int, model: AgeingModel, **more: Any) -> Any:
    until = START + pd.Timedelta(minutes=minutes)
    return remaining_shelf_life(
        holds(readings), model=model, shelf_life=pd.Timedelta(days=10), since=START, until=until, **more
    )


def test_worked_example_arrhenius_nist(worked_example: Any, within: Any) -> None:
    example = worked_example("arrhenius_nist")
    inputs = example["inputs"]
    cold, hot = inputs["T_C"]
    factors = [float(Arrhenius(energy / inputs["k_eV_K"], cold).rate(hot)) for energy in inputs["Ea_eV"]]
    within(example, {"AF": factors})
    assert factors == pytest.approx(example["computed"]["AF_with_273.15"])


def test_worked_example_rrs_seafood(worked_example: Any, within: Any) -> None:
    example = worked_example("rrs_seafood")
    within(example, {"RRS": SquareRoot().rate(example["inputs"]["T"])})


def test_accelerated_ageing_of_thirty_degrees_is_eightfold() -> None:
    assert accelerated_ageing_factor(55, 25) == pytest.approx(8)
    assert accelerated_ageing_factor(25, 25, q10=3) == 1


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_a_rate_is_one_at_its_reference_and_never_falls(model: Any) -> None:
    rates = model.rate(np.linspace(-30, 40, 200))
    assert float(model.rate(model.reference)) == pytest.approx(1)
    assert (np.diff(rates) >= 0).all()
    assert (rates >= 0).all()


@given(models, st.lists(st.tuples(st.integers(1, 30), st.integers(-5, 20)), min_size=2, max_size=20))
@settings(deadline=None, max_examples=200)
def test_an_irregular_series_equals_its_sum_by_the_minute(model: AgeingModel, pairs: list[tuple[int, int]]) -> None:
    minutes = [0, *np.cumsum([gap for gap, _ in pairs]).tolist()]
    values = [float(value) for _, value in pairs] + [0.0]
    found = left(series(minutes, values), minutes[-1], model, plausible=(-2.0, 18.0))
    allowed = 3 * np.median(np.diff(minutes))
    least = most = unknown = 0.0
    for at, gap, value in zip(minutes, np.diff(minutes), values, strict=False):
        silent = gap > allowed
        unknown += gap * silent
        least += gap * float(model.rate(-2.0 if silent else value))
        most += gap * float(model.rate(18.0 if silent else value))
        assert at >= 0
    assert found.used_least == pytest.approx(least / 14400)
    assert found.used_most == pytest.approx(most / 14400)
    assert found.unknown == pytest.approx(60 * unknown)
    assert found.known + found.unknown == pytest.approx(60 * minutes[-1])


@given(models, st.integers(1, 9), st.lists(st.integers(-5, 20), min_size=10, max_size=10))
@settings(deadline=None)
def test_used_life_adds_up_over_time(model: AgeingModel, cut: int, values: list[int]) -> None:
    known = holds(series(list(range(0, 110, 11)), [float(value) for value in values]))
    ends = [START, START + pd.Timedelta(minutes=11 * cut), START + pd.Timedelta(minutes=99)]

    def used(since: pd.Timestamp, until: pd.Timestamp) -> float:
        shelf = pd.Timedelta(days=3)
        return remaining_shelf_life(known, model=model, shelf_life=shelf, since=since, until=until).used_most

    assert used(ends[0], ends[1]) + used(ends[1], ends[2]) == pytest.approx(used(ends[0], ends[2]))


def test_time_before_the_first_and_after_the_last_reading_is_unknown() -> None:
    found = left(series([60, 120, 180], [4, 4, 4]), 300, Q10(2, 4), plausible=(0, 10))
    assert (found.known, found.unknown) == (2 * 3600, 3 * 3600)
    assert found.used_least < found.used_most
    assert not found.certain


def test_without_plausible_bounds_unknown_time_decides_nothing() -> None:
    found = left(series([0, 10, 20], [4, 4, 4]), 200, Q10(2, 4))
    assert found.verdict == "unknown"
    assert found.remaining_least == 0
    assert found.remaining_most == pytest.approx(10 * 86400 - 20 * 60)


def test_no_reading_at_all_is_not_a_perfect_trip() -> None:
    found = left(series([], []), 600, SquareRoot(), plausible=(0, 30))
    assert (found.known, found.verdict) == (0, "left")
    assert found.used_most == pytest.approx(16 * 600 / 14400)
    assert left(series([], []), 14400, SquareRoot(), plausible=(-5, 30)).verdict == "unknown"


def test_of_two_sensors_the_warmer_gives_the_worst_case() -> None:
    both = pd.concat([series([0, 60, 120], [0, 0, 0]), series([0, 60, 120], [10, 10, 10], "b")])
    found = left(both, 120, SquareRoot())
    assert found.used_most == pytest.approx(4 * found.used_least)
    assert found.unknown == 0


def test_known_and_unknown_fill_the_time_without_overlap() -> None:
    both = pd.concat([series([0, 60, 120], [0, 1, 2]), series([30, 90, 400], [10, 11, 12], "b")])
    found = bounds(holds(both), START, START + pd.Timedelta(hours=8))
    assert (found["start"].iloc[1:].array == found["end"].iloc[:-1].array).all()
    assert found["start"].iloc[0] == START
    assert (found["coolest"].dropna() <= found["warmest"].dropna()).all()


def test_used_up_needs_the_best_case() -> None:
    hot = series(list(range(0, 14400 * 2, 60)), [8.0] * 480)
    assert left(hot, 14400, Q10(2, 4)).verdict == "used_up"


def test_the_end_at_a_temperature_ahead() -> None:
    life = left(series([0, 60], [0, 0]), 60, SquareRoot())
    first, last = lasts_until(life, SquareRoot(), 10.0)
    assert first == last == life.until + pd.Timedelta(seconds=(864000 - 3600) / 4)
    assert lasts_until(life, SquareRoot(), -12) == (None, None)


@pytest.mark.parametrize("model", [Q10(100, 100), Arrhenius.of(500, 100), SquareRoot(-200.0000001, 100)])
def test_an_end_beyond_every_calendar_is_none(model: AgeingModel) -> None:
    life = left(series([0, 60], [4, 4]), 10, model)
    assert lasts_until(life, model, -200.0)[1] is None


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Q10(0.5, 4),
        lambda: Arrhenius(-1, 4),
        lambda: SquareRoot(0, 0),
        lambda: Arrhenius(9000, 4).rate(-300),
        lambda: left(series([0], [4]), 10, SquareRoot(), plausible=(5, 1)),
        lambda: left(series([0], [4]), -10, SquareRoot()),
        lambda: holds(pd.DataFrame({"time": pd.to_datetime([None], utc=True), "value": [1.0]})),
    ],
)
def test_what_makes_no_sense_is_refused(broken: Any) -> None:
    with pytest.raises(InvalidInput):
        broken()
