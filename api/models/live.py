"""Incidents, holds, rules and webhooks over HTTP."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models.common import Model, Time, example

Severity = Literal["critical", "major", "minor", "warning"]
IncidentState = Literal[
    "active_unacknowledged", "active_acknowledged", "cleared_unacknowledged", "cleared_acknowledged"
]
_LOT = "https://id.gs1.org/01/09521000010017/10/H26-114"
_INCIDENT = {
    "id": 12,
    "state": "active_acknowledged",
    "rule": "cold",
    "cause": f"cold|reefer-7|Temperature|{_LOT}",
    "kind": "specification",
    "severity": "major",
    "item": _LOT,
    "place": None,
    "sensor": "reefer-7",
    "quantity_kind": "Temperature",
    "message": f"Temperature of {_LOT}: outside 0 to 5 CEL; at worst 7.4 CEL at 2026-06-01T06:20:00.000Z",
    "evidence": {
        "rule": "cold",
        "low": 0.0,
        "high": 5.0,
        "unit": "CEL",
        "late": 0,
        "first": {"time": "2026-06-01T06:10:00.000Z", "value": 5.6, "unit": "CEL", "badness": 0.6},
        "worst": {"time": "2026-06-01T06:20:00.000Z", "value": 7.4, "unit": "CEL", "badness": 2.4},
        "last": {"time": "2026-06-01T06:25:00.000Z", "value": 6.9, "unit": "CEL", "badness": 1.9},
    },
    "opened_at": "2026-06-01T06:10:00.000Z",
    "last_at": "2026-06-01T06:25:00.000Z",
    "count": 4,
    "cleared_at": None,
    "acknowledged_at": "2026-06-01T06:27:00.000Z",
    "acknowledged_by": "operator",
    "owner": "Ann",
    "due_at": "2026-06-01T08:00:00.000Z",
    "closed_at": None,
    "closed_by": None,
    "cause_code": None,
    "corrective_action": None,
}
_HOLD: dict[str, Any] = {
    "id": 3,
    "item": _LOT,
    "reason": "Above 5 °C for 40 minutes; the laboratory has a sample.",
    "cause_code": "cooling",
    "incident": 12,
    "placed_at": "2026-06-01T06:40:00.000Z",
    "placed_by": "operator",
    "released_at": None,
    "released_by": None,
    "release_reason": None,
}
_RULE: dict[str, Any] = {
    "name": "cold",
    "kind": "specification",
    "severity": "major",
    "quantity_kind": "Temperature",
    "high": 5.0,
}


class IncidentAnswer(Model):
    """One cause that was found, from its opening to its clearance, and what people decided about it."""

    model_config = example(_INCIDENT)

    id: int
    state: IncidentState
    rule: str = Field(description="the rule that found it; empty if none did")
    cause: str = Field(description="the rule and what it is about: at most one live incident has it")
    kind: str
    severity: Severity
    item: str | None
    place: str | None
    sensor: str | None
    quantity_kind: str | None
    message: str
    evidence: dict[str, Any] = Field(description="what was compared, and the measurements: first, worst and last")
    opened_at: Time = Field(description="of the first reading; of missing data, when it was due")
    last_at: Time = Field(description="of the last reading that shows it")
    count: int = Field(ge=1, description="how many readings show it")
    cleared_at: Time | None
    acknowledged_at: Time | None
    acknowledged_by: str | None
    owner: str | None
    due_at: Time | None
    closed_at: Time | None
    closed_by: str | None
    cause_code: str | None
    corrective_action: str | None


class IncidentsAnswer(Model):
    """A page of incidents, the newest first."""

    model_config = example({"incidents": [_INCIDENT], "next": None})

    incidents: list[IncidentAnswer]
    next: int | None = Field(description="`before` of the next page; null: this is the last")


class Owner(BaseModel):
    """Who sees to an incident."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"owner": "Ann", "due_at": "2026-06-01T08:00:00Z"}]}
    )

    owner: str | None = Field(max_length=200, description="null: nobody")
    due_at: str | None = Field(None, description="until when; RFC 3339 with its zone")


class Closing(BaseModel):
    """Why an incident was, and what was done."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"cause_code": "door", "corrective_action": "Closed it; alarm fitted."}]},
    )

    cause_code: str = Field(description="a code of docs/quality-live.md")
    corrective_action: str = Field(min_length=1, max_length=4000)


class HoldAnswer(Model):
    """A lot or item that must not go on."""

    model_config = example(_HOLD)

    id: int
    item: str
    reason: str
    cause_code: str = Field(description="empty if none was given")
    incident: int | None = Field(description="the incident that it was placed for")
    placed_at: Time
    placed_by: str
    released_at: Time | None
    released_by: str | None
    release_reason: str | None


class TracedHold(HoldAnswer):
    """A hold that concerns an item of the trace."""

    model_config = example(_HOLD | {"held_by": _LOT, "items": ["https://id.gs1.org/01/09521000010024/10/M9"]})

    held_by: str = Field(description="the item that the hold is on")
    items: list[str] = Field(description="items of the trace that were made of it or are in it, and itself")


class HoldsAnswer(Model):
    """A page of holds, the newest first."""

    model_config = example({"holds": [_HOLD], "next": None})

    holds: list[HoldAnswer]
    next: int | None = Field(description="`before` of the next page; null: this is the last")


class NewHold(BaseModel):
    """A hold to place."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"item": _LOT, "reason": "Above 5 °C for 40 minutes.", "cause_code": "cooling"}]
        },
    )

    item: str = Field(max_length=2000, description="in any form that Lotmark reads")
    reason: str = Field(min_length=1, max_length=4000)
    cause_code: str = Field("", description="a code of docs/quality-live.md")
    incident: int | None = Field(None, ge=1, le=2**53, description="the incident that it is placed for")


class Release(BaseModel):
    """Why a hold ends."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "The laboratory cleared it."}]}
    )

    reason: str = Field(min_length=1, max_length=4000)


class RuleAnswer(Model):
    """A rule that is run as readings arrive."""

    model_config = example({"name": "cold", "rule": _RULE, "created_at": "2026-06-01T05:00:00.000Z"})

    name: str
    rule: dict[str, Any] = Field(description="the fields that were given")
    created_at: Time


class NewRule(BaseModel):
    """A rule; which fields its kind needs is in docs/quality-live.md."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [_RULE]})

    name: str
    kind: str


class WebhookAnswer(Model):
    """Who is told of incidents and holds."""

    model_config = example(
        {
            "id": 1,
            "url": "https://quality.example/lotmark",
            "created_at": "2026-06-01T05:00:00.000Z",
            "waiting": 0,
            "dropped": 0,
            "last_error": None,
        }
    )

    id: int
    url: str
    created_at: Time
    waiting: int = Field(ge=0, description="deliveries that it has not taken yet")
    dropped: int = Field(ge=0, description="deliveries that were given up, the oldest first, for too many waited")
    last_error: str | None = Field(description="why the first of them failed last")


class MadeWebhook(WebhookAnswer):
    """A webhook with its secret, which is shown only once."""

    model_config = example(
        {
            "id": 1,
            "url": "https://quality.example/lotmark",
            "created_at": "2026-06-01T05:00:00.000Z",
            "waiting": 0,
            "dropped": 0,
            "last_error": None,
            "secret": "5b0c3f7d1e9a",
        }
    )

    secret: str = Field(description="the key of the HMAC-SHA-256 in the header Lotmark-Signature")


class NewWebhook(BaseModel):
    """A webhook to add."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"url": "https://quality.example/lotmark"}]}
    )

    url: str = Field(max_length=2000)


class DeadLetter(Model):
    """A message that could not be read."""

    model_config = example(
        {
            "id": 1,
            "at": "2026-06-01T05:00:00.000Z",
            "source": "farm/reefer-7",
            "payload": '{"time": 3}',
            "size": 11,
            "reason": "reading 0 /time: is no text; expected a text",
        }
    )

    id: int
    at: Time
    source: str
    payload: str = Field(description="its beginning; what is not UTF-8 is escaped")
    size: int
    reason: str
