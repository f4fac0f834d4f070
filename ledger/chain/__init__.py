"""The chain: one narrow port, the embedded chain and any Ethereum node behind it, and the two contracts through it.

Knows no store and no HTTP framework. Begin at `connect`; what it returns is a `port.Chain`.
"""

from __future__ import annotations

from .connect import connect
from .port import Block, Chain, Fees, Log, Receipt

__all__ = ["Block", "Chain", "Fees", "Log", "Receipt", "connect"]
