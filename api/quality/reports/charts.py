"""The charts of a report: control charts, the strip of a cold chain, results against limits, mass closure.

They show what the page shows, from the same data. Specification limits are solid and labelled as such, control limits
dashed: the one says what the customer wants, the other what the process does. Time without readings is hatched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import matplotlib.dates as dates
import numpy as np
from matplotlib.axes import Axes

from api.quality.reports.drawing import CONTROL, DATA, GRID, INK, QUIET, SIGNAL, SPECIFICATION, UNKNOWN, drawn
from api.quality.reports.words import CHARTS, Words
from api.unit_signs import sign

Json = Mapping[str, Any]


def control_chart(chart: Json, words: Words) -> str:
    """A control chart as `spc` gives it: points with their limits and signals, and the specification if any."""
    points: Sequence[Json] = chart["points"]
    x = np.arange(len(points))
    values = _floats(points, "value")

    def draw(axes: Axes) -> None:
        for name in ("lower", "upper"):
            axes.step(x, _floats(points, name), where="mid", color=CONTROL, linestyle=(0, (4, 2)), linewidth=1)
        axes.step(x, _floats(points, "center"), where="mid", color=CONTROL, linewidth=0.8)
        axes.plot(x, values, color=DATA, linewidth=1, marker="o", markersize=3)
        _mark_signals(axes, points, values)
        _specify(axes, chart.get("specification") or {}, words)
        _label(axes, x, _labels(points))
        axes.set_ylabel(_named(chart))

    return drawn(draw, label=f"{words(CHARTS[chart['kind']])} {chart['characteristic']}")


def strip(measured: Json, words: Words) -> str:
    """What all sensors of one quantity said over time, with the limits; where none spoke, hatched."""

    def draw(axes: Axes) -> None:
        for series in measured["series"]:
            axes.plot(
                [_moment(time) for time in series["times"]],
                [np.nan if value is None else value for value in series["values"]],
                linewidth=1,
                drawstyle="steps-post",
                label=series["sensor"][:_NAME],
            )
        for gap in measured["gaps"]:
            axes.axvspan(
                _moment(gap["from"]),
                _moment(gap["until"]),
                facecolor="none",
                edgecolor=UNKNOWN,
                hatch="////",
                linewidth=0,
            )
        _specify(axes, measured, words)
        locator = dates.AutoDateLocator()  # type: ignore[no-untyped-call]
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
        axes.set_ylabel(sign(measured["unit"]))
        if 1 < len(measured["series"]) <= _LEGEND:
            axes.legend(frameon=False, fontsize=5.5, ncols=2, loc="lower left", bbox_to_anchor=(0, 1))

    return drawn(draw, label=f"{measured['quantity_kind']} {measured['unit']}")


def results_chart(results: Sequence[Json], words: Words) -> str:
    """Laboratory values as part of their limit, with the expanded uncertainty; below quantification an open bar."""
    shown = [one for one in results if one.get("high")]

    def draw(axes: Axes) -> None:
        for row, one in enumerate(reversed(shown)):
            limit = one["high"]
            if one["value"] is None:
                axes.barh(row, (one["loq"] or 0) / limit, height=0.5, facecolor="none", edgecolor=DATA, linestyle=":")
                continue
            bad = one.get("verdict") == "outside"
            spread = (one.get("uncertainty") or 0) / limit
            axes.barh(row, one["value"] / limit, height=0.5, color=SIGNAL if bad else DATA, xerr=spread, ecolor=INK)
        axes.axvline(1, color=SPECIFICATION, linewidth=1.6)
        axes.set_yticks(range(len(shown)), [one["analyte"] for one in reversed(shown)])
        axes.set_xlabel(words("share of the limit"))
        axes.set_xlim(left=0)

    return drawn(draw, height=0.7 + 0.25 * max(1, len(shown)), label=words("laboratory results"))


def closure_chart(closures: Sequence[Json], words: Words) -> str:
    """Mass out over mass in, per run of each process, within what the process itself has shown."""
    x = np.arange(len(closures))

    def draw(axes: Axes) -> None:
        for name in ("lower", "upper"):
            axes.step(x, _floats(closures, name), where="mid", color=CONTROL, linestyle=(0, (4, 2)), linewidth=1)
        values = _floats(closures, "closure")
        axes.plot(x, values, color=DATA, linewidth=0, marker="o", markersize=4)
        bad = np.array([bool(one.get("out")) for one in closures])
        axes.plot(x[bad], values[bad], color=SIGNAL, linewidth=0, marker="D", markersize=5)
        axes.axhline(1, color=GRID, linewidth=0.8, zorder=0)
        _label(axes, x, [str(one.get("label", "")) for one in closures])
        axes.set_ylabel(words("mass closure"))

    return drawn(draw, label=words("mass closure"))


_LEGEND = 6
_TICKS = 12
_LABEL = 12
_NAME = 60


def _floats(rows: Sequence[Json], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([np.nan if row.get(name) is None else row[name] for row in rows], dtype=np.float64)


def _mark_signals(axes: Axes, points: Sequence[Json], values: np.ndarray[Any, Any]) -> None:
    for index, point in enumerate(points):
        if point.get("excluded"):
            axes.plot(index, values[index], marker="x", color=QUIET, markersize=6, linewidth=0)
        elif point.get("signals"):
            axes.plot(index, values[index], marker="D", color=SIGNAL, markersize=5, linewidth=0)
            rules = ",".join(str(rule) for rule in point["signals"])
            axes.annotate(
                rules, (index, values[index]), textcoords="offset points", xytext=(0, 5), ha="center", color=SIGNAL
            )


def _specify(axes: Axes, limits: Json, words: Words) -> None:
    for name in ("low", "high"):
        if limits.get(name) is not None:
            axes.axhline(limits[name], color=SPECIFICATION, linewidth=1.6)
            axes.annotate(
                words("limit"),
                (1, limits[name]),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                xytext=(2, 0),
                va="center",
                color=SPECIFICATION,
                fontsize=6,
            )
    if limits.get("target") is not None:
        axes.axhline(limits["target"], color=SPECIFICATION, linewidth=0.6, linestyle=":")


def _label(axes: Axes, x: np.ndarray[Any, Any], labels: Sequence[str]) -> None:
    step = max(1, -(-len(x) // _TICKS))
    axes.set_xticks(x[::step], labels[::step], fontsize=6)


def _labels(points: Sequence[Json]) -> list[str]:
    """What names the points; where labels repeat, their times."""
    labels = [_short(point.get("label") or point.get("index", "")) for point in points]
    if 2 * len(set(labels)) < len(labels) and all(point.get("time") for point in points):
        return [f"{point['time'][5:10]} {point['time'][11:16]}" for point in points]
    return labels


def _short(label: object) -> str:
    """The end of a label, where what tells it from the next one is."""
    return str(label).rsplit(":", 1)[-1].rsplit("/", 1)[-1][-_LABEL:]


def _named(chart: Json) -> str:
    return f"{chart['characteristic']}{' / ' + sign(chart['unit']) if chart.get('unit') else ''}".replace("_", " ")


def _moment(text: str) -> float:
    """As matplotlib counts days."""
    return float(dates.date2num(datetime.fromisoformat(text)))  # type: ignore[no-untyped-call]
