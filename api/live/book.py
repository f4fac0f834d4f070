"""Writing down what rules find and what people decide: the incident, the change, and what is owed to webhooks, at once.

Every function takes a connection of a write transaction and does all its work in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from api.live.forms import hold_form, incident_form, incident_of, row_of, to_json
from api.quality.live import Cleared, Finding, Incident, Raised, incidents
from ledger.store import changes, holds
from ledger.store import incidents as rows
from ledger.store.clock import now


def write(connection: Connection, findings: Sequence[Finding]) -> int:
    """Open, refresh and clear incidents; how many were opened or cleared, which is what others are told of."""
    found = rows.live_by_cause(connection, sorted({finding.cause for finding in findings}))
    live = {cause: (int(row.id), incident_of(row)) for cause, row in found.items()}
    told = 0
    for finding in findings:
        id, before = live.get(finding.cause, (None, None))
        if isinstance(finding, Raised):
            after = incidents.raised(before, finding)
            live[finding.cause] = rows.put(connection, row_of(after), id), after
            if before is None:
                told += _tell(connection, "incident.opened", live[finding.cause][0], after)
        elif id is not None and before is not None:
            after = incidents.cleared(before, finding.at)
            rows.put(connection, row_of(after), id)
            told += _tell(connection, "incident.cleared", id, after)
            del live[finding.cause]
    return told


def acknowledge(connection: Connection, id: int, by: str) -> dict[str, Any]:
    return _decide(connection, id, "incident.acknowledged", lambda one: incidents.acknowledged(one, by, now()))


def own(connection: Connection, id: int, owner: str | None, due_at: int | None) -> dict[str, Any]:
    return _decide(connection, id, "incident.owned", lambda one: incidents.owned(one, owner, due_at))


def close(connection: Connection, id: int, by: str, cause_code: str, corrective_action: str) -> dict[str, Any]:
    return _decide(
        connection,
        id,
        "incident.closed",
        lambda one: incidents.closed(one, by, now(), cause_code, corrective_action),
    )


def clear_rule(connection: Connection, name: str) -> None:
    """The rule is gone: what it found is over."""
    causes = [cause for cause in rows.live_causes(connection) if cause.partition("|")[0] == name]
    write(connection, [Cleared(cause, now()) for cause in causes])


def hold(
    connection: Connection, item: str, *, reason: str, by: str, cause_code: str, incident_id: int | None
) -> dict[str, Any]:
    """Raises NotFound for an incident that is not there, Conflict if the item is held already."""
    if incident_id is not None:
        rows.get(connection, incident_id)
    placed = hold_form(
        holds.place(connection, item, reason=reason, by=by, cause_code=cause_code, incident_id=incident_id)
    )
    changes.add(connection, "hold.placed", to_json(placed))
    return placed


def release(connection: Connection, id: int, *, by: str, reason: str) -> dict[str, Any]:
    released = hold_form(holds.release(connection, id, by=by, reason=reason))
    changes.add(connection, "hold.released", to_json(released))
    return released


def _decide(connection: Connection, id: int, event: str, decide: Callable[[Incident], Incident]) -> dict[str, Any]:
    before = incident_of(rows.get(connection, id))
    after = decide(before)
    if after != before:
        rows.put(connection, row_of(after), id)
        _tell(connection, event, id, after)
    return incident_form(id, after)


def _tell(connection: Connection, event: str, id: int, incident: Incident) -> int:
    changes.add(connection, event, to_json(incident_form(id, incident)))
    return 1
