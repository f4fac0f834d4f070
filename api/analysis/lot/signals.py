"""What calls for attention, worst first. All that a signal says stands in its fields; `message` puts it in words.

Severities are those of alarms: critical, major, minor, warning. What was found in an ancestor counts one step less:
it is not known to be in every part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from api.names import short
from api.unit_signs import sign

Row = Mapping[str, Any]

SEVERITIES: Final = ("critical", "major", "minor", "warning")
_LEAST_UNKNOWN = 0.05


def signal(
    severity: str, kind: str, item: str, subject: str, message: str, since: str | None, **facts: Any
) -> dict[str, Any]:
    """`kind` is what sort of thing it is, `subject` the quantity, characteristic or analyte that it is about."""
    return {
        "severity": severity,
        "kind": kind,
        "item": short(item),
        "uri": item,
        "subject": subject,
        "message": message,
        "since": since,
        "facts": facts,
    }


def excursions(steps: Iterable[Row], named: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    """Of the steps of a trace's quality: one signal per item, as it is `named`, and quantity beyond its limits."""
    worst: dict[tuple[str, str], Row] = {}
    for step in steps:
        key = (named(step["item"]), step["quantity_kind"])
        if (
            step["verdict"] == "outside"
            and step["seconds_outside"] >= worst.get(key, {"seconds_outside": -1})["seconds_outside"]
        ):
            worst[key] = step
    for (item, kind), step in worst.items():
        facts = {name: step[name] for name in ("minimum", "maximum", "low", "high", "unit", "seconds_outside")}
        above = step["high"] is not None and step["maximum"] is not None and step["maximum"] > step["high"]
        value, limit, word = (
            (step["maximum"], step["high"], "above") if above else (step["minimum"], step["low"], "below")
        )
        message = f"{kind} {value:g} {sign(step['unit'])}, {word} {limit:g} {sign(step['unit'])}"
        if step["seconds_outside"]:
            message += f" for {step['seconds_outside'] / 3600:.1f} h"
        yield signal("major", "excursion", item, kind, message, step["start"] or step["first"], **facts)


def failed_inspections(inspections: Iterable[Row]) -> Iterator[dict[str, Any]]:
    for one in inspections:
        if one["passed"] is False:
            found = "" if one["value"] is None else f": {one['value']:g} {sign(one['unit'])}"
            message = f"{one['characteristic'].replace('_', ' ')} failed{found}"
            facts = {"value": one["value"], "unit": one["unit"], "inspector": one["inspector"]}
            yield signal("major", "inspection", one["item"], one["characteristic"], message, one["time"], **facts)


def residues(results: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Laboratory results beyond their limit: with certainty, or within their uncertainty."""
    for one in results:
        if one["verdict"] not in ("outside", "within_uncertainty"):
            continue
        severity = "critical" if one["verdict"] == "outside" else "warning"
        sure = "beyond" if severity == "critical" else "beyond, within its uncertainty,"
        found, limit = _found_and_limit(one)
        message = f"{one['analyte']} {found} {sign(one['unit'])}, {sure} the limit of {limit:g}"
        facts = {name: one[name] for name in ("value", "unit", "low", "high", "expanded", "certificate")}
        yield signal(severity, "residue", one["item"], one["analyte"], message, one["time"], **facts)


def _found_and_limit(result: Row) -> tuple[str, float]:
    """What was found, and the limit that it is beyond; less than can be measured can only be too little."""
    if result["censored"]:
        return f"< {result['loq']:g}", result["low"]
    too_high = result["high"] is not None and result["value"] > result["high"]
    return f"{result['value']:g}", result["high"] if too_high else result["low"]


def out_of_control(charts: Iterable[Row], item: str) -> Iterator[dict[str, Any]]:
    for chart in charts:
        points = [point for point in chart["points"] if point["signals"]]
        if points:
            rules = sorted({rule for point in points for rule in point["signals"]})
            message = (
                f"{chart['characteristic'].replace('_', ' ')}: {len(points)} of {len(chart['points'])} points signal"
            )
            facts = {"points": len(points), "rules": rules, "set": chart["rules"]["set"]}
            yield signal("minor", "spc", item, chart["characteristic"], message, points[0]["time"], **facts)


def incapable(capabilities: Iterable[Row], item: str) -> Iterator[dict[str, Any]]:
    for one in capabilities:
        if one["verdict"] == "not_capable":
            message = f"{one['characteristic'].replace('_', ' ')}: capability below {one['threshold']:g}"
            facts = {name: one[name] for name in ("judged", "index", "low", "threshold")}
            yield signal("minor", "capability", item, one["characteristic"], message, None, **facts)


def open_closures(closures: Iterable[Row], item: str) -> Iterator[dict[str, Any]]:
    for one in closures:
        if one["out"]:
            message = f"mass closure {100 * one['closure']:.1f} % is unusual for this process"
            yield signal("minor", "mass_balance", item, one["label"], message, one["time"], closure=one["closure"])


def silent(known: float | None, item: str) -> Iterator[dict[str, Any]]:
    """A warning where the time with limits is not known well."""
    if known is not None and known < 1 - _LEAST_UNKNOWN:
        message = f"nothing is known for {100 * (1 - known):.0f} % of the time with limits"
        yield signal("warning", "missing", item, "", message, None, known=known)


def inherited(signals: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The signals of ancestors, as they count for what was made of them."""
    for one in signals:
        lower = SEVERITIES[min(SEVERITIES.index(one["severity"]) + 1, len(SEVERITIES) - 1)]
        yield one | {"severity": lower, "facts": one["facts"] | {"inherited": True}}


def worst_first(signals: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(signals, key=lambda one: (SEVERITIES.index(one["severity"]), one["since"] or "", one["item"]))


def severity_of(signals: Sequence[Row], uris: Container[str]) -> str | None:
    """The worst severity of what was found in these items."""
    found = [SEVERITIES.index(one["severity"]) for one in signals if one["uri"] in uris]
    return SEVERITIES[min(found)] if found else None
