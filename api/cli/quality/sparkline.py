"""A control chart in one line of a terminal: a block per point between its limits, signals in red, gaps empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text

_BLOCKS = "▁▂▃▄▅▆▇█"
_LONGEST = 100


def sparkline(points: Sequence[dict[str, Any]]) -> Text:
    """The latest points; the lowest and the highest block are as far out as any point or limit."""
    latest = points[-_LONGEST:]
    figures = [point[name] for point in latest for name in ("value", "lower", "upper") if point[name] is not None]
    low, high = min(figures, default=0), max(figures, default=1)
    line = Text("  ")
    for point in latest:
        if point["value"] is None:
            line.append("·", style="dim")
            continue
        share = (point["value"] - low) / (high - low) if high > low else 0.5
        line.append(_BLOCKS[min(int(share * len(_BLOCKS)), len(_BLOCKS) - 1)], style=_style(point))
    return line


def _style(point: dict[str, Any]) -> str:
    return "bold red" if point["signals"] else "dim" if point["excluded"] else "green"
