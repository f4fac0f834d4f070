"""The same readings give the same incidents, however they are cut into batches and whenever the clock ticks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.live import Arrivals, Evaluator, Incident, Model, Raised, Rule, incidents

SECOND = 1_000_000
LOT, OTHER = "https://id.gs1.org/01/09521000010017/10/A", "https://id.gs1.org/01/09521000010017/10/B"
KIND = "Temperature"
RULES = [
    Rule("limits", "specification", quantity_kind=KIND, low=0, high=5, hysteresis=0.5),
    Rule("calm", "specification", quantity_kind=KIND, high=5, clear_after=30),
    Rule("above", "excursion", quantity_kind=KIND, high=4, seconds=25),
    Rule("soon", "forecast", quantity_kind=KIND, high=6, horizon=60, readings=4),
    Rule("jump", "rate", quantity_kind=KIND, rate=3, over=20),
    Rule("stuck", "stuck", seconds=30, readings=3),
    Rule("spc", "spc", quantity_kind=KIND, center=3, sigma=1),
    Rule("model", "model", model="one", threshold=0.55, seconds=30),
    Rule("model of two", "model", model="two", seconds=20),
    Rule("model of a sensor", "model", model="two", seconds=60, per="sensor"),
    Rule("life", "shelf_life", life=500, reference=0, q10=3, arrives="1970-01-01T00:08:00Z"),
    Rule("silent", "missing", seconds=40),
    Rule("usual", "missing", intervals=3, sensor="s1"),
]
#: step of time in seconds (below 0: late), value in tenths, sensor, lot, delay in seconds until it arrives
_READING = st.tuples(
    st.sampled_from([10, 10, 10, 5, 1, 0, -15, 90]),
    st.sampled_from([20, 20, 30, 31, 35, 40, 45, 52, 58, -3, 70]),
    st.sampled_from(["s1", "s2"]),
    st.sampled_from([LOT, LOT, OTHER]),
    st.sampled_from([0, 0, 1, 60]),
    st.sampled_from([KIND, KIND, "Pressure"]),
)


def _arrivals(drawn: list[tuple[int, int, str, str, int, str]]) -> Arrivals:
    time = (np.cumsum([step for step, *_ in drawn]) + 200).astype(np.int64) * SECOND
    arrived = np.maximum.accumulate(time + np.array([delay for *_, delay, _ in drawn], dtype=np.int64) * SECOND)
    n = len(drawn)
    return Arrivals(
        time,
        [sensor for _, _, sensor, *_ in drawn],
        [lot for *_, lot, _, _ in drawn],
        [None] * n,
        [kind for *_, kind in drawn],
        np.array([value / 10 for _, value, *_ in drawn]),
        ["CEL" if kind == KIND else "PAL" for *_, kind in drawn],
        arrived,
    )


MODELS = {
    "one": Model("ni:one", (KIND,), lambda X: X[:, 0] / 10, str),
    "two": Model("ni:two", (KIND, "Pressure"), lambda X: X.sum(axis=1) / 10, str, threshold=0.8),
}


class Book:
    """Incidents as the store would keep them."""

    def __init__(self) -> None:
        self.live: dict[str, Incident] = {}
        self.over: list[Incident] = []

    def write(self, findings: list[Any]) -> None:
        for finding in findings:
            before = self.live.get(finding.cause)
            if isinstance(finding, Raised):
                self.live[finding.cause] = incidents.raised(before, finding)
            elif before is not None:
                self.over.append(incidents.cleared(self.live.pop(finding.cause), finding.at))

    def all(self) -> list[Incident]:
        return sorted(
            [*self.live.values(), *self.over], key=lambda one: (one.cause, one.opened_at, one.cleared_at or 0)
        )


def _told(arrivals: Arrivals, cuts: list[int], ticking: bool) -> list[Incident]:
    evaluator, book = Evaluator(RULES, models=MODELS), Book()
    bounds = sorted({0, len(arrivals), *(cut % (len(arrivals) + 1) for cut in cuts)})
    for start, end in pairwise(bounds):
        if ticking:
            book.write(evaluator.tick(int(arrivals.arrived[start])))
        book.write(evaluator.evaluate(arrivals.part(start, end)))
    book.write(evaluator.tick(int(arrivals.arrived[-1]) + 1000 * SECOND))
    return book.all()


@settings(max_examples=60, deadline=None)
@given(
    drawn=st.lists(_READING, min_size=1, max_size=60),
    cuts=st.lists(st.integers(0, 1000), max_size=20),
    ticking=st.booleans(),
)
def test_batches_do_not_matter(drawn: list[Any], cuts: list[int], ticking: bool) -> None:
    arrivals = _arrivals(drawn)
    assert _told(arrivals, cuts, ticking) == _told(arrivals, [], ticking=False)


@settings(max_examples=25, deadline=None)
@given(drawn=st.lists(_READING, min_size=1, max_size=60), cut=st.integers(0, 60))
def test_a_restart_does_not_matter(drawn: list[Any], cut: int) -> None:
    """A replay of what was evaluated, with its findings thrown away, brings the rules to where they were."""
    arrivals = _arrivals(drawn)
    rules = [rule for rule in RULES if rule.kind not in ("missing", "model")]  # which depend on since when we listen
    whole, book = Evaluator(rules, models=MODELS), Book()
    book.write(whole.evaluate(arrivals))

    before, parts = Evaluator(rules, models=MODELS), Book()
    at = min(cut, len(arrivals))
    parts.write(before.evaluate(arrivals.part(0, at)))
    after = Evaluator(rules, models=MODELS)
    after.evaluate(arrivals.part(0, at))
    after.resume(list(parts.live), heard=0, listening=0)
    parts.write(after.evaluate(arrivals.part(at, len(arrivals))))
    assert parts.all() == book.all()


def test_a_thousand_sensors_at_once() -> None:
    n = 1000
    evaluator, found = Evaluator(RULES[:8], models=MODELS), []
    for second in range(40):
        time = np.full(n, (second + 1) * SECOND, dtype=np.int64)
        value = np.full(n, 3.0) + (np.arange(n) % 7 + second % 3) / 100
        value[17] = 9.0 if second > 30 else 3.1
        sensors = [f"s{number}" for number in range(n)]
        arrivals = Arrivals(time, sensors, [LOT] * n, [None] * n, [KIND] * n, value, ["CEL"] * n, time)
        found += [
            one for one in evaluator.evaluate(arrivals) if isinstance(one, Raised) and one.kind == "specification"
        ]
    assert {one.sensor for one in found} == {"s17"}
