"""Whether the condition of a rule holds at each reading of a batch, for all series at once.

Every answer depends only on the readings of the same series that arrived before: cutting them into other batches
changes nothing. What a rule must remember longer than `History` does, it keeps per series.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from api.quality.cold_chain.ageing import Q10
from api.quality.live.arrivals import Floats, Moments
from api.quality.live.history import NEVER, Flags, Numbers, Runs, Stretch
from api.quality.live.rules import Rule
from api.quality.spc.rules import rule_set, run_rules

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Readings in order of arrival; `value` in the reference unit of its kind; `stretch` has those not late."""

    series: Numbers
    time: Moments
    value: Floats
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Verdict:
    """Per reading of a batch: the condition holds, it is over, how bad it is (more is worse); it may be neither."""

    holds: Flags
    over: Flags
    badness: Floats


class Detector(Protocol):
    def judge(self, batch: Batch) -> Verdict: ...


#: low and high, per series number, in the reference unit
Bounds = Callable[[Numbers], tuple[Floats, Floats]]


def spread(batch: Batch, holds: Flags, over: Flags, badness: Floats) -> Verdict:
    """A verdict on the readings in order, as one on the batch: of late ones nothing is said."""
    size = batch.series.size
    whole = Verdict(np.zeros(size, dtype=bool), np.zeros(size, dtype=bool), np.zeros(size))
    row = batch.stretch.row
    whole.holds[row], whole.over[row], whole.badness[row] = holds, over, badness
    return whole


class Beyond:
    """specification, excursion: a value outside its limits; a late one counts, unless a stretch of time is asked."""

    def __init__(self, rule: Rule, bounds: Bounds) -> None:
        self._bounds, self._margin = bounds, rule.span(rule.hysteresis)
        self._open_after = round((rule.seconds or 0) * _SECOND) if rule.kind == "excursion" else 0
        self._clear_after = round(rule.clear_after * _SECOND)
        self._outside, self._inside = Runs(), Runs()

    def judge(self, batch: Batch) -> Verdict:
        low, high = self._bounds(batch.series)
        beyond = np.fmax(np.fmax(low - batch.value, batch.value - high), -np.inf)  # a missing limit cannot be broken
        holds, over = beyond > 0, beyond <= -self._margin
        stretch = batch.stretch
        times, ordered = stretch.time[stretch.at], stretch.row
        inside = self._inside.since(stretch, over[ordered], times)
        calm = (inside != NEVER) & (times - np.maximum(inside, 0) >= self._clear_after)
        outside = self._outside.since(stretch, holds[ordered], times)
        lasts = (outside != NEVER) & (times - np.maximum(outside, 0) >= self._open_after)
        verdict = spread(batch, lasts, calm, beyond[ordered])
        if not self._open_after:
            verdict.holds[:], verdict.badness[:] = holds, beyond
        return verdict


class Changing:
    """rate: too much since a reading at least `over` seconds before; noise of readings milliseconds apart is no rate.

    Of each series so many readings are kept that there is one for every sixteenth of `over`; until one is old enough,
    nothing is said.
    """

    def __init__(self, rule: Rule) -> None:
        self._most, self._over = rule.span(rule.rate or 0.0), round(rule.over * _SECOND)
        self._margin = rule.span(rule.hysteresis)
        self._kept: defaultdict[int, deque[tuple[int, float]]] = defaultdict(deque)

    def judge(self, batch: Batch) -> Verdict:
        stretch = batch.stretch
        now, value = stretch.time[stretch.at], stretch.value[stretch.at]
        rows = zip(stretch.series.tolist(), now.tolist(), value.tolist(), strict=True)
        base = np.array([self._base(*row) for row in rows], dtype=np.float64).reshape(-1, 2)
        change = np.abs(value - base[:, 1]) / ((now - base[:, 0]) / (60 * _SECOND))
        return spread(batch, change > self._most, change <= self._most - self._margin, np.nan_to_num(change))

    def _base(self, series: int, now: int, value: float) -> tuple[float, float]:
        """Time and value of the newest reading that is kept and old enough; NaN if none is."""
        kept = self._kept[series]
        while len(kept) > 1 and kept[1][0] <= now - self._over:
            kept.popleft()
        base = kept[0] if kept and kept[0][0] <= now - self._over else (math.nan, math.nan)
        if not kept or now - kept[-1][0] >= self._over // 16:
            kept.append((now, value))
        return base


class Stuck:
    """stuck: the value stays as it was."""

    def __init__(self, rule: Rule) -> None:
        self._least, self._tolerance = round((rule.seconds or 0) * _SECOND), rule.span(rule.tolerance)
        self._readings, self._runs = rule.readings, Runs()

    def judge(self, batch: Batch) -> Verdict:
        stretch = batch.stretch
        now, before = stretch.at, stretch.at - 1
        same = np.abs(stretch.value[now] - stretch.value[before]) <= self._tolerance
        since = self._runs.since(stretch, same, stretch.time[before])
        lasting = stretch.time[now] - np.maximum(since, 0)
        oldest = stretch.time[now - self._readings + 1]
        holds = (since != NEVER) & (lasting >= self._least) & (oldest >= since)
        moved = ~same & ~np.isnan(stretch.value[before])
        return spread(batch, holds, moved, np.where(holds, lasting / _SECOND, 0.0))


class Forecast:
    """forecast: the least-squares line through the last values leaves the limits soon."""

    def __init__(self, rule: Rule) -> None:
        self._low, self._high = rule.point(rule.low), rule.point(rule.high)
        self._horizon, self._length = rule.horizon or 0.0, rule.readings

    def judge(self, batch: Batch) -> Verdict:
        stretch = batch.stretch
        window = stretch.window(self._length)
        value = stretch.value[window]
        full = np.asarray(~np.isnan(value).any(axis=1))
        seconds = np.where(full[:, None], stretch.time[window] - stretch.time[stretch.at][:, None], 0) / _SECOND
        slope, now = _line(seconds, np.where(full[:, None], value, 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.where(slope > 0, (self._high - now) / slope, (self._low - now) / slope)
        current = stretch.value[stretch.at]
        within = ~(current > self._high) & ~(current < self._low)
        soon = full & within & (slope != 0) & (left <= self._horizon)
        urgency = self._horizon - np.where(soon, np.maximum(left, 0.0), self._horizon)
        return spread(batch, soon, full & within & ~soon, urgency)


def _line(seconds: Floats, value: Floats) -> tuple[Floats, Floats]:
    """Slope per second and value at second 0 of each row's least-squares line; column by column, so that every row is
    added up in the same order whatever stands beside it."""
    count = seconds.shape[1]
    mean_t, mean_v = _total(seconds) / count, _total(value) / count
    t, v = seconds - mean_t[:, None], value - mean_v[:, None]
    spread_t = _total(t * t)
    slope = np.divide(_total(t * v), spread_t, out=np.zeros(len(t)), where=spread_t > 0)
    return slope, mean_v - slope * mean_t


def _total(columns: Floats) -> Floats:
    total = np.zeros(columns.shape[0])
    for column in columns.T:
        total = total + column
    return total


class ControlChart:
    """spc: run rules against limits that were frozen, each reading a point."""

    def __init__(self, rule: Rule) -> None:
        self._center, self._sigma = rule.point(rule.center), rule.span(rule.sigma or 1.0)
        self._rules = rule_set(rule.rules)

    def judge(self, batch: Batch) -> Verdict:
        stretch = batch.stretch
        z = (stretch.value - self._center) / self._sigma
        fires = np.asarray(run_rules(z, self._rules).any(axis=1))[stretch.at]
        return spread(batch, fires, ~fires, np.abs(z[stretch.at]))


class ShelfLife:
    """shelf_life: less is left than the way still takes. Between two readings the warmer one counts: time without any
    reading is never taken for good."""

    def __init__(self, rule: Rule) -> None:
        self._model = Q10(rule.q10 or 1.0, rule.reference or 0.0)
        self._life, self._arrives = rule.life or 0.0, rule.arrival
        self._used = np.zeros(0)

    def judge(self, batch: Batch) -> Verdict:
        stretch = batch.stretch
        missing = int(stretch.series.max(initial=-1)) + 1 - self._used.size
        if missing > 0:
            self._used = np.append(self._used, np.zeros(missing))
        now, before = stretch.at, stretch.at - 1
        known = ~np.isnan(stretch.value[before])
        warmer = np.where(known, np.fmax(stretch.value[now], stretch.value[before]), 0.0)
        seconds = np.where(known, stretch.time[now] - np.where(known, stretch.time[before], 0), 0) / _SECOND
        used = self._added(stretch, np.where(known, self._model.rate(warmer) * seconds, 0.0))
        left = self._life - used
        way = np.maximum(self._arrives - stretch.time[now], 0) / _SECOND
        return spread(batch, left < way, left >= way, way - left)

    def _added(self, stretch: Stretch, more: Floats) -> Floats:
        """What is used up at each reading: series by series, added in order."""
        used = np.empty_like(more)
        bounds = [*np.flatnonzero(stretch.first), more.size]
        for start, end in pairwise(bounds):
            series = stretch.series[start]
            used[start:end] = np.cumsum(np.append(self._used[series], more[start:end]))[1:]
            self._used[series] = used[end - 1]
        return used
