"""What the evaluation of rules says: a cause is there, or is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Raised:
    """The condition of a rule held, `count` times from `first_at` to `last_at` (microseconds).

    `evidence` holds what the rule compared with and the measurements: `first`, `worst` and `last`, each with time and
    value in `unit`.
    """

    cause: str
    kind: str
    severity: str
    sensor: str | None
    quantity_kind: str | None
    item: str | None
    place: str | None
    first_at: int
    last_at: int
    count: int
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cleared:
    """The condition no longer holds, since a reading (or its arrival) at `at`."""

    cause: str
    at: int


Finding: TypeAlias = Raised | Cleared


def cause_of(rule: str, sensor: str, quantity_kind: str, subject: str) -> str:
    """The one name of a cause: the rule, and what it is about."""
    return "|".join((rule, sensor, quantity_kind, subject))


def merged(one: Raised, other: Raised) -> Raised:
    """Both as one finding: of the same cause, `other` having arrived later."""
    before, after = one.evidence, other.evidence
    together = after | {
        "first": min(before["first"], after["first"], key=lambda point: point["time"]),
        "worst": max(before["worst"], after["worst"], key=lambda point: point["badness"]),
        "last": max(before["last"], after["last"], key=lambda point: point["time"]),
        "late": before["late"] + after["late"],
    }
    return Raised(
        one.cause, one.kind, one.severity, one.sensor, one.quantity_kind, one.item, one.place,
        min(one.first_at, other.first_at), max(one.last_at, other.last_at), one.count + other.count, together,
    )  # fmt: skip
