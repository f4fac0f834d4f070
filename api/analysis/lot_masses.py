"""What the store's events and activities say of masses: movements in and out of steps, closures, footprints of lots.

A *process* is what is done at one place: the events' bizStep and bizLocation. An activity named `loss`, in a unit of
mass, is a declared loss of the step that made its subject.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from api.analysis.genealogy import History, history_of_store
from api.analysis.quality_store import activities_frame, factors_frame, runs_frame
from api.quality.agriculture.activity_factors import impacts
from api.quality.agriculture.footprint import MADE_BY, Footprints, footprints
from api.quality.agriculture.mass_balance import MOVEMENT, closure_chart, closures, lot_balances
from api.quality.join.transformations import Transformations
from api.quality.plain import plain

LOSS = "loss"


def movements_of(connection: Connection, history: History, transformed: Transformations) -> pd.DataFrame:
    """A frame `MOVEMENT` of `transformed`, and of what was commissioned without one (`process` is '' there)."""
    sides = [
        gates[gates["dimension"] != "carrier"].assign(side=side)
        for side, gates in (("input", transformed.inputs), ("output", transformed.outputs))
    ]
    gates = pd.concat(sides, ignore_index=True).rename(columns={"first": "time"})
    first = gates.groupby("transformation")["event"].transform("min")
    gates = gates.assign(process=gates["event"].map(_processes(history)).fillna(""), event=first)
    for name in ("process", "time"):
        gates[name] = gates.groupby("event")[name].transform("max")
    parts = [gates, _commissioned(history, set(transformed.outputs["item"])), _losses(connection, gates)]
    filled = [part[list(MOVEMENT)] for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else gates[list(MOVEMENT)]


def mass_balance_of(connection: Connection, *, only: str | None, history_until: pd.Timestamp | None) -> dict[str, Any]:
    """The closure chart of every process, what has no closure and why, and the balance of every lot.

    `only` keeps the processes that the item went into or came out of, and its own balance.
    """
    history = history_of_store(connection)
    moved = movements_of(connection, history, history.transformations())
    steps = moved[moved["process"] != ""]
    if only is not None:
        steps = steps[steps["process"].isin(steps.loc[steps["item"] == only, "process"])]
    closed = closures(steps)
    balances = lot_balances(moved)
    if only is not None:
        balances = balances[balances["item"] == only]
    return {
        "chart": plain(closure_chart(closed, history_until=history_until)),
        "closures": plain(closed),
        "lots": plain(balances),
    }


def footprints_of(connection: Connection) -> Footprints:
    """Of every lot that the store's events move, from the store's activities and factors."""
    history = history_of_store(connection)
    moved = movements_of(connection, history, history.transformations())
    activities = activities_frame(connection)
    activities = activities[activities["activity"] != LOSS]
    moved = moved[moved["side"] != LOSS]
    named, made_by = _at_places(activities, moved, history)
    runs = runs_frame(connection)
    made_by_runs = runs[["run", "item"]].rename(columns={"run": "subject"}).assign(quantity=np.nan, uom=None)
    parts = [part[list(MADE_BY)].astype({"quantity": "float64"}) for part in (made_by, made_by_runs) if len(part)]
    made = pd.concat(parts, ignore_index=True) if parts else None
    return footprints(impacts(named, factors_frame(connection)), moved, made)


def _processes(history: History) -> dict[str, str]:
    """Event → its process, where it says a place or a step."""
    said = history.events[["event", "biz_step", "biz_location"]].itertuples(index=False)
    return {name: " at ".join(part for part in parts if isinstance(part, str)) for name, *parts in said}


def _commissioned(history: History, made: set[str]) -> pd.DataFrame:
    """Lots that an ObjectEvent with action ADD brought into being, and no transformation."""
    adding = history.events[(history.events["type"] == "ObjectEvent") & (history.events["action"] == "ADD")]
    found = history.mentions.merge(adding[["event", "time"]], on="event")
    found = found[(found["role"] == "epc") & ~found["item"].isin(made)]
    return found.assign(side="output", process="")


def _losses(connection: Connection, gates: pd.DataFrame) -> pd.DataFrame:
    declared = activities_frame(connection, subjects=sorted(set(gates.loc[gates["side"] == "output", "item"])))
    declared = declared[declared["activity"] == LOSS]
    made = gates.loc[gates["side"] == "output", ["item", "event", "time", "process"]].drop_duplicates("item")
    found = declared.merge(made, left_on="subject", right_on="item")
    return found.assign(side=LOSS, quantity=found["amount"], uom=found["unit"])


def _at_places(activities: pd.DataFrame, moved: pd.DataFrame, history: History) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The activities, those of places under a name with their time, and what the places made in that time."""
    places = dict(zip(history.events["event"], history.events["biz_location"], strict=True))
    outputs = moved[moved["side"] == "output"]
    outputs = outputs.assign(place=outputs["event"].map(places).astype(object))
    at_place = activities["subject"].isin({place for place in places.values() if place})
    spans = activities["start"].dt.strftime("%FT%TZ") + "/" + activities["end"].dt.strftime("%FT%TZ")
    named = activities.assign(subject=activities["subject"].mask(at_place, activities["subject"] + " " + spans))
    windows = named.assign(place=activities["subject"])[at_place].drop_duplicates("subject")
    found = windows[["subject", "place", "start", "end"]].merge(outputs, on="place")
    during = (found["time"] >= found["start"]) & (found["time"] < found["end"])
    return named, found[during]
