"""The lot screen as data; the page and the reports show what is here, and nothing else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from api.analysis.data_quality import late_readings
from api.analysis.genealogy import history_of_trace
from api.analysis.laboratory import WORST_FIRST
from api.analysis.lot import signals as s
from api.analysis.lot.attributes import attributes_of
from api.analysis.lot.cold_chain import known_share, measured_along
from api.analysis.lot.disposition import disposition_of, record_of
from api.analysis.lot.family import family_of
from api.analysis.lot.history import history_behind
from api.analysis.lot.inspections import summarised
from api.analysis.lot.process import capabilities_of, charts_of
from api.analysis.lot.relatives import amounts_into, children_of, parents_of, sisters_of, upstream_of
from api.analysis.lot.shelf_life import life_left
from api.analysis.lot_masses import movements_of
from api.analysis.names import demonstration_in, names_of
from api.analysis.quality_store import results_frame, specifications_frame
from api.analysis.trace_quality import along_the_way, inspections_of, lots_of, quality_along
from api.live.forms import incident_form, incident_of
from api.names import called, short
from api.quality.agriculture.mass_balance import closure_chart, closures, lot_balances
from api.quality.agriculture.residues import judge_results
from api.quality.join.composition import composition
from api.quality.join.genealogy import edges
from api.quality.join.transformations import Transformations
from api.quality.plain import plain
from ledger.errors import NotFound
from ledger.identifiers import Item, parse_item
from ledger.store import Store, incidents, measured
from ledger.trace import Trace

#: shown of each item
_INCIDENTS = 20


def lot_of(store: Store, item: str, *, market: str = "") -> dict[str, Any]:
    """Everything about one item. Raises InvalidInput for what is no identifier, NotFound where nothing is known of it.

    `market` is where its laboratory results are judged for. Its shape is documented in docs/quality.md.
    """
    parsed = parse_item(item)
    with store.read() as connection:
        try:
            found = history_behind(connection, item)
        except NotFound:
            if not _is_measured(connection, parsed.uri):
                raise
            found = Trace(parsed.uri, "both", None, (), (), (), ())
        return _lot(connection, parsed, found, market)


def _is_measured(connection: Connection, uri: str) -> bool:
    return bool(measured.inspections(connection, items=[uri]) or measured.results(connection, items=[uri]))


def _lot(connection: Connection, parsed: Item, found: Trace, market: str) -> dict[str, Any]:
    names, family = names_of(connection), family_of(found, parsed)
    uri, own = parsed.uri, family.own
    history = history_of_trace(found)
    transformations = history.transformations()
    genealogy = family.by_lot(edges(transformations))
    moved = movements_of(connection, history, transformations)

    way = along_the_way(connection, found, [*own, *family.ancestors])
    quality = quality_along(connection, found, way)
    steps = [step for step in quality if step["item"] in own]
    inspected = inspections_of(connection, [*own, *family.ancestors])
    inspections = [one for one in inspected if one["item"] in own]
    results = _results(connection, [*own, *family.ancestors], market, lots_of(found), names)
    characteristics = {one["characteristic"] for one in inspections}
    charts = charts_of(connection, uri, family.lot, characteristics)
    capabilities = capabilities_of(connection, uri, family.lot, characteristics)
    closure = _closures(moved, own)
    known, record = known_share(steps), record_of(found, own)

    every = [*s.excursions(quality, family.named), *s.failed_inspections(inspected), *s.residues(results)]
    theirs = [one for one in every if one["uri"] not in own]
    mine = [one for one in every if one["uri"] in own]
    mine += [*s.out_of_control(charts, uri), *s.incapable(capabilities, uri), *s.open_closures(closure, uri)]
    mine += s.silent(known, uri)

    def severity(of: str) -> str | None:
        return s.severity_of(theirs, upstream_of(genealogy, of))

    return {
        "demonstration": demonstration_in(connection) is not None,
        "item": {"uri": uri, "kind": parsed.kind.value, "element_string": parsed.element_string, "lot": family.lot},
        "name": called(uri, names),
        "attributes": attributes_of(found, own),
        "quantity_now": _quantity(moved, uri),
        "disposition": disposition_of(connection, found, family),
        "record": record,
        "data_quality": {
            "known": known,
            "flagged": _flagged(steps),
            "late": 0 if way.steps.empty else late_readings(way.only(own)),
            "unverified": record["events"] - record["final"],
        },
        "signals": s.worst_first([*mine, *s.inherited(theirs)]),
        "genealogy": {
            "parents": parents_of(
                genealogy,
                uri,
                _shares(transformations, own),
                amounts_into(transformations, own),
                names,
                severity,
            ),
            "children": children_of(genealogy, uri, names, severity),
            "closure": closure,
        },
        "shelf_life": life_left(connection, found, uri),
        "cold_chain": measured_along(way.only(own), steps, names),
        "charts": charts,
        "capability": capabilities,
        "results": results,
        "inspections": summarised(inspections),
        "incidents": _incidents(connection, own),
        "sisters": sisters_of(genealogy, uri, own, names),
        "cut": [each.as_dict() for each in found.cuts],
    }


def _shares(transformations: Transformations, own: Collection[str]) -> dict[str, float]:
    """Of each ancestor in the item; over the serial items of a lot, the mean."""
    made_of = composition(transformations, sorted(own))
    made_of = made_of[~made_of["ancestor"].isin(own)]
    return {str(name): float(share) for name, share in made_of.groupby("ancestor")["share"].mean().items()}


def _incidents(connection: Connection, own: Collection[str]) -> list[dict[str, Any]]:
    found = [row for uri in sorted(own) for row in incidents.newest(connection, item=uri, limit=_INCIDENTS)]
    return [incident_form(row.id, incident_of(row)) for row in found]


def _results(
    connection: Connection,
    items: Collection[str],
    market: str,
    lots: Mapping[str, str | None],
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Laboratory results of the item and of what it is made of, judged, worst first."""
    found = results_frame(connection, items=items)
    if found.empty:
        return []
    judged = judge_results(found, specifications_frame(connection), market=market, lots=lots)
    rows: list[dict[str, Any]] = plain(judged)
    for row in rows:
        row["element_string"] = short(row["item"])
        row["uncertainty"] = row["expanded"]
        row["laboratory_name"] = called(row["laboratory"], names)
    return sorted(rows, key=lambda row: (WORST_FIRST.index(row["verdict"]), row["analyte"], row["item"]))


def _closures(moved: pd.DataFrame, own: Collection[str]) -> list[dict[str, Any]]:
    """Of the steps that the item went into or came out of, each beside the other runs of its process in the trace."""
    steps = moved[moved["process"] != ""]
    events = steps.loc[steps["item"].isin(own), "event"]
    processes = steps.loc[steps["event"].isin(events), "process"].unique()
    rows = closure_chart(closures(steps[steps["process"].isin(processes)]))
    rows = rows[rows["closure"].notna()]
    return [
        {
            "label": row["time"].strftime("%m-%d %H:%M"),
            "process": row["process"],
            "event": row["event"],
            "time": plain(row["time"]),
            "closure": plain(row["closure"]),
            "lower": plain(math.exp(row["lower"])),
            "upper": plain(math.exp(row["upper"])),
            "out": bool(row["signal"]) and row["event"] in set(events),
        }
        for row in rows.to_dict("records")
    ]


def _quantity(moved: pd.DataFrame, item: str) -> dict[str, Any] | None:
    """What is left of it by the events of its trace, in kilograms, where they say enough."""
    balances = lot_balances(moved)
    left = balances.loc[balances["item"] == item, "left"]
    if left.empty or left.isna().any():
        return None
    return {"quantity": max(0.0, float(left.iloc[0])), "uom": "KGM"}


def _flagged(steps: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many readings were set aside in cleaning, by reason."""
    total: Counter[str] = Counter()
    for step in steps:
        total.update(step.get("flagged") or {})
    return dict(sorted(total.items()))
