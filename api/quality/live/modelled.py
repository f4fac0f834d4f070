"""A model over the latest values of its inputs, subject by subject; what is missing makes it silent, never content.

A subject is an item or a place (or, if the rule says so, a sensor: a machine that reports under one name). The model is
asked at each reading that completes its inputs: all of them known, none older than the rule's window before the newest.
From a subject's first fresh reading on it is watched: an input that was not renewed within the window opens an incident
of missing data, and until the inputs are complete again nothing that was found is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from api.quality.live.arrivals import Arrivals, Floats
from api.quality.live.findings import Cleared, Finding, Raised, cause_of, merged
from api.quality.live.history import NEVER, Numbers
from api.quality.live.rules import Rule

_SECOND = 1_000_000
_NEVER_DUE = int(np.iinfo(np.int64).max)
#: stands where a cause names a quantity kind
_MISSING = "inputs"


@dataclass(frozen=True, slots=True)
class Model:
    """`predict`: rows of `features` (quantity kinds, in their reference units) to probabilities or values.

    `uri` names its card; `digest` is of the inputs of one prediction.
    """

    uri: str
    features: tuple[str, ...]
    predict: Callable[[Floats], Floats]
    digest: Callable[[Mapping[str, float]], str]
    threshold: float | None = None


@dataclass(slots=True)
class _Subject:
    key: str
    time: list[int]
    value: list[float]
    item: str | None
    place: str | None
    since: int = NEVER  # watched since a reading of this time; NEVER: not watched
    is_missing: bool = False
    is_active: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    of: _Subject
    time: int
    value: tuple[float, ...]
    item: str | None
    place: str | None


@dataclass(slots=True)
class Modelled:
    """The state of one rule over all subjects. Without its model it says nothing."""

    rule: Rule
    model: Model | None
    _known: dict[str, _Subject] = field(default_factory=dict)
    #: nobody lacks an input before
    _earliest: int = NEVER

    def arrive(self, arrivals: Arrivals, value: Floats, rows: Numbers, listening: int) -> list[Finding]:
        """What the readings `rows` say, which are in order of arrival and not late in their series."""
        if self.model is None:
            return []
        at = {kind: number for number, kind in enumerate(self.model.features)}
        found: list[Finding] = []
        complete: list[_Row] = []
        for row in rows.tolist():
            number = at.get(arrivals.quantity_kind[row])
            if number is not None and not np.isnan(value[row]):
                one = self._subject(arrivals, row)
                heard = int(arrivals.arrived[row])
                self._silent(one, heard, listening, found)
                one.item, one.place = arrivals.item[row], arrivals.place[row]
                if self._renewed(one, number, int(arrivals.time[row]), float(value[row]), heard, found, listening):
                    complete.append(_Row(one, max(one.time), tuple(one.value), one.item, one.place))
        return found + self._judged(complete)

    def tick(self, now: int, listening: int) -> list[Finding]:
        """Who lacks an input at `now`."""
        found: list[Finding] = []
        if now > self._earliest:
            for one in self._known.values():
                self._silent(one, now, listening, found)
            watched = [one for one in self._known.values() if one.since != NEVER and not one.is_missing]
            self._earliest = min((self._due(one, listening) for one in watched), default=_NEVER_DUE)
        return found

    def resume(self, causes: Iterable[str], heard: int, listening: int) -> None:
        """Go on after a pause; see `Missing.resume`."""
        live = {*causes}
        self.tick(heard, 0)
        self._earliest = NEVER
        for one in self._known.values():
            one.is_active = self._cause(one) in live
            one.is_missing = one.is_missing or self._cause(one, _MISSING) in live

    def _subject(self, arrivals: Arrivals, row: int) -> _Subject:
        item, place = arrivals.item[row], arrivals.place[row]
        key = arrivals.sensor[row] if self.rule.per == "sensor" else item or place or ""
        one = self._known.get(key)
        if one is None:
            count = len(self.model.features) if self.model else 0
            one = self._known[key] = _Subject(key, [NEVER] * count, [np.nan] * count, item, place)
        return one

    def _renewed(
        self, one: _Subject, number: int, time: int, value: float, heard: int, found: list[Finding], listening: int
    ) -> bool:
        """Whether the inputs are complete with this one."""
        if time <= one.time[number]:
            return False
        one.time[number], one.value[number] = time, value
        if one.since == NEVER and heard - time <= self._window:
            one.since = time
            self._earliest = NEVER
        oldest = min(one.time)
        if one.is_missing and oldest != NEVER and heard <= self._due(one, listening):
            one.is_missing = False
            self._earliest = NEVER
            found.append(Cleared(self._cause(one, _MISSING), heard))
        return oldest != NEVER and max(one.time) - oldest <= self._window

    def _judged(self, rows: list[_Row]) -> list[Finding]:
        if not rows or self.model is None:
            return []
        found: list[Finding] = []
        for row, score in zip(rows, self.model.predict(np.array([row.value for row in rows])).tolist(), strict=True):
            if score >= self._threshold:
                raised, last = self._raised(row, score), found[-1] if found else None
                if isinstance(last, Raised) and last.cause == raised.cause:
                    found[-1] = merged(last, raised)
                else:
                    found.append(raised)
                row.of.is_active = True
            elif row.of.is_active and score < self._threshold:
                row.of.is_active = False
                found.append(Cleared(self._cause(row.of), row.time))
        return found

    def _raised(self, row: _Row, score: float) -> Raised:
        model, rule = self.model, self.rule
        assert model is not None  # noqa: S101  # for mypy: without a model no row is judged
        inputs = dict(zip(model.features, row.value, strict=True))
        point: dict[str, Any] = {"time": row.time, "value": score, "unit": "", "badness": score}
        point |= {"inputs": inputs, "input_sha256": model.digest(inputs)}
        said = {"rule": rule.name, "model": rule.model, "card": model.uri, "threshold": self._threshold}
        evidence = said | {"seconds": rule.seconds, "late": 0, "first": point, "worst": point, "last": point}
        sensor = row.of.key if rule.per == "sensor" else None
        return Raised(
            self._cause(row.of), "model", rule.severity, sensor, None, row.item, row.place, row.time, row.time, 1,
            evidence,
        )  # fmt: skip

    def _silent(self, one: _Subject, now: int, listening: int, found: list[Finding]) -> None:
        due = self._due(one, listening)
        if self.model is None or one.is_missing or one.since == NEVER or now <= due:
            return
        one.is_missing = True
        renewed = (one.since if time == NEVER else time for time in one.time)
        known = zip(renewed, self.model.features, strict=True)
        lacking = [name for time, name in known if max(time, listening) + self._window <= due]
        rule, by_sensor = self.rule, self.rule.per == "sensor"
        said = {"rule": rule.name, "model": rule.model, "card": self.model.uri, "due": due, "missing": lacking}
        cause, sensor = self._cause(one, _MISSING), one.key if by_sensor else None
        found.append(
            Raised(cause, "missing", rule.severity, sensor, None, one.item, one.place, due, due, 1, said)
        )  # fmt: skip

    def _due(self, one: _Subject, listening: int) -> int:
        """When the first of its inputs must have been renewed."""
        oldest = min(one.since if time == NEVER else time for time in one.time)
        return max(oldest, listening) + self._window

    def _cause(self, one: _Subject, kind: str = "") -> str:
        by_sensor = self.rule.per == "sensor"
        return cause_of(self.rule.name, one.key if by_sensor else "", kind, "" if by_sensor else one.key)

    @property
    def _window(self) -> int:
        return round((self.rule.seconds or 0) * _SECOND)

    @property
    def _threshold(self) -> float:
        given = self.rule.threshold if self.rule.threshold is not None or self.model is None else self.model.threshold
        return np.inf if given is None else given
