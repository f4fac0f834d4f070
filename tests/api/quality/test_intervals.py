"""Unions and rests of intervals, against sets of integers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.intervals import Intervals

some = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(0, 30)), max_size=30)


def intervals(rows: list[tuple[int, int, int]]) -> Intervals:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Intervals(columns[0], columns[1], columns[2])


def points(group: int, found: Intervals) -> set[int]:
    rows = zip(found.group, found.start, found.end, strict=True)
    return {point for g, start, end in rows if g == group for point in range(start, end)}


@given(some)
@settings(deadline=None, max_examples=300)
def test_a_union_has_the_same_points_in_disjoint_intervals(rows: list[tuple[int, int, int]]) -> None:
    given_ = intervals(rows)
    union = given_.union()
    for group in range(4):
        covered = points(group, given_)
        assert points(group, union) == covered
        assert union.length(4)[group] == len(covered)
        mine = union.group == group
        assert (union.start[mine][1:] > union.end[mine][:-1]).all()


@given(some, st.integers(0, 30), st.integers(0, 30))
@settings(deadline=None, max_examples=300)
def test_the_rest_is_what_the_union_leaves(rows: list[tuple[int, int, int]], one: int, other: int) -> None:
    start, end = np.full(4, min(one, other)), np.full(4, max(one, other))
    rest = intervals(rows).clip(start, end).union().rest(start, end)
    for group in range(4):
        assert points(group, rest) == set(range(start[0], end[0])) - points(group, intervals(rows))
