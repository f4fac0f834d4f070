"""What each item was made of: the ancestor closure of a genealogy, and how much of the item each ancestor is.

An edge parent → child ("went into") at a time carries all that had gone into the parent until then, as the trace does:
a lot that received something later did not pass it on earlier. Edges of one moment count in any order. Cycles (rework)
end, as time does not run back. Binary and by share, side by side: a trace of contamination exposes as well as a tonne.

Not here: which events make edges (the genealogy join does), and attributes (`attributes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from api.quality.units import UNITS, compatible, convert

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: a share is followed through at most so many generations, and until less than `_RESOLUTION` is left to hand on
_GENERATIONS = 100
_RESOLUTION = 1e-9


def ancestors(
    genealogy: pd.DataFrame, items: Sequence[str], *, levels: int | None = None
) -> tuple[csr_array, list[str]]:
    """The closure: a sparse 0/1 matrix (items × ancestors) and the ancestors' names, sorted.

    `genealogy` has the columns parent, child and time; an edge without a time is taken to be first. An item is no
    ancestor of itself, even in a cycle. Only edges at most `levels` steps above an item count, if that is given.
    """
    edges = upstream(genealogy, items, levels)
    names = sorted(set(edges["parent"]))
    bit = {name: 1 << at for at, name in enumerate(names)}
    above: dict[str, int] = {}
    for pairs in _moments(edges):
        _settle(pairs, bit, above)
    own = [above.get(item, 0) & ~bit.get(item, 0) for item in items]
    return _matrix(own, len(names)), names


def shares(genealogy: pd.DataFrame, items: Sequence[str], closure: csr_array, names: Sequence[str]) -> csr_array:
    """How much of each item each ancestor is, by quantity: (items × ancestors), where `closure` has a 1.

    A parent's share in a child is its quantity over all that went into the child. NaN is unknown: a quantity on the way
    is missing, or does not convert to the others'. A lot in a cycle counts each passage, up to 1.
    """
    edges = upstream(genealogy, items)
    nodes = pd.Index(sorted({*edges["parent"], *edges["child"], *items}))
    weights = _weights(edges, nodes)
    rows = weights[nodes.get_indexer(pd.Index(items))]
    total = rows
    for _ in range(_GENERATIONS):
        rows = rows @ weights
        total = total + rows
        if (rows.data < _RESOLUTION).all():
            break
    total.data = np.minimum(total.data, 1.0)
    return csr_array(closure.multiply(total[:, nodes.get_indexer(pd.Index(names))]))


def upstream(genealogy: pd.DataFrame, items: Sequence[str], levels: int | None = None) -> pd.DataFrame:
    """The edges on any way to one of the items, whatever their times; not those from an item to itself."""
    edges = genealogy[genealogy["parent"] != genealogy["child"]]
    reached: set[str] = set()
    more = set(items)
    while more and (levels is None or levels > 0):
        reached |= more
        more = set(edges.loc[edges["child"].isin(more), "parent"]) - reached
        levels = None if levels is None else levels - 1
    found: pd.DataFrame = edges[edges["child"].isin(reached)]
    return found


def _moments(edges: pd.DataFrame) -> list[list[tuple[str, str]]]:
    """The edges (parent, child) of each moment, in order of time."""
    ordered = edges[["parent", "child", "time"]].drop_duplicates().sort_values("time", na_position="first")
    moment = ordered["time"].astype("datetime64[us, UTC]").fillna(pd.Timestamp.min.tz_localize("UTC").as_unit("us"))
    changes = np.flatnonzero(moment.to_numpy()[1:] != moment.to_numpy()[:-1]) + 1
    pairs = list(zip(ordered["parent"], ordered["child"], strict=True))
    bounds = [0, *changes.tolist(), len(pairs)]
    return [pairs[start:end] for start, end in pairwise(bounds) if end > start]


def _settle(pairs: list[tuple[str, str]], bit: dict[str, int], above: dict[str, int]) -> None:
    """Hand down what is above the parents of one moment's edges, until nothing changes. Sets are bits of integers."""
    changed = True
    while changed:
        changed = False
        for parent, child in pairs:
            before = above.get(child, 0)
            after = before | bit[parent] | above.get(parent, 0)
            if after != before:
                above[child] = after
                changed = len(pairs) > 1


def _matrix(sets: list[int], width: int) -> csr_array:
    if not sets or not width:
        return csr_array((len(sets), width), dtype=np.int64)
    size = -(-width // 8)
    columns = []
    for bits in sets:
        data = np.frombuffer(bits.to_bytes(size, "little"), dtype=np.uint8)
        columns.append(np.flatnonzero(np.unpackbits(data, bitorder="little")[:width]))
    pointer = np.cumsum([0, *map(len, columns)])
    indices = np.concatenate(columns)
    return csr_array((np.ones(len(indices), dtype=np.int64), indices, pointer), shape=(len(sets), width))


def _weights(edges: pd.DataFrame, nodes: pd.Index[str]) -> csr_array:
    """Child × parent: the parent's part of all that went into the child; NaN where it is not known."""
    alike = _alike(edges)
    total = alike.groupby(edges["child"]).transform("sum", min_count=1)
    missing = alike.isna().groupby(edges["child"]).transform("any")
    part = (alike / total).mask(missing | (total <= 0)).to_numpy(dtype=np.float64)
    child, parent = nodes.get_indexer(pd.Index(edges["child"])), nodes.get_indexer(pd.Index(edges["parent"]))
    return csr_array((part, (child, parent)), shape=(len(nodes), len(nodes)))


def _alike(edges: pd.DataFrame) -> pd.Series[float]:
    """The edges' quantities, within each child in one unit; NaN where there is none or it does not convert."""
    quantity = edges["quantity"].astype("float64") if "quantity" in edges else pd.Series(np.nan, index=edges.index)
    units = (edges["uom"] if "uom" in edges else pd.Series("", index=edges.index)).fillna("")
    first = units.groupby(edges["child"]).transform("first")
    result = quantity.copy()
    for source, target in {*zip(units, first, strict=True)}:
        if source != target:
            rows = (units == source) & (first == target)
            fits = source in UNITS and target in UNITS and compatible(source, target)
            converted = convert(quantity[rows].to_numpy(), source, target) if fits else np.nan
            result[rows] = converted
    return result.where(result >= 0)
