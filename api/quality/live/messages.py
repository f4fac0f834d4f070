"""What an incident says to people, in one sentence, from its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.quality.live.findings import Raised
from ledger.events import format_time

Evidence = Mapping[str, Any]


def message_of(finding: Raised) -> str:
    """A sentence; times in UTC, values in the unit that they came in."""
    about = finding.quantity_kind or finding.kind
    subject = finding.item or finding.place
    write = _WORDS.get(finding.kind)
    said = write(finding.evidence) if write else str(finding.evidence.get("reason", finding.kind))
    where = f" of {subject}" if subject else ""
    return f"{about}{where}: {said}" + (f" (sensor {finding.sensor})" if finding.sensor else "")


def _point(point: Mapping[str, Any]) -> str:
    return f"{point['value']:g} {point['unit']} at {format_time(point['time'])}"


def _limits(evidence: Evidence) -> str:
    unit = f" {evidence['unit']}" if evidence.get("unit") else ""
    low, high = evidence.get("low"), evidence.get("high")
    if low is not None and high is not None:
        return f"{low:g} to {high:g}{unit}"
    return f"at most {high:g}{unit}" if high is not None else f"at least {low:g}{unit}"


def _breach(evidence: Evidence) -> str:
    return f"outside {_limits(evidence)}; at worst {_point(evidence['worst'])}"


def _excursion(evidence: Evidence) -> str:
    return f"longer than {evidence['seconds']:g} s outside {_limits(evidence)}; at worst {_point(evidence['worst'])}"


def _forecast(evidence: Evidence) -> str:
    return f"will leave {_limits(evidence)} within {evidence['horizon']:g} s if it goes on; {_point(evidence['last'])}"


def _rate(evidence: Evidence) -> str:
    return f"changed by {evidence['worst']['badness']:g} per minute; {_point(evidence['worst'])}"


def _stuck(evidence: Evidence) -> str:
    return f"the same value for {evidence['worst']['badness']:g} s; {_point(evidence['last'])}"


def _missing(evidence: Evidence) -> str:
    due = format_time(evidence["due"])
    if "missing" in evidence:
        return f"model {evidence['model']} cannot be asked: {', '.join(evidence['missing'])} was due at {due}"
    return f"silent; a reading was due at {due}"


def _spc(evidence: Evidence) -> str:
    worst = evidence["worst"]
    if "fired_by_spread" in worst:
        limits = f"frozen limits, version {evidence['version']}"
        return f"out of control ({evidence['rules']}; {limits}): {worst['label']}, {_point(worst)}"
    return f"a run rule ({evidence['rules']}) fired {worst['badness']:.1f} sigma from the centre at worst"


def _model(evidence: Evidence) -> str:
    worst, limit = evidence["worst"], evidence["threshold"]
    said = (
        f"model {evidence['model']} gives {worst['value']:.3g} (alarm from {limit:.3g}) at {format_time(worst['time'])}"
    )
    moved = [f"{each['input']} {each['contribution']:+.2g}" for each in worst.get("moved_by", [])]
    return f"{said}, moved by {', '.join(moved)}" if moved else said


def _shelf_life(evidence: Evidence) -> str:
    return f"the life left is {evidence['worst']['badness'] / 3600:.1f} h too short to arrive at {evidence['arrives']}"


_WORDS: dict[str, Callable[[Evidence], str]] = {
    "specification": _breach,
    "excursion": _excursion,
    "forecast": _forecast,
    "rate": _rate,
    "stuck": _stuck,
    "missing": _missing,
    "spc": _spc,
    "model": _model,
    "shelf_life": _shelf_life,
}
