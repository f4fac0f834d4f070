"""Silent sensors: when they are due, with and without a clock that ticks in between, and after a pause."""

from __future__ import annotations

import numpy as np

from api.quality.live import Arrivals, Cleared, Evaluator, Finding, Raised, Rule

MINUTE = 60_000_000
LOT = "https://id.gs1.org/01/09521000010017/10/H26-114"
RULE = Rule("silent", "missing", seconds=150)


def arrivals(
    points: list[tuple[int, float]], sensor: str = "s1", unit: str = "CEL", kind: str = "Temperature"
) -> Arrivals:
    time, count = np.array([at for at, _ in points], dtype=np.int64), len(points)
    values = np.array([value for _, value in points])
    return Arrivals(time, [sensor] * count, [LOT] * count, [None] * count, [kind] * count, values, [unit] * count, time)


def minutes(*values: float) -> list[tuple[int, float]]:
    return [((number + 1) * MINUTE, value) for number, value in enumerate(values)]


def times(found: list[Finding]) -> list[tuple[str, float]]:
    """When, in minutes, something began or ended."""
    return [
        ("raised", each.first_at / MINUTE) if isinstance(each, Raised) else ("cleared", each.at / MINUTE)
        for each in found
    ]


def late_by(readings: Arrivals, delay: int) -> Arrivals:
    return Arrivals(
        readings.time, readings.sensor, readings.item, readings.place, readings.quantity_kind, readings.value,
        readings.unit, readings.time + delay,
    )  # fmt: skip


def test_the_clock_finds_it() -> None:
    evaluator = Evaluator([RULE])
    evaluator.evaluate(arrivals(minutes(4, 4)))
    assert evaluator.tick(4 * MINUTE) == []
    found = evaluator.tick(5 * MINUTE)
    assert times(found) == [("raised", 4.5)]
    assert evaluator.tick(9 * MINUTE) == []
    assert times(evaluator.evaluate(arrivals([(10 * MINUTE, 4.0)]))) == [("cleared", 10)]


def test_the_reading_that_ends_the_gap_finds_it() -> None:
    found = Evaluator([RULE]).evaluate(arrivals([(MINUTE, 4.0), (2 * MINUTE, 4.0), (10 * MINUTE, 4.0)]))
    assert times(found) == [("raised", 4.5), ("cleared", 10)]


def test_files_of_the_past_start_no_watch_and_end_no_silence() -> None:
    evaluator = Evaluator([RULE])
    assert evaluator.evaluate(late_by(arrivals(minutes(4, 4)), 60 * MINUTE)) == []
    assert evaluator.tick(10_000 * MINUTE) == []
    evaluator.evaluate(arrivals([(100 * MINUTE, 4.0)]))
    assert len(evaluator.tick(200 * MINUTE)) == 1
    assert evaluator.evaluate(late_by(arrivals([(150 * MINUTE, 4.0)]), 60 * MINUTE)) == []


def test_so_many_times_the_usual_interval() -> None:
    evaluator = Evaluator([Rule("silent", "missing", intervals=3)])
    evaluator.evaluate(arrivals(minutes(*[4.0] * 8)))
    assert evaluator.tick(1000 * MINUTE) == []  # what is usual takes eight intervals to know
    evaluator.evaluate(arrivals([(number * MINUTE, 4.0) for number in range(9, 20)]))
    assert times(evaluator.tick(1000 * MINUTE)) == [("raised", 22)]


def test_only_sensors_that_the_rule_is_about() -> None:
    evaluator = Evaluator([Rule("silent", "missing", seconds=150, sensor="a*")])
    evaluator.evaluate(arrivals(minutes(4), sensor="b1"))
    assert evaluator.tick(100 * MINUTE) == []
    evaluator.evaluate(arrivals([(100 * MINUTE, 4.0)], sensor="a1"))
    (found,) = evaluator.tick(200 * MINUTE)
    assert isinstance(found, Raised)
    assert (found.sensor, found.item) == ("a1", None)


def test_after_a_pause_nothing_is_due_before_it_could_be_heard() -> None:
    evaluator = Evaluator([RULE])
    evaluator.evaluate(arrivals(minutes(4, 4)))
    evaluator.resume([], heard=2 * MINUTE, listening=60 * MINUTE)
    assert evaluator.tick(62 * MINUTE) == []
    assert times(evaluator.tick(63 * MINUTE)) == [("raised", 62.5)]


def test_after_a_pause_a_silence_goes_on_or_is_left_as_it_was() -> None:
    for live in (["silent|s1|Temperature|"], []):
        evaluator = Evaluator([RULE])
        evaluator.evaluate(arrivals(minutes(4, 4)))
        evaluator.resume(live, heard=30 * MINUTE, listening=60 * MINUTE)
        assert evaluator.tick(100 * MINUTE) == []
        found = evaluator.evaluate(arrivals([(100 * MINUTE, 4.0)]))
        assert [type(each) for each in found] == [Cleared]


def test_two_quantities_of_a_sensor_are_two() -> None:
    evaluator = Evaluator([RULE])
    both = arrivals([(MINUTE, 4.0)])
    evaluator.evaluate(both)
    evaluator.evaluate(arrivals([(MINUTE, 50.0)], kind="RelativeHumidity", unit="P1"))
    assert len(evaluator.tick(10 * MINUTE)) == 2
    assert np.all(both.arrived == MINUTE)
