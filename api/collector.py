"""Python's cyclic garbage collector, set for a process that captures.

Capturing makes very many objects at once that die without cycles: parsed JSON, leaves, rows. The collector's default
is to look for cycles after every 700 of them, and now and then through all that the program ever imported; that took a
sixth of the time of a capture. Cycles are still collected, only more rarely, so that memory stays bounded.
"""

from __future__ import annotations

import gc

_THRESHOLDS = (50_000, 20, 20)


def relax_collector() -> None:
    """To be called once all is imported and open: what there is now is looked through no more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
