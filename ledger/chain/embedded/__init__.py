"""The embedded chain: eth-tester's py-evm backend over one SQLite file, for one machine without a network.

It proves nothing against the person who operates it; it is there so that everything else is the same as on a network.
"""

from __future__ import annotations

import sys

# py-evm raises the recursion limit like py-ecc (see the door of the package). The contracts here call one level deep.
_limit = sys.getrecursionlimit()
import eth_tester.backends.pyevm.main  # noqa: E402, F401

sys.setrecursionlimit(_limit)
