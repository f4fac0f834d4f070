"""The collector is asked less often, but asked: memory stays bounded."""

from __future__ import annotations

import subprocess
import sys

_CYCLES = """
import gc, resource
from api.collector import relax_collector

class Knot:
    def __init__(self):
        self.me, self.load = self, bytearray(1000)

relax_collector()
assert gc.isenabled() and gc.get_freeze_count()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(1_000_000):
    Knot()
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
assert grown < 200, grown  # a gigabyte was made
"""


def test_cycles_are_still_collected() -> None:
    done = subprocess.run([sys.executable, "-c", _CYCLES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
