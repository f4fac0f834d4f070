"""Missing data: a sensor that was heard and now is not. Driven by the clock, and by the gaps between what arrives.

A sensor (with its quantity kind) is watched from the first reading that arrives fresh, which is within the allowed gap
of its own time; files of the past start no watch. It is due one allowed gap after the time of its newest reading, but
never before one allowed gap since we began to listen. That a reading was due is found by the clock if it ticks in
between, else by the reading that ends the gap: either way the incident begins when the reading was due.
"""

from __future__ import annotations

import numpy as np

from api.quality.live.arrivals import Floats, Moments
from api.quality.live.history import NEVER, Numbers, Stretch
from api.quality.live.rules import Rule

_SECOND = 1_000_000
#: the usual interval is the median of so many
_INTERVALS = 8


class Missing:
    """The state of one rule over all sensors that it is about."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._due = np.full(0, NEVER)  # NEVER: not watched
        self._allowed = np.zeros(0, dtype=np.int64)
        self._silent = np.zeros(0, dtype=bool)

    def arrive(self, stretch: Stretch, arrived: Moments, listening: int) -> list[tuple[int, int, bool]]:
        """(sensor number, when, whether it is missing or back) in order, for sensors whose state changes."""
        if not stretch.at.size:
            return []
        self._grow(int(stretch.series.max()) + 1)
        allowed = self._longest(stretch)
        time, heard = stretch.time[stretch.at], arrived[stretch.row]
        fresh = ~np.isnan(allowed) & (heard - time <= np.nan_to_num(allowed))
        due = np.maximum(time, listening) + np.nan_to_num(allowed).astype(np.int64)
        self._allowed[stretch.series[stretch.last]] = np.nan_to_num(allowed)[stretch.last].astype(np.int64)
        changes: list[tuple[int, int, bool]] = []
        # one sensor at a time only where something may have happened
        ends = np.append(np.flatnonzero(stretch.first)[1:], stretch.at.size)
        for start, end in zip(np.flatnonzero(stretch.first), ends, strict=True):
            self._follow(int(stretch.series[start]), fresh[start:end], due[start:end], heard[start:end], changes)
        return changes

    def tick(self, now: int) -> list[tuple[int, int, bool]]:
        """The sensors that were due before `now`."""
        late = ~self._silent & (self._due != NEVER) & (self._due < now)
        self._silent |= late
        return [(int(number), int(self._due[number]), True) for number in np.flatnonzero(late)]

    def resume(self, silent: Numbers, heard: int, listening: int) -> None:
        """Go on after a pause: `silent` have a live incident; the last reading arrived at `heard`, before the pause.

        Who was due before the pause stays as it was left; of the others nothing is due before they could be heard.
        """
        self.tick(heard)
        self._grow(int(silent.max(initial=-1)) + 1)
        self._silent[silent] = True
        waiting = ~self._silent & (self._due != NEVER)
        self._due[waiting] = np.maximum(self._due, listening + self._allowed)[waiting]

    def _follow(
        self, number: int, fresh: np.ndarray, due: Moments, heard: Moments, changes: list[tuple[int, int, bool]]
    ) -> None:
        known, silent = int(self._due[number]), bool(self._silent[number])
        if fresh.all() and not silent and (heard <= np.append(known if known != NEVER else heard[0], due[:-1])).all():
            self._due[number] = due[-1]
            return
        for is_fresh, next_due, at in zip(fresh.tolist(), due.tolist(), heard.tolist(), strict=True):
            if known != NEVER and at > known and not silent:
                silent = True
                changes.append((number, known, True))
            if is_fresh and silent:
                silent = False
                changes.append((number, at, False))
            if is_fresh or known != NEVER:
                known = next_due
        self._due[number], self._silent[number] = known, silent

    def _longest(self, stretch: Stretch) -> Floats:
        """The longest gap after each reading, in microseconds; NaN while the usual interval is not known."""
        least = round((self._rule.seconds or 0) * _SECOND)
        if self._rule.intervals is None:
            return np.full(stretch.at.size, float(least))
        times = stretch.time[stretch.window(_INTERVALS + 1)]
        known = (times != NEVER).all(axis=1)
        gaps = np.diff(np.where(known[:, None], times, 0), axis=1)
        return np.where(known, np.maximum(self._rule.intervals * np.median(gaps, axis=1), least), np.nan)

    def _grow(self, count: int) -> None:
        more = count - self._due.size
        if more > 0:
            self._due = np.append(self._due, np.full(more, NEVER))
            self._allowed = np.append(self._allowed, np.zeros(more, dtype=np.int64))
            self._silent = np.append(self._silent, np.zeros(more, dtype=bool))
