"""Recording: captured events become signed batches, batches become records on chain, records move events to final.

`batching` signs, `sending` carries, `following` watches, `recorder` goes round. What each state means and what a kill
leaves at each point is in docs/reliability.md.
"""

from __future__ import annotations

from ledger.recording.batching import Limits, header_of, open_items_of, sign_next
from ledger.recording.following import ChainRewritten, Position, follow
from ledger.recording.recorder import Progress, Recorder
from ledger.recording.sending import Sender

__all__ = [
    "ChainRewritten",
    "Limits",
    "Position",
    "Progress",
    "Recorder",
    "Sender",
    "follow",
    "header_of",
    "open_items_of",
    "sign_next",
]
