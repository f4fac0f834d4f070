"""The Python ledger: events, commitments, keys, batches, the chain, the store, the trace, proofs, verification.

No HTTP is in here; `api` faces people and programs. Two things about the Ethereum libraries must be settled before
their first import, and so stand at the door of the package: which keccak eth-hash uses, and that py-ecc, which
eth-keyfile imports, does not leave Python's recursion limit at 100,000, where deeply nested JSON ends the process
instead of raising a RecursionError.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("ETH_HASH_BACKEND", "pysha3")

_limit = 1000 if "py_ecc" in sys.modules else sys.getrecursionlimit()  # imported before: CPython's default
import py_ecc  # noqa: E402, F401

sys.setrecursionlimit(_limit)
