"""Which upstream lot, supplier, machine, operator, container, place or time window explains the bad items of a store.

The items judged are those that were inspected for a characteristic, or those that the caller names as bad, and as good;
the genealogy is all transformations that the store knows. Attributes come from events (places, containers, who made it
and when) and from production runs (machine, operator, shift, supplier). What happened to an item after it was inspected
explains nothing and takes no part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from api.analysis.genealogy import History, history_of_store
from api.analysis.quality_store import inspections_frame, runs_frame, specifications_frame
from api.quality.join.containment import containment
from api.quality.join.steps import steps
from api.quality.plain import plain
from api.quality.root_cause import PROCEDURE, exposure, root_cause, time_windows
from api.quality.root_cause.closure import upstream
from api.quality.root_cause.outcomes import outcomes
from ledger.errors import NotFound
from ledger.store import Store, organisations

#: a GS1 class with what may follow its GTIN
_CLASS = re.compile(r"(https://id\.gs1\.org/01/\d{14})/")
_OF_RUNS = {"equipment": "machine", "operator": "operator", "shift": "shift", "supplier": "supplier"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a characteristic's inspections in [start, end) (microseconds), or items named `bad` and `good`.

    `judged` says when named items were, if that is known.

    Without `good`, the good ones are all other items of the bad ones' classes that were made of something. Time windows
    are `width` long (such as `8h`); None: none. `levels` is how far up is looked.
    """

    characteristic: str | None = None
    bad: Sequence[str] = ()
    good: Sequence[str] = ()
    judged: Mapping[str, pd.Timestamp] = field(default_factory=dict)
    start: int | None = None
    end: int | None = None
    levels: int | None = None
    width: str | None = "8h"


def explain(store: Store, question: Question) -> dict[str, Any]:
    """The alarms and both lists, as JSON can carry them. Raises NotFound where no item is bad, or none is known."""
    with store.read() as connection:
        history = history_of_store(connection)
        genealogy = history.genealogy()
        outcome = _outcome(connection, question, history, genealogy)
        judged = outcome.dropna()
        items = [str(item) for item in judged.index]
        edges = upstream(genealogy, items, question.levels)
        attributes = _attributes(connection, history, {*items, *edges["parent"]}, question.width)
        attributes = _before_they_were_judged(connection, question, attributes)
    found = exposure(items, genealogy, attributes, minimum=PROCEDURE.minimum, levels=question.levels)
    result = root_cause(found, judged.to_numpy() > 0, unknown=int(outcome.isna().sum()))
    return {"characteristic": question.characteristic, "bad_items": judged.index[judged > 0].to_list(), **plain(result)}


def _outcome(connection: Connection, question: Question, history: History, genealogy: pd.DataFrame) -> pd.Series[float]:
    """1 bad, 0 good, NaN unknown, by item."""
    if question.bad:
        good = question.good or _sisters(question.bad, genealogy)
        named = {**dict.fromkeys(good, 0.0), **dict.fromkeys(question.bad, 1.0)}
        return pd.Series(named, dtype="float64").sort_index()
    rows = inspections_frame(connection, characteristic=question.characteristic, start=question.start, end=question.end)
    if rows.empty:
        raise NotFound(
            f"nothing was inspected for {question.characteristic!r}",
            advice="Import inspections, or name the bad items themselves.",
        )
    found = outcomes(rows, specifications_frame(connection), lots=dict(history.lots))
    if not (found > 0).any():
        raise NotFound(
            f"no item failed {question.characteristic!r}; {int(found.isna().sum())} of {len(found)} have no verdict",
            advice="A value counts where a specification says within what it must stay.",
        )
    return found


def _sisters(bad: Collection[str], genealogy: pd.DataFrame) -> list[str]:
    """Other items of the same classes that were made of something; of a name without class, all such items."""
    made = genealogy["child"].drop_duplicates()
    of = made.map(class_of)
    wanted = {class_of(item) for item in bad}
    return sorted(made[of.isin(wanted)])


def class_of(item: str) -> str:
    """The GTIN's URI of a lot or serial item; '' for a name without."""
    match = _CLASS.match(item)
    return match[1] if match else ""


def _attributes(connection: Connection, history: History, items: set[str], width: str | None) -> pd.DataFrame:
    """ATTRIBUTE rows of these items, with `time`."""
    events, mentions = history.events, history.mentions
    inside = containment(events, mentions)
    inside = inside[inside["item"].isin(items)]
    stays = steps(events, mentions, inside, items)
    runs = runs_frame(connection, items=items)
    made = mentions[(mentions["role"] == "output") & mentions["item"].isin(items)].merge(events, on="event")
    makers = {"0x" + one.id.hex(): one.uri for one in organisations.list_all(connection)}
    parts = [
        _named(stays["item"], "place", stays["place"], stays["start"]),
        _named(inside["item"], "container", inside["container"], inside["start"]),
        _named(made["item"], "maker", made["organisation"].map(makers), made["time"]),
        *(_named(runs["item"], kind, runs[column], runs["start"]) for column, kind in _OF_RUNS.items()),
    ]
    if width is not None:
        moments = pd.concat([made[["item", "time"]], runs[["item", "start"]].rename(columns={"start": "time"})])
        parts.append(time_windows(moments, width=width))
    return pd.concat(parts, ignore_index=True)


def _before_they_were_judged(connection: Connection, question: Question, attributes: pd.DataFrame) -> pd.DataFrame:
    """Without what happened to an item after it was judged: a quarantine follows from a failure."""
    if question.bad:
        when: Mapping[Any, pd.Timestamp] = question.judged
    else:
        wanted = question.characteristic
        rows = inspections_frame(connection, characteristic=wanted, start=question.start, end=question.end)
        when = rows.groupby("item")["time"].max().to_dict()
    judged = pd.to_datetime(attributes["item"].map(when), utc=True)
    return attributes[~(attributes["time"] >= judged)]


def _named(items: pd.Series[str], kind: str, names: pd.Series[str], times: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    frame = pd.DataFrame({"item": items, "kind": kind, "name": names.astype(object), "time": times})
    return frame[frame["name"].notna() & (frame["name"] != "")]
