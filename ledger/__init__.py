"""The Python ledger: events, commitments, keys, batches, the chain, the store, the trace, proofs and their verification.

No HTTP is in here; `api` faces people and programs. The choice of keccak below must precede the first import of eth-hash,
which every Ethereum library makes, and so it stands at the door of the package.
"""

from __future__ import annotations

import os

os.environ.setdefault("ETH_HASH_BACKEND", "pysha3")
