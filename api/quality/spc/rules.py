"""Run rules: when a series of points says that the process has changed, though no point need be beyond its limits.

Sources: Nelson, Journal of Quality Technology 16(4), 1984 (rules 1 to 8); Western Electric, Statistical Quality Control
Handbook, 1956 (rules 1 to 4). Packages differ in what they call a rule, so that a signal carries its set, version and
dialect. What is settled here:

* Points are in units of sigma from their own centre. *Beyond* is strict: a point on a limit is not beyond it.
  Differences below 1e-9 sigma are rounding.
* A point on the centre line is on neither side. Equal neighbours neither rise nor fall.
* Dialect of Nelson's rule 3: `six_points` (five increases) as published, or `six_increases` (seven points), as some
  packages have it.
* A rule fires at every point that completes it. The point that completes *k of m* is itself beyond, and k points are
  enough at the start, where there are not yet m.
* A missing point is not a point: every run and window ends before it and begins anew after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: of the definitions in this file; stored with every signal
VERSION = 1
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Which rules are applied, and in which reading of them."""

    set: str
    version: int
    dialect: str
    rules: tuple[int, ...]

    def only(self, allowed: Sequence[int]) -> RuleSet:
        """The same set with those of its rules that are `allowed`."""
        return replace(self, rules=tuple(rule for rule in self.rules if rule in allowed))


NELSON = RuleSet("nelson", VERSION, "six_points", (1, 2, 3, 4, 5, 6, 7, 8))
NELSON_SIX_INCREASES = replace(NELSON, dialect="six_increases")
WESTERN_ELECTRIC = RuleSet("western_electric", VERSION, "handbook", (1, 2, 3, 4))
LIMITS_ONLY = RuleSet("limits", VERSION, "strict", (1,))

#: name on the command line and over HTTP → the set
RULE_SETS = {
    "nelson": NELSON,
    "nelson_six_increases": NELSON_SIX_INCREASES,
    "western_electric": WESTERN_ELECTRIC,
    "limits": LIMITS_ONLY,
}

#: (set, rule) → what it means, for people
MEANINGS = {
    ("nelson", 1): "one point beyond 3 sigma",
    ("nelson", 2): "nine points in a row on one side of the centre",
    ("nelson", 3): "six points in a row rising or falling",
    ("nelson", 4): "fourteen points in a row alternating up and down",
    ("nelson", 5): "two of three points beyond 2 sigma on one side",
    ("nelson", 6): "four of five points beyond 1 sigma on one side",
    ("nelson", 7): "fifteen points in a row within 1 sigma",
    ("nelson", 8): "eight points in a row beyond 1 sigma, on both sides",
    ("western_electric", 1): "one point beyond 3 sigma",
    ("western_electric", 2): "two of three points beyond 2 sigma on one side",
    ("western_electric", 3): "four of five points beyond 1 sigma on one side",
    ("western_electric", 4): "eight points in a row on one side of the centre",
    ("limits", 1): "one point beyond its limits",
}


def rule_set(name: str) -> RuleSet:
    """A rule set by its name. Raises InvalidInput."""
    if name not in RULE_SETS:
        raise InvalidInput(f"unknown rules {name!r}", expected=" or ".join(RULE_SETS))
    return RULE_SETS[name]


def meaning(rules: RuleSet, rule: int) -> str:
    """What a rule of this set and dialect looks for."""
    if rules.dialect == "six_increases" and rule == 3:
        return "six increases or decreases in a row"
    return MEANINGS.get((rules.set, rule), f"rule {rule}")


def run_rules(z: npt.ArrayLike, rules: RuleSet = NELSON) -> Flags:
    """Where each rule fires: one row per point, one column per rule of `rules.rules`.

    `z`: points in sigma units from their centre, in order of time; NaN where there is none.
    """
    points = _Points(np.asarray(z, dtype=np.float64))
    found = np.zeros((points.z.size, len(rules.rules)), dtype=bool)
    for column, rule in enumerate(rules.rules):
        found[:, column] = _fires(points, rules, rule)
    return found


def fired(z: npt.ArrayLike, rules: RuleSet = NELSON) -> npt.NDArray[np.object_]:
    """The numbers of the rules that fire at each point, as tuples."""
    flags = run_rules(z, rules)
    combination = flags @ (1 << np.arange(len(rules.rules), dtype=np.int64))
    distinct, where = np.unique(combination, return_inverse=True)
    tuples = np.empty(distinct.size, dtype=object)
    tuples[:] = [tuple(rule for bit, rule in enumerate(rules.rules) if each >> bit & 1) for each in distinct]
    return np.asarray(tuples[where])


def _fires(points: _Points, rules: RuleSet, rule: int) -> Flags:
    if rules.set == "western_electric":
        return {
            1: lambda: points.some_beyond(3, 1, 1),
            2: lambda: points.some_beyond(2, 2, 3),
            3: lambda: points.some_beyond(1, 4, 5),
            4: lambda: points.one_side(8),
        }[rule]()
    return {
        1: lambda: points.some_beyond(3, 1, 1),
        2: lambda: points.one_side(9),
        3: lambda: points.trend(5 if rules.dialect == "six_points" else 6),
        4: lambda: points.alternating(14),
        5: lambda: points.some_beyond(2, 2, 3),
        6: lambda: points.some_beyond(1, 4, 5),
        7: lambda: points.within(1, 15),
        8: lambda: points.outside(1, 8),
    }[rule]()


class _Points:
    """A series in sigma units, and the patterns in it; each answers for every point whether it completes one."""

    def __init__(self, z: Floats) -> None:
        self.z = z
        self._number = np.arange(z.size)
        # the first point of the unbroken stretch that each point belongs to
        missing = np.where(np.isnan(z), self._number, -1)
        self._begins = np.maximum.accumulate(missing) + 1 if z.size else missing

    def some_beyond(self, sigmas: float, enough: int, of: int) -> Flags:
        """`enough` of the last `of` points beyond, all on one side, the last among them."""
        above = self._some(self.z > sigmas + _ROUNDING, enough, of)
        return above | self._some(self.z < -sigmas - _ROUNDING, enough, of)

    def one_side(self, length: int) -> Flags:
        return _run(self.z > _ROUNDING, length) | _run(self.z < -_ROUNDING, length)

    def trend(self, steps: int) -> Flags:
        step = self._steps()
        return _run(step > 0, steps) | _run(step < 0, steps)

    def alternating(self, length: int) -> Flags:
        step = self._steps()
        turns = np.zeros(step.size, dtype=bool)
        turns[1:] = step[1:] * step[:-1] < 0
        return _run(turns, length - 2)

    def within(self, sigmas: float, length: int) -> Flags:
        return _run(np.abs(self.z) <= sigmas + _ROUNDING, length)

    def outside(self, sigmas: float, length: int) -> Flags:
        """`length` points in a row beyond, not all on one side."""
        run = _run(np.abs(self.z) > sigmas + _ROUNDING, length)
        above = self._count(self.z > 0, length)
        return run & (above > 0) & (above < length)

    def _some(self, beyond: Flags, enough: int, of: int) -> Flags:
        return beyond & (self._count(beyond, of) >= enough)

    def _count(self, flags: Flags, of: int) -> npt.NDArray[np.int64]:
        """How many of the last `of` points, as far as the stretch reaches back, have the flag."""
        total = np.concatenate([[0], np.cumsum(flags)])
        since = np.minimum(np.maximum(self._number - of + 1, self._begins), self._number + 1)
        return np.asarray(total[self._number + 1] - total[since])

    def _steps(self) -> npt.NDArray[np.int8]:
        """1 where a point is above the one before it, −1 where below, 0 where equal, or where either is missing."""
        with np.errstate(invalid="ignore"):
            step = np.diff(self.z, prepend=np.nan) if self.z.size else self.z
        return (step > _ROUNDING).astype(np.int8) - (step < -_ROUNDING).astype(np.int8)


def _run(flags: Flags, length: int) -> Flags:
    """Where at least `length` flags in a row end."""
    number = np.arange(flags.size)
    return flags & (number - np.maximum.accumulate(np.where(flags, -1, number)) >= length) if flags.size else flags
