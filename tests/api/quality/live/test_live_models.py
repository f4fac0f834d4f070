"""Rules that ask a model: the latest values of its inputs, and silence where one is missing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from api.quality.live import Arrivals, Cleared, Evaluator, Finding, Model, Raised, Rule, incidents, rule_from
from ledger.errors import InvalidDocument

MINUTE = 60_000_000
OVEN, PRESS = "https://id.gs1.org/414/9521000000018/254/1", "https://id.gs1.org/414/9521000000018/254/2"
HEAT, FORCE = "Temperature", "Pressure"


def hot_and_pressed(X: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(X[:, 0] / 200 + X[:, 1] / 2e6, dtype=float)


MODEL = Model("ni:///sha-256;card", (HEAT, FORCE), hot_and_pressed, lambda inputs: f"{len(inputs)} inputs", 0.5)
RULE = Rule("model", "model", model="m", seconds=300)


def arrivals(
    *rows: tuple[float, str, float], place: str = OVEN, delay: float = 0, sensor: str = "", heat: str = "CEL"
) -> Arrivals:
    """Rows of minute, kind, value."""
    time = np.array([minute * MINUTE for minute, _, _ in rows], dtype=np.int64)
    units = [heat if kind == HEAT else "PAL" for _, kind, _ in rows]
    sensors = [sensor or f"of {kind}" for _, kind, _ in rows]
    kinds, values = [kind for _, kind, _ in rows], np.array([value for *_, value in rows])
    n = len(rows)
    return Arrivals(time, sensors, [None] * n, [place] * n, kinds, values, units, time + round(delay * MINUTE))


def evaluator(rule: Rule = RULE) -> Evaluator:
    return Evaluator([rule], models={"m": MODEL})


def told(found: list[Finding]) -> list[tuple[str, float]]:
    return [(type(one).__name__ + ("" if isinstance(one, Cleared) else f" {one.kind}"), at(one)) for one in found]


def at(one: Finding) -> float:
    return (one.first_at if isinstance(one, Raised) else one.at) / MINUTE


def test_the_latest_values_together() -> None:
    rows = arrivals((1, HEAT, 50), (2, FORCE, 2e5), (3, HEAT, 90), (4, FORCE, 4e5), (5, HEAT, 20))
    opened, cleared = evaluator().evaluate(rows)
    assert told([opened, cleared]) == [("Raised model", 3), ("Cleared", 5)]
    assert isinstance(opened, Raised)
    evidence = opened.evidence
    assert (opened.place, opened.sensor, opened.count) == (OVEN, None, 2)
    assert (evidence["card"], evidence["threshold"], evidence["model"]) == (MODEL.uri, 0.5, "m")
    assert evidence["worst"]["inputs"] == {HEAT: 90, FORCE: 4e5}
    assert evidence["worst"]["value"] == pytest.approx(0.65)
    assert evidence["worst"]["input_sha256"] == "2 inputs"
    assert "model m gives 0.65 (alarm from 0.5)" in incidents.raised(None, opened).message


def test_values_are_taken_in_the_reference_unit() -> None:
    rows = arrivals((1, HEAT, 212), (2, FORCE, 0), heat="FAH")
    assert told(evaluator().evaluate(rows)) == [("Raised model", 2)]


def test_an_input_that_is_missing_or_too_old_says_nothing() -> None:
    assert evaluator().evaluate(arrivals((1, HEAT, 190))) == []
    assert evaluator().evaluate(arrivals((1, FORCE, 1e6), (7, HEAT, 190), delay=30)) == []
    assert Evaluator([RULE]).evaluate(arrivals((1, HEAT, 190), (1, FORCE, 1e6))) == []  # no model, no word


def test_a_missing_input_is_an_incident_after_the_window_and_ends_nothing() -> None:
    one = evaluator()
    found = one.evaluate(arrivals((1, HEAT, 100), (1, FORCE, 1e5), (3, HEAT, 110), (5, HEAT, 20)))
    assert told(found) == [("Raised model", 1), ("Cleared", 5)]
    found = one.evaluate(arrivals((5.5, HEAT, 110)))
    assert told(found) == [("Raised model", 5.5)]
    (missing,) = one.tick(7 * MINUTE)
    assert told([missing]) == [("Raised missing", 6)]
    assert isinstance(missing, Raised)
    assert missing.evidence["missing"] == [FORCE]
    assert "model m cannot be asked: Pressure was due" in incidents.raised(None, missing).message
    assert one.tick(8 * MINUTE) == []
    assert one.evaluate(arrivals((9, HEAT, 20))) == []  # cool, but nobody knows the pressure
    assert told(one.evaluate(arrivals((10, FORCE, 1e5)))) == [("Cleared", 10), ("Cleared", 10)]


def test_an_input_that_never_came_is_missed() -> None:
    one = evaluator()
    assert one.evaluate(arrivals((1, HEAT, 20), (4, HEAT, 20))) == []
    assert told(one.evaluate(arrivals((7, HEAT, 20)))) == [("Raised missing", 6)]


def test_files_of_the_past_start_no_watch() -> None:
    one = evaluator()
    assert told(one.evaluate(arrivals((1, HEAT, 190), (1, FORCE, 1e6), delay=600))) == [("Raised model", 1)]
    assert one.tick(1000 * MINUTE) == []


def test_places_do_not_mix_unless_the_sensor_is_the_machine() -> None:
    assert evaluator().evaluate(arrivals((1, HEAT, 190))) + evaluator().evaluate(arrivals((1, FORCE, 1e6))) == []
    one, per_sensor = evaluator(), evaluator(Rule("model", "model", model="m", seconds=300, per="sensor"))
    for each, expected in ((one, []), (per_sensor, [("Raised model", 1)])):
        found = each.evaluate(arrivals((1, HEAT, 190), sensor="oven"))
        found += each.evaluate(arrivals((1, FORCE, 1e6), sensor="oven", place=PRESS))
        assert told(found) == expected


def test_after_a_restart_what_was_open_is_not_opened_again() -> None:
    rows = arrivals((1, HEAT, 110), (1, FORCE, 1e5), (5, HEAT, 110))
    before = evaluator()
    live = [one.cause for one in [*before.evaluate(rows), *before.tick(7 * MINUTE)]]
    after = evaluator()
    after.evaluate(rows)
    after.resume(live, heard=5 * MINUTE, listening=20 * MINUTE)
    assert after.tick(24 * MINUTE) == []
    assert told(after.evaluate(arrivals((25, HEAT, 20), (25, FORCE, 1e5)))) == [("Cleared", 25), ("Cleared", 25)]


@pytest.mark.parametrize("more", [{}, {"seconds": 5, "per": "machine"}])
def test_what_a_rule_needs(more: dict[str, object]) -> None:
    with pytest.raises(InvalidDocument):
        rule_from({"name": "a", "kind": "model", "model": "m", **more})
