"""Closed windows of event time, in microseconds, and unions of them.

Both ends belong to a window: what happens in the very moment of packing or unpacking still happens to the contents.
"""

from __future__ import annotations

Window = tuple[int, int]
#: disjoint windows in ascending order
Windows = tuple[Window, ...]

BEGINNING = -(2**63)
END = 2**63 - 1
ALWAYS: Window = (BEGINNING, END)


def overlap(one: Window, other: Window) -> Window | None:
    """What the two have in common, which may be a single moment."""
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return (low, high) if low <= high else None


def overlap_all(windows: Windows, other: Window) -> list[Window]:
    return [common for window in windows if (common := overlap(window, other))]


def holds(windows: Windows, time: int) -> bool:
    return any(low <= time <= high for low, high in windows)


def covers(windows: Windows, window: Window) -> bool:
    """Whether `window` lies inside one of `windows`."""
    return any(low <= window[0] and window[1] <= high for low, high in windows)


def union(windows: Windows, window: Window) -> Windows:
    apart, (low, high) = [], window
    for each in windows:
        if overlap(each, window):
            low, high = min(low, each[0]), max(high, each[1])
        else:
            apart.append(each)
    return tuple(sorted([*apart, (low, high)]))
