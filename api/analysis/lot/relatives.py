"""Next of kin: what an item was made of and went into, with amounts and shares; and its sisters, made of the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pandas as pd

from api.names import called, short
from api.quality.join.transformations import Transformations
from api.quality.plain import plain

#: sisters beyond these are counted only
_MOST_SISTERS = 30


def parents_of(
    genealogy: pd.DataFrame,
    item: str,
    shares: Mapping[str, float],
    amounts: Mapping[str, tuple[float, str]],
    names: Mapping[str, str],
    severity: Callable[[str], str | None],
) -> list[dict[str, Any]]:
    """What went into the item, greatest share first; `genealogy` is a frame GENEALOGY, `shares` of ancestors in it.

    `amounts` says how much of a parent went in, where an edge does not.
    """
    edges = genealogy[genealogy["child"] == item]
    rows = [_relative(uri, group, shares.get(uri), names, severity(uri)) for uri, group in _by(edges, "parent")]
    for row in rows:
        if row["quantity"] is None and row["uri"] in amounts:
            row["quantity"], row["uom"] = amounts[row["uri"]]
    return sorted(rows, key=lambda row: (-(row["share"] or 0), row["uri"]))


def amounts_into(transformations: Transformations, own: Collection[str]) -> dict[str, tuple[float, str]]:
    """How much of each input went into transformations that made nothing but the item, where that is known."""
    outputs = transformations.outputs
    alone = outputs["item"].isin(own).groupby(outputs["transformation"]).all()
    inputs = transformations.inputs
    inputs = inputs[inputs["transformation"].isin(alone.index[alone])]
    found = {}
    for uri, group in _by(inputs, "item"):
        units = group["uom"].dropna().unique()
        if len(units) == 1 and group["quantity"].notna().all():
            found[uri] = float(group["quantity"].sum()), str(units[0])
    return found


def children_of(
    genealogy: pd.DataFrame, item: str, names: Mapping[str, str], severity: Callable[[str], str | None]
) -> list[dict[str, Any]]:
    """What the item went into, greatest amount first; those of one lot or product and amount are one row."""
    edges = genealogy[genealogy["parent"] == item]
    rows = [_relative(uri, group, None, names, severity(uri)) for uri, group in _by(edges, "child")]
    return sorted(rows, key=lambda row: (-(row["quantity"] or 0), row["uri"]))


def sisters_of(
    genealogy: pd.DataFrame, item: str, own: Collection[str], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Others that a parent of the item went into; `own` are its other names, its lot's among them."""
    parents = genealogy.loc[genealogy["child"] == item, "parent"].unique()
    shared = genealogy[genealogy["parent"].isin(parents) & ~genealogy["child"].isin([item, *own])]
    found = shared.groupby("child")["parent"].agg(lambda each: sorted(set(each)))
    rows = [
        {
            "uri": uri,
            "element_string": short(str(uri)),
            "name": called(str(uri), names),
            "ancestor": ", ".join(short(parent) for parent in ancestors),
        }
        for uri, ancestors in found.items()
    ]
    return rows[:_MOST_SISTERS]


def upstream_of(genealogy: pd.DataFrame, item: str) -> set[str]:
    """The item with all that it is made of, as far as the frame GENEALOGY goes."""
    parents = genealogy.groupby("child")["parent"].agg(set).to_dict()
    found, waiting = {item}, [item]
    while waiting:
        more = parents.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return found


def _by(edges: pd.DataFrame, column: str) -> list[tuple[str, pd.DataFrame]]:
    return [(str(uri), group) for uri, group in edges.groupby(column)]


def _relative(
    uri: str, edges: pd.DataFrame, share: float | None, names: Mapping[str, str], severity: str | None
) -> dict[str, Any]:
    units = edges["uom"].dropna().unique()
    known = len(units) == 1 and edges["quantity"].notna().all()
    return {
        "uri": uri,
        "element_string": short(uri),
        "name": called(uri, names),
        "quantity": float(edges["quantity"].sum()) if known else None,
        "uom": str(units[0]) if known else None,
        "share": plain(share),
        "certainty": "certain" if (edges["certainty"] == "certain").all() else "possible",
        "severity": severity,
    }
