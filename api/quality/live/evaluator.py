"""Rules over readings, batch by batch; the same readings in the same order give the same findings however they are cut.

Within a series, order is that of the readings' own time. A late reading is held against limits (a breach is a breach
whenever we learn of it) and never ends anything; rules that look at an order of readings leave it out, and it does not
count as a sign of life. An incident begins and ends at the time of readings, missing data when a reading was due.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from api.quality.live.arrivals import Arrivals, Floats
from api.quality.live.detectors import (
    Batch,
    Beyond,
    Changing,
    ControlChart,
    Detector,
    Forecast,
    ShelfLife,
    Stuck,
    Verdict,
)
from api.quality.live.findings import Cleared, Finding, Raised, cause_of, merged
from api.quality.live.history import History, Numbers
from api.quality.live.missing import Missing
from api.quality.live.modelled import Model, Modelled
from api.quality.live.rules import Rule, reference_unit
from api.quality.live.series import Registry, Specified, comparable

_CHUNK = 50_000


def _unspecified(_subject: str, _kind: str, _market: str) -> tuple[float, float]:
    return math.nan, math.nan


class Evaluator:
    """The state of all rules over all series. `listening`: since when readings can have been heard (microseconds)."""

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        specified: Specified = _unspecified,
        models: Mapping[str, Model] | None = None,
        listening: int = 0,
    ) -> None:
        self._rules = tuple(rules)
        self._specified, self._models, self._listening = specified, models or {}, listening
        self._registry = Registry(self._rules)
        self._history, self._sensors = History(), History()
        self._bounds: list[dict[int, tuple[float, float]]] = [{} for _ in self._rules]
        self._arrivals = Arrivals(*(np.zeros(0, np.int64), [], [], [], [], np.zeros(0), [], np.zeros(0, np.int64)))
        self._series = np.zeros(0, dtype=np.int64)
        self._detectors = [self._detector(number, rule) for number, rule in enumerate(self._rules)]
        self._active: set[tuple[int, int]] = set()
        #: how many readings were late, or from a clock ahead of ours
        self.late = 0

    def evaluate(self, arrivals: Arrivals) -> list[Finding]:
        """Take in readings in order of arrival; what they say, in order for each cause."""
        found: list[Finding] = []
        for start in range(0, len(arrivals), _CHUNK):
            found += self._evaluate(arrivals.part(start, start + _CHUNK))
        return found

    def tick(self, now: int) -> list[Finding]:
        """What the clock says at `now` (microseconds): who is silent."""
        found: list[Finding] = []
        for rule, detector in zip(self._rules, self._detectors, strict=True):
            if isinstance(detector, Missing):
                found += self._silences(rule, detector.tick(now))
            elif isinstance(detector, Modelled):
                found += detector.tick(now, self._listening)
        return found

    def forget_bounds(self) -> None:
        """The specifications have changed."""
        for bounds in self._bounds:
            bounds.clear()

    def resume(self, live: Iterable[str], heard: int, listening: int) -> None:
        """Go on from a store after replaying readings: these causes have a live incident, and no others."""
        causes = set(live)
        self._listening = listening
        self._active = {
            (rule, series)
            for rule, series in self._active
            if self._cause(self._rules[rule], series) in causes
        }  # fmt: skip
        known = {self._cause(rule, n): (r, n) for n in range(len(self._registry.series)) for r, rule in self._numbered}
        self._active |= {known[cause] for cause in causes & known.keys()}
        for rule, detector in zip(self._rules, self._detectors, strict=True):
            if isinstance(detector, Missing):
                silent = [
                    n for n, pair in enumerate(self._registry.sensors) if cause_of(rule.name, *pair, "") in causes
                ]
                detector.resume(np.array(silent, dtype=np.int64), heard, listening)
            elif isinstance(detector, Modelled):
                detector.resume(causes, heard, listening)

    @property
    def _numbered(self) -> list[tuple[int, Rule]]:
        return [(number, rule) for number, rule in enumerate(self._rules) if rule.kind not in ("missing", "model")]

    def _evaluate(self, arrivals: Arrivals) -> list[Finding]:
        series = self._registry.numbers(arrivals)
        self._arrivals, self._series = arrivals, series
        value = comparable(arrivals)
        stretch = self._history.add(series, arrivals.time, value, arrivals.arrived)
        self.late += len(arrivals) - stretch.at.size
        batch = Batch(series, arrivals.time, value, stretch)
        found: list[Finding] = []
        heard = None
        for number, (rule, detector) in enumerate(zip(self._rules, self._detectors, strict=True)):
            about = self._registry.applies(number, series)
            if not about.any():
                continue
            if isinstance(detector, Missing):
                if heard is None:
                    sensors = self._registry.sensor_numbers(arrivals)
                    heard = self._sensors.add(sensors, arrivals.time, value, arrivals.arrived)
                changes = detector.arrive(heard.only(about), arrivals.arrived, self._listening)
                found += self._silences(rule, changes)
            elif isinstance(detector, Modelled):
                rows = np.sort(stretch.row[about[stretch.row]])
                found += detector.arrive(arrivals, value, rows, self._listening)
            else:
                found += self._judged(number, rule, detector.judge(batch), batch, about)
        return found

    def _judged(
        self, number: int, rule: Rule, verdict: Verdict, batch: Batch, about: np.ndarray[Any, Any]
    ) -> list[Finding]:
        """Findings of the series in which something holds, or is over that was not."""
        active = np.array([each for of, each in self._active if of == number], dtype=np.int64)
        holds = verdict.holds & about
        touched = holds | (verdict.over & about & np.isin(batch.series, active))
        if not touched.any():
            return []
        concerned = np.isin(batch.series, batch.series[touched]) & about & (holds | verdict.over)
        found: list[Finding] = []
        rows = np.flatnonzero(concerned)
        late = np.ones(batch.series.size, dtype=bool)
        late[batch.stretch.row] = False
        for row in rows[np.argsort(batch.series[rows], kind="stable")]:
            self._follow(number, rule, int(row), bool(holds[row]), float(verdict.badness[row]), bool(late[row]), found)
        return found

    def _follow(
        self, number: int, rule: Rule, row: int, holds: bool, badness: float, late: bool, found: list[Finding]
    ) -> None:
        series = int(self._series[row])
        cause, key = self._cause(rule, series), (number, series)
        at = int(self._arrivals.time[row])
        if holds:
            raised = self._raised(rule, number, series, row, badness, late)
            last = found[-1] if found else None
            if isinstance(last, Raised) and last.cause == cause:
                found[-1] = merged(last, raised)
            else:
                found.append(raised)
            self._active.add(key)
        elif key in self._active and not late:
            self._active.discard(key)
            found.append(Cleared(cause, at))

    def _raised(self, rule: Rule, number: int, series: int, row: int, badness: float, late: bool) -> Raised:
        arrivals, of = self._arrivals, self._registry.series[series]
        at = int(arrivals.time[row])
        point = {"time": at, "value": float(arrivals.value[row]), "unit": arrivals.unit[row], "badness": badness}
        evidence = {
            "rule": rule.name,
            **self._compared(rule, number, series),
            "late": int(late),
            "first": point,
            "worst": point,
            "last": point,
        }
        cause = self._cause(rule, series)
        return Raised(
            cause, rule.kind, rule.severity, of.sensor, of.quantity_kind, of.item, of.place, at, at, 1, evidence
        )

    def _compared(self, rule: Rule, number: int, series: int) -> dict[str, Any]:
        """What the rule compares with, for people."""
        names = ("seconds", "horizon", "rate", "tolerance", "center", "sigma", "life", "arrives")
        figures = {name: getattr(rule, name) for name in names if getattr(rule, name) not in (None, "", 0.0)}
        if rule.kind == "rate":
            figures["over"] = rule.over
        if rule.kind == "spc":
            figures["rules"] = rule.rules
        if rule.kind in ("specification", "excursion", "forecast"):
            low, high = self._limits(rule, number, series)
            figures |= {name: value for name, value in (("low", low), ("high", high)) if not math.isnan(value)}
            figures |= {"market": rule.market} if rule.market else {}
            figures["unit"] = reference_unit(self._registry.series[series].quantity_kind)
        return figures

    def _silences(self, rule: Rule, changes: Iterable[tuple[int, int, bool]]) -> list[Finding]:
        found: list[Finding] = []
        for number, at, is_missing in changes:
            sensor, kind = self._registry.sensors[number]
            cause = cause_of(rule.name, sensor, kind, "")
            if is_missing:
                evidence = {"rule": rule.name, "due": at}
                found.append(
                    Raised(cause, rule.kind, rule.severity, sensor, kind, None, None, at, at, 1, evidence)
                )  # fmt: skip
            else:
                found.append(Cleared(cause, at))
        return found

    def _cause(self, rule: Rule, series: int) -> str:
        of = self._registry.series[series]
        return cause_of(rule.name, of.sensor, of.quantity_kind, of.subject)

    def _limits(self, rule: Rule, number: int, series: int) -> tuple[float, float]:
        known = self._bounds[number].get(series)
        if known is None:
            of = self._registry.series[series]
            own = rule.point(rule.low), rule.point(rule.high)
            known = own if not all(map(math.isnan, own)) else self._specified(of.subject, of.quantity_kind, rule.market)
            self._bounds[number][series] = known
        return known

    def _bounds_of(self, number: int, series: Numbers) -> tuple[Floats, Floats]:
        rule = self._rules[number]
        distinct, where = np.unique(series, return_inverse=True)
        pairs = np.array([self._limits(rule, number, int(each)) for each in distinct]).reshape(-1, 2)
        return pairs[where, 0], pairs[where, 1]

    def _detector(self, number: int, rule: Rule) -> Detector | Missing | Modelled:
        simple: dict[str, Callable[[Rule], Detector | Missing]] = {
            "forecast": Forecast, "rate": Changing, "stuck": Stuck, "spc": ControlChart, "shelf_life": ShelfLife,
            "missing": Missing,
        }  # fmt: skip
        if rule.kind in simple:
            return simple[rule.kind](rule)
        if rule.kind == "model":
            return Modelled(rule, self._models.get(rule.model))
        return Beyond(rule, lambda series: self._bounds_of(number, series))
