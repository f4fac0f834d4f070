"""The series that were seen: what each is about, and which rules are about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from api.quality.live.arrivals import Arrivals, Floats
from api.quality.live.history import Flags, Numbers
from api.quality.live.rules import Rule, reference_unit
from api.quality.units import compatible, convert


class Series(NamedTuple):
    """One quantity of one sensor, of one item or place."""

    sensor: str
    quantity_kind: str
    item: str | None
    place: str | None

    @property
    def subject(self) -> str:
        return self.item or self.place or ""


class Registry:
    """Numbers for series and for sensors, in order of appearance; for each rule, which series it is about."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self.series: list[Series] = []
        self._number: dict[Series, int] = {}
        self.sensors: list[tuple[str, str]] = []
        self._sensor: dict[tuple[str, str], int] = {}
        self._applies = np.zeros((len(rules), 0), dtype=bool)

    def numbers(self, arrivals: Arrivals) -> Numbers:
        """The number of each reading's series."""
        rows = zip(arrivals.sensor, arrivals.quantity_kind, arrivals.item, arrivals.place, strict=True)
        number, known = self._number, len(self.series)
        found = []
        for row in rows:
            at = number.get(row)  # type: ignore[call-overload]  # a plain tuple equals its named one
            if at is None:
                at = number[Series(*row)] = len(number)
                self.series.append(Series(*row))
            found.append(at)
        if len(self.series) > known:
            more = [[rule.applies(*each) for each in self.series[known:]] for rule in self._rules]
            self._applies = np.hstack(
                [self._applies, np.array(more, dtype=bool).reshape(len(self._rules), len(self.series) - known)]
            )
        return np.array(found, dtype=np.int64)

    def sensor_numbers(self, arrivals: Arrivals) -> Numbers:
        """The number of each reading's sensor with its quantity kind."""
        found = [self.sensor_number(*pair) for pair in zip(arrivals.sensor, arrivals.quantity_kind, strict=True)]
        return np.array(found, dtype=np.int64)

    def sensor_number(self, sensor: str, quantity_kind: str) -> int:
        pair = (sensor, quantity_kind)
        at = self._sensor.get(pair)
        if at is None:
            at = self._sensor[pair] = len(self.sensors)
            self.sensors.append(pair)
        return at

    def applies(self, rule: int, series: Numbers) -> Flags:
        return np.asarray(self._applies[rule, series])


def comparable(arrivals: Arrivals) -> Floats:
    """The values in the reference units of their kinds; one whose unit measures something else stays as it is."""
    value = np.array(arrivals.value, dtype=np.float64)
    pairs = list(zip(arrivals.unit, arrivals.quantity_kind, strict=True))
    for unit, kind in dict.fromkeys(pairs):
        reference = reference_unit(kind)
        if reference and reference != unit and compatible(unit, reference):
            here = np.fromiter((pair == (unit, kind) for pair in pairs), dtype=bool, count=len(pairs))
            value[here] = convert(value[here], unit, reference)
    return value


#: low and high that the specifications give for a subject, kind and market, in the reference unit; NaN: there is none
Specified = Callable[[str, str, str], tuple[float, float]]
