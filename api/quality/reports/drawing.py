"""Drawing with matplotlib: figures to SVG that can stand inside a page, with text as text.

matplotlib keeps its settings for the whole process, so one figure is drawn at a time.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from api.quality.reports.font import FAMILY, font_file

INK, QUIET, GRID = "#1d2733", "#6b7785", "#dde3e8"
#: told apart by those who do not tell red from green
DATA, CONTROL, SPECIFICATION, SIGNAL, UNKNOWN = "#1f5f8b", "#5a6b7a", "#b3541e", "#c4261d", "#9aa5b1"

_DRAWING = threading.Lock()
_SETTINGS: Any = {
    "font.family": FAMILY,
    "font.size": 8.0,
    "svg.fonttype": "none",
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "hatch.linewidth": 0.6,
    "hatch.color": UNKNOWN,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "timezone": "UTC",
}


def drawn(draw: Callable[[Axes], None], *, width: float = 7.0, height: float = 1.9, label: str) -> str:
    """What `draw` put on the axes, as an `<svg>` element of that size in inches.

    `label` is its text alternative, and tells its inner names from those of other charts.
    """
    with _DRAWING, matplotlib.rc_context(_SETTINGS | {"svg.hashsalt": label}):
        _add_font()
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.subplots())
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None, "Title": label})
    svg = written.getvalue()
    svg = re.sub(r"<g id=\"[^\"]*\">", "<g>", svg[svg.index("<svg") :])  # names would clash with the next chart's
    return svg.replace("<svg ", '<svg role="img" ', 1)


@cache
def _add_font() -> None:
    fontManager.addfont(str(font_file()))
