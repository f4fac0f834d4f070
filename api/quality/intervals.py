"""Half-open intervals of time in groups, as parallel arrays of integers (microseconds): unions, lengths, longest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Intervals:
    """[start, end) of each group; `union` makes them disjoint."""

    group: Ints
    start: Ints
    end: Ints

    def where(self, keep: npt.NDArray[np.bool_]) -> Intervals:
        return Intervals(self.group[keep], self.start[keep], self.end[keep])

    def and_also(self, other: Intervals) -> Intervals:
        """Both lists, one after the other."""
        return Intervals(
            np.concatenate([self.group, other.group]),
            np.concatenate([self.start, other.start]),
            np.concatenate([self.end, other.end]),
        )

    def clip(self, start: Ints, end: Ints) -> Intervals:
        """Each group's intervals as far as they lie within [start, end) of that group."""
        return Intervals(self.group, np.maximum(self.start, start[self.group]), np.minimum(self.end, end[self.group]))

    def rest(self, start: Ints, end: Ints) -> Intervals:
        """What a union within [start, end) of each group leaves of it, empty intervals included."""
        groups = np.arange(len(start), dtype=np.int64)
        group = np.concatenate([groups, self.group])
        begins = np.concatenate([start, self.end])
        order = np.lexsort((begins, group))
        group, begins = group[order], begins[order]
        until = np.concatenate([self.start, end])
        until = until[np.lexsort((until, np.concatenate([self.group, groups])))]
        return Intervals(group, begins, until)

    def union(self) -> Intervals:
        """The same points of time in the fewest intervals, ordered; those that touch become one."""
        nonempty = self.where(self.end > self.start)
        if not len(nonempty.group):
            return nonempty
        order = np.lexsort((nonempty.start, nonempty.group))
        group, start, end = nonempty.group[order], nonempty.start[order], nonempty.end[order]
        changes = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
        reach = _running_maximum(end, changes)
        begins = np.ones(len(group), dtype=bool)
        begins[1:] = (group[1:] != group[:-1]) | (start[1:] > reach[:-1])
        first = np.flatnonzero(begins)
        last = np.append(first[1:], len(group)) - 1
        return Intervals(group[first], start[first], reach[last])

    def length(self, groups: int) -> Ints:
        """The total length in each of `groups` groups; of a union, the time covered."""
        total = np.zeros(groups, dtype=np.int64)
        np.add.at(total, self.group, self.end - self.start)
        return total

    def longest(self, groups: int) -> Ints:
        """The length of the longest interval in each of `groups` groups."""
        longest = np.zeros(groups, dtype=np.int64)
        np.maximum.at(longest, self.group, self.end - self.start)
        return longest


def _running_maximum(values: Ints, group_starts: Ints) -> Ints:
    """The running maximum that begins anew at each of `group_starts`."""
    distinct, rank = np.unique(values, return_inverse=True)
    number = np.zeros(len(values), dtype=np.int64)
    number[group_starts[1:]] = 1
    lifted = rank + np.cumsum(number) * len(distinct)
    return np.asarray(distinct[np.maximum.accumulate(lifted) % len(distinct)])
