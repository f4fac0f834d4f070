"""Each kind of rule on a small history whose answer can be told by hand, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from api.quality.live import Arrivals, Evaluator, Finding, Raised, Rule, rule_from
from ledger.errors import InvalidDocument

LOT = "https://id.gs1.org/01/09521000010017/10/H26-114"
SECOND = 1_000_000
MINUTE = 60 * SECOND


def arrivals(points: list[tuple[int, float]], sensor: str = "s1", unit: str = "CEL", kind: str = "Temperature") -> Any:
    time = np.array([at for at, _ in points], dtype=np.int64)
    n = len(points)
    value = np.array([value for _, value in points], dtype=np.float64)
    return Arrivals(time, [sensor] * n, [LOT] * n, [None] * n, [kind] * n, value, [unit] * n, time.copy())


def run(rule: Rule, points: list[tuple[int, float]], **more: Any) -> list[Finding]:
    return Evaluator([rule], **more).evaluate(arrivals(points))


def minutes(*values: float) -> list[tuple[int, float]]:
    return [((number + 1) * MINUTE, value) for number, value in enumerate(values)]


def times(found: list[Finding]) -> list[tuple[str, float]]:
    """When, in minutes, something began or ended."""
    return [
        ("raised", each.first_at / MINUTE) if isinstance(each, Raised) else ("cleared", each.at / MINUTE)
        for each in found
    ]


def test_a_breach_begins_and_ends_with_readings() -> None:
    rule = Rule("cold", "specification", quantity_kind="Temperature", low=0, high=5, unit="CEL")
    found = run(rule, minutes(4, 5, 5.1, 7, 6, 5, 4))
    assert times(found) == [("raised", 3), ("cleared", 6)]
    assert isinstance(found[0], Raised)
    assert (found[0].count, found[0].evidence["worst"]["value"], found[0].last_at) == (3, 7, 5 * MINUTE)


def test_units_are_converted() -> None:
    rule = Rule("cold", "specification", quantity_kind="Temperature", high=41, unit="FAH", hysteresis=9)
    assert times(run(rule, minutes(4.9, 5.1, 4.9, 0.1, -0.1))) == [("raised", 2), ("cleared", 5)]
    fahrenheit = Evaluator([rule]).evaluate(arrivals(minutes(41.5), unit="FAH"))
    assert times(fahrenheit) == [("raised", 1)]


def test_a_breach_is_over_only_after_a_while() -> None:
    rule = Rule("cold", "specification", quantity_kind="Temperature", high=5, clear_after=120)
    assert times(run(rule, minutes(6, 4, 6, 4, 4, 4, 6))) == [("raised", 1), ("cleared", 6), ("raised", 7)]


def test_limits_come_from_specifications() -> None:
    rule = Rule("specified", "specification", quantity_kind="Temperature", market="EU")
    asked: list[tuple[str, str, str]] = []

    def specified(subject: str, kind: str, market: str) -> tuple[float, float]:
        asked.append((subject, kind, market))
        return (np.nan, 5.0)

    assert times(run(rule, minutes(4, 6), specified=specified)) == [("raised", 2)]
    assert asked == [(LOT, "Temperature", "EU")]
    assert run(rule, minutes(4, 600)) == []


def test_an_excursion_lasts() -> None:
    rule = Rule("above", "excursion", quantity_kind="Temperature", high=5, seconds=180)
    assert times(run(rule, minutes(6, 6, 4, 6, 6, 6, 6, 6, 4))) == [("raised", 7), ("cleared", 9)]


def test_a_forecast_warns_before_the_breach() -> None:
    rule = Rule("soon", "forecast", quantity_kind="Temperature", high=5, horizon=300, readings=3)
    found = run(rule, minutes(0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 2.0, 1.0, 0.0))
    assert times(found) == [("raised", 6), ("cleared", 8)]  # at 2.5, with 0.5 a minute, five minutes are left


def test_a_rate_of_change() -> None:
    rule = Rule("jump", "rate", quantity_kind="Temperature", rate=2)
    assert times(run(rule, minutes(4, 5, 9, 9, 9))) == [("raised", 3), ("cleared", 4)]


def test_a_rate_of_change_of_readings_milliseconds_apart() -> None:
    rule = Rule("jump", "rate", quantity_kind="Temperature", rate=2, over=60, hysteresis=1.1)
    rng = np.random.default_rng(0)
    times_of = np.sort(rng.choice(10 * MINUTE, 5000, replace=False)) + MINUTE
    noise = rng.uniform(-0.25, 0.25, 5000)
    calm = [(int(at), 4 + more) for at, more in zip(times_of, noise, strict=True)]
    assert run(rule, calm) == []
    warming = [(at, value + (0 if at < 5 * MINUTE else 5 * (at / MINUTE - 5))) for at, value in calm]
    (found,) = run(rule, warming)
    assert isinstance(found, Raised)
    assert 5 * MINUTE < found.first_at < 6 * MINUTE
    assert found.evidence["worst"]["badness"] == pytest.approx(5, abs=0.6)


def test_a_rate_is_not_known_before_it_was_measured_long_enough() -> None:
    rule = Rule("jump", "rate", quantity_kind="Temperature", rate=2, over=120)
    assert run(rule, minutes(4, 50)) == []
    assert times(run(rule, minutes(4, 4, 9, 9, 9))) == [("raised", 3), ("cleared", 5)]


def test_a_stuck_sensor() -> None:
    rule = Rule("stuck", "stuck", seconds=240, readings=4, tolerance=0.0)
    found = run(rule, minutes(1, 2, 3, 3, 3, 3, 3, 3, 4))
    assert times(found) == [("raised", 7), ("cleared", 9)]
    assert run(rule, [(MINUTE, 3.0), (2 * MINUTE, 3.0), (60 * MINUTE, 3.0)]) == []  # too few to tell


def test_a_run_rule_against_frozen_limits() -> None:
    rule = Rule("spc", "spc", quantity_kind="Temperature", center=4, sigma=1, rules="nelson")
    assert times(run(rule, minutes(4, 7.1, 4))) == [("raised", 2), ("cleared", 3)]
    assert times(run(rule, minutes(*[4.5, 4.1] * 4, 4.6, 3.9))) == [("raised", 9), ("cleared", 10)]


def test_too_little_shelf_life_for_the_way() -> None:
    rule = Rule("life", "shelf_life", life=3600, reference=0, q10=4, arrives="1970-01-01T01:00:00Z")
    assert run(rule, minutes(0, 0, 0, 0)) == []
    found = run(rule, minutes(0, 10, 10))
    assert times(found) == [("raised", 2)]  # a minute at 10 °C uses four, of the warmer of both ends
    assert isinstance(found[0], Raised)
    assert found[0].evidence["first"]["badness"] == pytest.approx(58 * 60 - (3600 - 240))


def test_a_late_reading_is_held_against_limits_but_ends_nothing() -> None:
    rule = Rule("cold", "specification", quantity_kind="Temperature", high=5)
    points = [(10 * MINUTE, 6.0), (9 * MINUTE, 4.0), (8 * MINUTE, 9.0), (11 * MINUTE, 4.0), (7 * MINUTE, 8.0)]
    found = run(rule, points)
    assert times(found) == [("raised", 8), ("cleared", 11), ("raised", 7)]
    assert isinstance(found[0], Raised)
    assert (found[0].count, found[0].evidence["late"], found[0].last_at) == (2, 1, 10 * MINUTE)
    jump = Rule("jump", "rate", quantity_kind="Temperature", rate=2)
    assert run(jump, [(10 * MINUTE, 4.0), (9 * MINUTE, 400.0), (11 * MINUTE, 4.0)]) == []


def test_a_clock_ahead_of_ours_makes_nothing_late() -> None:
    rule = Rule("jump", "rate", quantity_kind="Temperature", rate=2)
    ahead = arrivals([(MINUTE, 4.0), (10_000 * MINUTE, 4.0), (2 * MINUTE, 9.0)])
    ahead.arrived[1] = 2 * MINUTE
    evaluator = Evaluator([rule])
    assert times(evaluator.evaluate(ahead)) == [("raised", 2)]
    assert evaluator.late == 1


def test_series_do_not_mix() -> None:
    rule = Rule("spc", "spc", quantity_kind="Temperature", center=4, sigma=1)
    evaluator = Evaluator([rule])
    for number in range(9):  # nine points on one side, but of nine sensors
        assert evaluator.evaluate(arrivals(minutes(4.5), sensor=f"s{number}")) == []


def test_rules_are_about_what_their_patterns_say() -> None:
    rule = Rule("cold", "specification", quantity_kind="Temperature", high=5, sensor="reefer-*", item="*/10/H26-*")
    evaluator = Evaluator([rule])
    assert len(evaluator.evaluate(arrivals(minutes(9), sensor="reefer-7"))) == 1
    assert evaluator.evaluate(arrivals(minutes(9), sensor="shelf-7")) == []
    assert evaluator.evaluate(arrivals(minutes(9), sensor="reefer-7", kind="RelativeHumidity", unit="P1")) == []


@pytest.mark.parametrize(
    ("given", "where", "expected"),
    [
        ({"name": "a", "kind": "nonsense"}, "/kind", "specification"),
        ({"name": "a", "kind": "rate", "quantity_kind": "Temperature"}, "/rate", "needs rate"),
        ({"name": "a", "kind": "missing"}, "/seconds", "seconds or intervals"),
        ({"name": "a", "kind": "stuck", "seconds": 0}, "/seconds", "above 0"),
        ({"name": "a", "kind": "stuck", "seconds": "6"}, "/seconds", "str does not fit"),
        ({"name": "a", "kind": "stuck", "seconds": True}, "/seconds", "bool does not fit"),
        ({"name": "a|b", "kind": "stuck", "seconds": 5}, "/name", "without |"),
        ({"name": "a", "kind": "stuck", "seconds": 5, "more": 1}, "/more", "unknown field"),
        ({"name": "a", "kind": "stuck", "seconds": 5, "severity": "bad"}, "/severity", "critical"),
        ({"name": "a", "kind": "stuck", "seconds": 5, "readings": 99}, "/readings", "2 to 32"),
        ({"kind": "stuck", "seconds": 5}, "/name", "missing"),
        (
            {"name": "a", "kind": "specification", "quantity_kind": "Temperature", "high": 5, "unit": "KGM"},
            "/unit",
            "cannot be in KGM",
        ),
        ({"name": "a", "kind": "specification", "quantity_kind": "Warmth"}, "/quantity_kind", "unknown"),
        (
            {"name": "a", "kind": "specification", "quantity_kind": "Temperature", "low": 6, "high": 5},
            "/low",
            "above high",
        ),
        (
            {"name": "a", "kind": "shelf_life", "life": 1, "reference": 0, "q10": 2, "arrives": "soon"},
            "/arrives",
            "soon",
        ),
    ],
)
def test_what_is_no_rule_is_refused(given: dict[str, Any], where: str, expected: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        rule_from(given)
    assert any(where in problem.where and expected in str(problem) for problem in refused.value.problems)


def test_a_rule_from_json_has_numbers() -> None:
    rule = rule_from({"name": "a", "kind": "specification", "quantity_kind": "Temperature", "high": 5})
    assert isinstance(rule.high, float)


def test_without_rules_nothing_is_found() -> None:
    assert Evaluator([]).evaluate(arrivals(minutes(1, 2))) == []
