"""Incidents and holds between the store's rows, the state machine's form, and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Row

from api.quality.live import Incident
from ledger.events import format_time

_FIELDS = tuple(field.name for field in fields(Incident))
_POINTS = ("first", "worst", "last")


def incident_of(row: Row[Any]) -> Incident:
    values = {name: getattr(row, name) for name in _FIELDS}
    return Incident(**values | {"evidence": json.loads(row.evidence)})


def row_of(incident: Incident) -> dict[str, Any]:
    return asdict(incident) | {"evidence": to_json(incident.evidence)}


def incident_form(id: int, incident: Incident) -> dict[str, Any]:
    """As HTTP and webhooks show it."""
    form = {name: value for name, value in asdict(incident).items() if name != "evidence"}
    times = {name: _time(value) for name, value in form.items() if name.endswith("_at")}
    rule = str(incident.evidence.get("rule", ""))
    return {"id": id, "state": incident.state, "rule": rule} | form | times | {"evidence": _evidence(incident.evidence)}


def hold_form(row: Row[Any]) -> dict[str, Any]:
    names = ("id", "item", "reason", "cause_code", "placed_by", "released_by", "release_reason")
    form = {name: getattr(row, name) for name in names}
    return form | {
        "incident": row.incident_id,
        "placed_at": _time(row.placed_at),
        "released_at": _time(row.released_at),
    }


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def _evidence(evidence: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(evidence)
    for name in _POINTS:
        if isinstance(shown.get(name), dict):
            shown[name] = shown[name] | {"time": format_time(shown[name]["time"])}
    if isinstance(shown.get("due"), int):
        shown["due"] = format_time(shown["due"])
    return shown


def _time(value: int | None) -> str | None:
    return None if value is None else format_time(value)
