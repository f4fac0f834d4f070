"""Capture jobs, as EPCIS 2.0 §12.6 names their members, and how many events were new."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.models.common import Model, Time, example
from ledger.events import format_time
from ledger.store.jobs import Job

ErrorBehaviour = Literal["rollback", "proceed"]


class CaptureError(Model):
    """One thing wrong in the document."""

    type: str = "epcisException:ValidationException"
    title: str
    where: str = Field(description="event index and JSON pointer, or line and column")
    expected: str
    advice: str


class CaptureJob(Model):
    """A document that was accepted, and what became of it."""

    model_config = example(
        {
            "captureID": "0b5f4c52-8f1c-4b3a-9a53-5e1c8f1f0f6e",
            "createdAt": "2026-06-01T05:30:00.125Z",
            "finishedAt": "2026-06-01T05:30:00.160Z",
            "running": False,
            "success": True,
            "captureErrorBehaviour": "rollback",
            "organisation": "https://id.gs1.org/417/9521000000001",
            "captured": 12,
            "known": 0,
            "errors": [],
        }
    )

    captureID: str
    createdAt: Time
    finishedAt: Time | None
    running: bool
    success: bool = Field(description="no error so far")
    captureErrorBehaviour: ErrorBehaviour
    organisation: str = Field(description="the URI of the organisation whose events they are")
    captured: int = Field(ge=0, description="events that are new to this ledger")
    known: int = Field(ge=0, description="events that it had already")
    errors: list[CaptureError]


def capture_job(job: Job, organisation: str) -> CaptureJob:
    return CaptureJob(
        captureID=job.id,
        createdAt=format_time(job.created_at),
        finishedAt=None if job.finished_at is None else format_time(job.finished_at),
        running=job.finished_at is None,
        success=job.success,
        captureErrorBehaviour="proceed" if job.error_behaviour == "proceed" else "rollback",
        organisation=organisation,
        captured=job.captured,
        known=job.known,
        errors=[
            CaptureError(title=each.message, where=each.where, expected=each.expected, advice=each.advice)
            for each in job.problems
        ],
    )
