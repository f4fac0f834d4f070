"""Commitments to events: 32 bytes that bind one event of one organisation, reveal nothing and survive redaction.

Pure: no files, no network, no store, and no knowledge of EPCIS beyond the few fields that are never hidden.
The byte specification is docs/commitment.md; test vectors are in tests/vectors/commitment.json.
"""

from __future__ import annotations

from ledger.commitment.disclosure import Disclosure, Structure
from ledger.commitment.event_tree import Commitment, EventTree, commit
from ledger.commitment.redaction import NEVER_HIDDEN, RedactedEvent, all_but, redact, whole
from ledger.commitment.shape import check_shape, rebuild

__all__ = [
    "NEVER_HIDDEN",
    "Commitment",
    "Disclosure",
    "EventTree",
    "RedactedEvent",
    "Structure",
    "all_but",
    "check_shape",
    "commit",
    "rebuild",
    "redact",
    "whole",
]
