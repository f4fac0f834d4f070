"""The embedded chain: eth-tester's py-evm backend over one SQLite file, for one machine without a network.

It proves nothing against the person who operates it; it is there so that everything else is the same as on a network.
"""

from __future__ import annotations
