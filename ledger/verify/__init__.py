"""Verification of bundles: pure, in numbered steps, against what the verifier brings. No account, no database, no
files.
"""

from __future__ import annotations

from ledger.verify.named_items import Relation
from ledger.verify.procedure import verify
from ledger.verify.trust import Checkpoint, Trust
from ledger.verify.verified import Completeness, Verified, VerifiedEvent
from ledger.verify.witness import ChainWitness, KeyRange, OpenItemLog, RecordLog

__all__ = [
    "ChainWitness",
    "Checkpoint",
    "Completeness",
    "KeyRange",
    "OpenItemLog",
    "RecordLog",
    "Relation",
    "Trust",
    "Verified",
    "VerifiedEvent",
    "verify",
]
