"""The genealogy out of a trace or out of the whole store, as the frames that `api.quality.join` takes.

Only what stands counts: no event that was declared wrong, no declaration. For a caller without a key the events are the
open ones alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, exists, select

from api.quality.columns import EVENT, MENTION, TIME_DTYPE
from api.quality.join.containment import containment
from api.quality.join.genealogy import edges
from api.quality.join.transformations import Transformations, transformations_of
from ledger.hexadecimal import hex_of
from ledger.store.insert import chunks
from ledger.store.tables import correction, event, mention
from ledger.trace import Trace, TraceEvent
from ledger.trace.naming import TRANSFORMATION

#: an event with what makes several of them one transformation, and the process that it is of
EVENT_COLUMNS = (*EVENT, "organisation", "transformation", "biz_step")
MENTION_COLUMNS = (*MENTION, "quantity", "uom", "lot", "kind")


@dataclass(frozen=True, slots=True)
class History:
    """Frames `EVENT_COLUMNS` and `MENTION_COLUMNS`, the events by time; an event is named by its commitment in hex."""

    events: pd.DataFrame
    mentions: pd.DataFrame

    @property
    def lots(self) -> dict[str, str]:
        """The lot of each serial item that an event names with its lot."""
        named = self.mentions[self.mentions["lot"].notna()]
        return dict(zip(named["item"], named["lot"], strict=True))

    def transformations(self) -> Transformations:
        inside = containment(self.events, self.mentions)
        return transformations_of(self.events, self.mentions, inside=inside, lots=self.lots)

    def genealogy(self) -> pd.DataFrame:
        """A frame with the columns `GENEALOGY`."""
        return edges(self.transformations())


def genealogy_of_store(connection: Connection, *, only_open: bool = False) -> pd.DataFrame:
    """Every edge "went into" that the store knows, a frame with the columns `GENEALOGY`."""
    return history_of_store(connection, only_open=only_open).genealogy()


def genealogy_of_trace(trace: Trace) -> pd.DataFrame:
    """The edges of a trace, a frame with the columns `GENEALOGY`; the trace's own word on certainty counts."""
    found = history_of_trace(trace).genealogy()
    doubtful = {(edge.source, edge.target) for edge in trace.edges if edge.certainty == "possible"}
    doubt = pd.Series(
        [pair in doubtful for pair in zip(found["parent"], found["child"], strict=True)], index=found.index, dtype=bool
    )
    return found.assign(certainty=found["certainty"].mask(doubt, "possible"))


def history_of_trace(trace: Trace) -> History:
    """What a trace's events say."""
    standing = [each for each in trace.events if each.stands]
    facts = [
        (
            hex_of(each.commitment), each.event_time, each.type, each.action, each.biz_location,
            hex_of(each.organisation.id), _transformation(each), each.biz_step,
        )
        for each in standing
    ]  # fmt: skip
    named = [
        (hex_of(each.commitment), one.item, one.role, one.quantity, one.uom, one.lot, one.kind)
        for each in standing
        for one in each.mentions
    ]
    return _history(facts, named)


def history_of_store(connection: Connection, *, only_open: bool = False) -> History:
    """What all standing events of the store say."""
    stands = standing(only_open=only_open)
    return _read(connection, [stands], [stands])


def history_of_events(connection: Connection, numbers: Iterable[int]) -> History:
    """What the store's events of these ids say."""
    some = list(chunks(sorted(numbers)))
    return _read(connection, [event.c.id.in_(each) for each in some], [mention.c.event_id.in_(each) for each in some])


def standing(*, only_open: bool = False) -> ColumnElement[bool]:
    """Of the table `event`: neither a declaration of an error nor declared wrong itself."""
    is_wrong = exists().where(correction.c.corrected_id == event.c.id)
    stands = ~event.c.is_error_declaration & ~is_wrong
    return stands & event.c.is_open if only_open else stands


def _read(
    connection: Connection, of_events: Iterable[ColumnElement[bool]], of_mentions: Iterable[ColumnElement[bool]]
) -> History:
    columns = (
        event.c.event_time, event.c.id, event.c.commitment, event.c.type, event.c.action, event.c.biz_location,
        event.c.organisation_id, event.c.transformation_id, event.c.biz_step,
    )  # fmt: skip
    rows = [row for each in of_events for row in connection.execute(select(*columns).where(each))]
    rows.sort(key=lambda row: (row[0], row[1]))
    facts = [(hex_of(row[2]), row[0], *row[3:6], hex_of(row[6]), *row[7:]) for row in rows]
    names = (mention.c.item, mention.c.role, mention.c.quantity, mention.c.uom, mention.c.lot, mention.c.kind)
    statement = (
        select(event.c.commitment, *names)
        .join(event, event.c.id == mention.c.event_id)
        .order_by(mention.c.event_id, mention.c.position)
    )
    named = [row for each in of_mentions for row in connection.execute(statement.where(each))]
    return _history(facts, [(hex_of(row[0]), *row[1:]) for row in named])


def _transformation(each: TraceEvent) -> str | None:
    name = each.body.get("transformationID") if each.type == TRANSFORMATION else None
    return name if isinstance(name, str) else None


def _history(facts: Sequence[Iterable[Any]], named: Sequence[Iterable[Any]]) -> History:
    events = pd.DataFrame(facts, columns=list(EVENT_COLUMNS))
    events["time"] = pd.to_datetime(events["time"], unit="us", utc=True).astype(TIME_DTYPE)
    mentions = pd.DataFrame(named, columns=list(MENTION_COLUMNS)).astype({"quantity": "float64"})
    return History(events, mentions)
