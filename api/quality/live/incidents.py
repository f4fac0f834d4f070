"""Incidents: one live one per cause, from its opening to its clearance, and what people decide about it.

Two things are known of an incident, and neither implies the other (ThingsBoard's alarms): it is *active* until its
cause is over, then *cleared*; it is *unacknowledged* until someone has seen it. A finding of a cause with a live
incident refreshes that one. Cleared is final: the same cause later on is a new incident. Who closes an
incident says why it was and what was done; a live one is thereby cleared, and should its cause go on, the next finding
opens a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from api.quality.live.findings import Raised, merged
from api.quality.live.messages import message_of
from ledger.errors import Conflict, InvalidInput

#: code → what it says; the words beside it are free
CAUSE_CODES = {
    "cooling": "cooling or heating failed",
    "door": "left open, or loading took too long",
    "sensor": "the sensor or its radio was wrong, the goods were not",
    "power": "power failed",
    "material": "the material or its supplier",
    "process": "the process or its settings",
    "machine": "the machine or a tool",
    "people": "a mistake or missing training",
    "transport": "transport took too long or went wrong",
    "planned": "planned: maintenance, cleaning, a test",
    "false_alarm": "nothing was wrong; the rule is too tight",
    "unknown": "not found out",
    "other": "none of these; the words say what",
}


@dataclass(frozen=True, slots=True)
class Incident:
    """Times in microseconds since 1970 in UTC; `evidence` as in `Raised`."""

    cause: str
    kind: str
    severity: str
    item: str | None
    place: str | None
    sensor: str | None
    quantity_kind: str | None
    message: str
    evidence: dict[str, Any]
    opened_at: int
    last_at: int
    count: int
    cleared_at: int | None = None
    acknowledged_at: int | None = None
    acknowledged_by: str | None = None
    owner: str | None = None
    due_at: int | None = None
    closed_at: int | None = None
    closed_by: str | None = None
    cause_code: str | None = None
    corrective_action: str | None = None

    @property
    def is_live(self) -> bool:
        return self.cleared_at is None

    @property
    def state(self) -> str:
        """`active_unacknowledged`, `active_acknowledged`, `cleared_unacknowledged`, `cleared_acknowledged`."""
        seen = "unacknowledged" if self.acknowledged_at is None else "acknowledged"
        return f"{'active' if self.is_live else 'cleared'}_{seen}"


def raised(live: Incident | None, finding: Raised) -> Incident:
    """The incident of a finding: a new one, or the live one refreshed."""
    if live is None:
        return Incident(
            finding.cause, finding.kind, finding.severity, finding.item, finding.place, finding.sensor,
            finding.quantity_kind, message_of(finding), finding.evidence, finding.first_at, finding.last_at,
            finding.count,
        )  # fmt: skip
    if "first" in live.evidence and "first" in finding.evidence:
        before = Raised(
            live.cause, live.kind, live.severity, live.sensor, live.quantity_kind, live.item, live.place,
            live.opened_at, live.last_at, live.count, live.evidence,
        )  # fmt: skip
        whole = merged(before, finding)
    else:
        whole = replace(finding, count=live.count + finding.count, last_at=max(live.last_at, finding.last_at))
    return replace(
        live,
        message=message_of(whole),
        evidence=whole.evidence,
        opened_at=min(live.opened_at, whole.first_at),  # a late reading may show that it began before
        last_at=whole.last_at,
        count=whole.count,
    )


def cleared(incident: Incident, at: int) -> Incident:
    """Its cause is over. Never before it began."""
    return incident if not incident.is_live else replace(incident, cleared_at=max(at, incident.opened_at))


def acknowledged(incident: Incident, by: str, at: int) -> Incident:
    """Someone has seen it; the first who did counts."""
    if incident.acknowledged_at is not None:
        return incident
    return replace(incident, acknowledged_at=at, acknowledged_by=by)


def owned(incident: Incident, owner: str | None, due_at: int | None) -> Incident:
    """Who sees to it, and until when. Raises Conflict once it is closed."""
    _require_open(incident)
    return replace(incident, owner=owner, due_at=due_at)


def closed(incident: Incident, by: str, at: int, cause_code: str, corrective_action: str) -> Incident:
    """Why it was and what was done. Raises InvalidInput for an unknown code, Conflict if it is closed already."""
    _require_open(incident)
    require_cause_code(cause_code)
    if not corrective_action.strip():
        raise InvalidInput("nothing is said about what was done", where="/corrective_action", expected="a sentence")
    seen = cleared(acknowledged(incident, by, at), at)
    return replace(seen, closed_at=at, closed_by=by, cause_code=cause_code, corrective_action=corrective_action.strip())


def require_cause_code(code: str) -> str:
    if code not in CAUSE_CODES:
        raise InvalidInput(f"unknown cause code {code!r}", where="/cause_code", expected=" or ".join(CAUSE_CODES))
    return code


def _require_open(incident: Incident) -> None:
    if incident.closed_at is not None:
        raise Conflict("this incident is closed", advice="If its cause comes again, that is a new incident.")
