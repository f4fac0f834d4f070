"""Which items of a trace are the one in question: a serial item with its lot, or a lot with its serial items."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from api.analysis.trace_quality import lots_of
from ledger.identifiers import Item, Kind
from ledger.trace import Role, Trace


@dataclass(frozen=True, slots=True)
class Family:
    """`own` are the URIs that the item goes by, `ancestors` what it is made of; `lots` is serial item → lot."""

    uri: str
    lot: str | None
    own: frozenset[str]
    ancestors: frozenset[str]
    lots: dict[str, str]

    def named(self, uri: str) -> str:
        """Under what an item is shown: the one in question for its own, the lot of any other that has one."""
        return self.uri if uri in self.own else self.lots.get(uri, uri)

    def by_lot(self, genealogy: pd.DataFrame) -> pd.DataFrame:
        """A frame GENEALOGY with items under the names that they are shown under."""
        return genealogy.assign(
            parent=[self.named(uri) for uri in genealogy["parent"]],
            child=[self.named(uri) for uri in genealogy["child"]],
        )


def family_of(trace: Trace, item: Item) -> Family:
    """Of the item that the trace began at."""
    lots = {serial: lot for serial, lot in lots_of(trace).items() if lot}
    lot = lots.get(item.uri, item.lot)
    serials = {one.uri for one in trace.items if one.role is Role.SERIAL} if item.kind is Kind.LOT else set()
    own = frozenset({item.uri, *([lot] if lot else []), *serials})
    ancestors = frozenset(one.uri for one in trace.items if one.role is Role.ANCESTOR) - own
    return Family(item.uri, lot, own, ancestors, lots)
