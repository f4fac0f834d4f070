"""Which upstream lot, supplier, machine, operator, carrier, place or time window explains the bad items.

Association, not cause: `procedure` says what stands out, `screening` and `separation` give the whole lists.
"""

from __future__ import annotations

from api.quality.root_cause.attributes import ATTRIBUTE, time_windows
from api.quality.root_cause.closure import ancestors, shares
from api.quality.root_cause.exposure import Exposure, exposure
from api.quality.root_cause.procedure import CAUTION, PROCEDURE, Procedure, RootCause, root_cause
from api.quality.root_cause.screening import associate, screen
from api.quality.root_cause.separation import separate

__all__ = [
    "ATTRIBUTE",
    "CAUTION",
    "PROCEDURE",
    "Exposure",
    "Procedure",
    "RootCause",
    "ancestors",
    "associate",
    "exposure",
    "root_cause",
    "screen",
    "separate",
    "shares",
    "time_windows",
]
