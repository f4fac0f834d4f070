"""How much longer an item keeps, where a specification says how long its kind does.

The specification of the characteristic `shelf_life` (a time such as 14 DAY; its `high`, else its `target`) holds at
4 °C; ageing doubles every 10 °C (Q10 = 2). Time that no reading speaks for counts at 0 °C in the best case and at 25 °C
in the worst. Other kinetics: `lotmark quality shelf-life`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection

from api.analysis.cold_chain import shelf_life_of, temperatures_of
from api.analysis.process_data import specification_of
from api.quality.cold_chain.ageing import Q10
from api.quality.plain import plain
from ledger.errors import NotFound
from ledger.trace import Trace

_MODEL, _PLAUSIBLE = Q10(2.0, 4.0), (0.0, 25.0)
_DAY = 86_400


def life_left(connection: Connection, trace: Trace, item: str) -> dict[str, Any] | None:
    """In days as of the last reading, best and worst case; None without a specification or a single temperature."""
    kept = specification_of(connection, "shelf_life", item, None, "DAY")
    days = None if kept is None else kept.high if kept.high is not None else kept.target
    if days is None:
        return None
    told = temperatures_of(connection, trace, item, pd.Timestamp.now(tz="UTC").as_unit("us"))
    if told.empty:
        return None
    until = told["end"].max()
    try:
        found = shelf_life_of(
            connection,
            trace,
            item,
            model=_MODEL,
            shelf_life=pd.Timedelta(days=days),
            since=None,
            until=until,
            plausible=_PLAUSIBLE,
            known=told,
        )
    except NotFound:
        return None
    return {
        "least": plain(found.remaining_least / _DAY),
        "most": plain(found.remaining_most / _DAY),
        "of": days,
        "until": plain(until),
        "verdict": found.verdict,
    }
