"""Who was exposed to what: items × factors, from the ancestor closure and the attributes on the way.

A factor is an ancestor (kind `lot`) or an attribute of the item or of any ancestor. Factors with the same exposed items
cannot be told apart by any analysis of these items: they are one factor here, with all its members named. Factors that
too few items were exposed to, or too few were not, can show nothing and only cost power: they are set aside, with the
reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csc_array, csr_array, hstack

from api.quality.columns import TIME_DTYPE, empty
from api.quality.root_cause.attributes import ATTRIBUTE
from api.quality.root_cause.closure import ancestors, shares, upstream
from ledger.errors import InvalidInput

#: kind and name of the factor (of its first member), `members` all of them as `kind name`, exposed items, and the mean
#: share of an exposed item that the ancestor is by quantity (NaN: unknown, or the factor is no single lot)
FACTOR = ("kind", "name", "members", "exposed", "mean_share")

#: what was set aside and why
SET_ASIDE = ("kind", "name", "exposed", "reason")

MINIMUM = 5
#: begins the name of an attribute among those of lots, which it sorts behind; no identifier has it
_MARK = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Exposure:
    """`matrix` is items × factors, 0 or 1; `share` has, where the factor is a lot, its share by quantity (NaN unknown).

    Rows are in the order of `items`, columns in that of `factors` (columns FACTOR).
    """

    items: tuple[str, ...]
    factors: pd.DataFrame
    matrix: csc_array
    share: csc_array
    set_aside: pd.DataFrame


def exposure(
    items: Sequence[str],
    genealogy: pd.DataFrame,
    attributes: pd.DataFrame | None = None,
    *,
    minimum: int = MINIMUM,
    levels: int | None = None,
) -> Exposure:
    """The exposures of `items` (distinct) by `genealogy` (GENEALOGY: parent, child, time, perhaps quantity and uom).

    `attributes` are rows ATTRIBUTE of the items and of anything upstream. With a `time`, those of an ancestor count for
    what it went into from then on; without, for all of that. A factor needs at least `minimum` items that
    were exposed and as many that were not; `levels` limits how far up is looked. Raises InvalidInput for an item
    that comes twice.
    """
    _refuse_doubles(items)
    edges = upstream(genealogy, items, levels)
    nodes = {*items, *edges["parent"]}
    marks = _as_edges(empty(ATTRIBUTE) if attributes is None else attributes, nodes)
    both = pd.concat([edges[["parent", "child", "time"]], marks]) if len(marks) else edges
    closure, names = ancestors(both, items)
    factors = pd.DataFrame([_factor(name) for name in names], columns=["kind", "name"], dtype=object)
    lots = int((factors["kind"] == "lot").sum())
    share = shares(edges, items, csr_array(closure[:, :lots]), factors["name"].to_list()[:lots])
    unshared = csr_array((len(items), len(factors) - lots), dtype=np.float64)
    shared = csc_array(hstack([share, unshared], format="csc"))
    return _grouped(tuple(items), factors, csc_array(closure), shared, minimum)


def _as_edges(attributes: pd.DataFrame, nodes: set[str]) -> pd.DataFrame:
    """Attributes as if they had gone into what they belong to: time and descent hold for them alike."""
    known = attributes[attributes["item"].isin(nodes)].dropna(subset=list(ATTRIBUTE)).drop_duplicates()
    time = known["time"] if "time" in known else pd.Series(pd.NaT, index=known.index, dtype=TIME_DTYPE)
    parent = _MARK + known["kind"].astype(str) + _MARK + known["name"].astype(str)
    frame = pd.DataFrame({"parent": parent, "child": known["item"], "time": time.astype(TIME_DTYPE)})
    return frame.drop_duplicates()


def _factor(name: str) -> tuple[str, str]:
    _, *mark = name.split(_MARK, 2)
    return (mark[0], mark[1]) if mark else ("lot", name)


def _refuse_doubles(items: Sequence[str]) -> None:
    index = pd.Index(items)
    if not index.is_unique:
        twice = str(index[index.duplicated()][0])
        raise InvalidInput(f"item {twice} comes twice", expected="each item once", advice="Leave one of them out.")


def _grouped(
    items: tuple[str, ...], factors: pd.DataFrame, matrix: csc_array, share: csc_array, minimum: int
) -> Exposure:
    matrix.sort_indices()
    exposed = np.diff(matrix.indptr)
    factors = factors.assign(exposed=exposed)
    few, most = exposed < minimum, len(items) - exposed < minimum
    reason = np.where(few, f"fewer than {minimum} items exposed", f"fewer than {minimum} items not exposed")
    aside = factors.assign(reason=reason)[few | most]
    kept = np.flatnonzero(~(few | most))
    patterns = [matrix.indices[matrix.indptr[at] : matrix.indptr[at + 1]].tobytes() for at in kept]
    group, _ = pd.factorize(np.array([*patterns, None], dtype=object)[:-1])
    first = np.unique(group, return_index=True)[1]
    labels = (factors["kind"] + " " + factors["name"]).iloc[kept]
    chosen = factors.iloc[kept[first]].reset_index(drop=True)
    chosen["members"] = labels.groupby(group).agg(tuple).to_numpy(dtype=object)
    picked = csc_array(share[:, kept[first]])
    chosen["mean_share"] = _mean_share(picked, chosen)
    return Exposure(
        items,
        chosen[list(FACTOR)],
        csc_array(matrix[:, kept[first]]),
        picked,
        aside[list(SET_ASIDE)].reset_index(drop=True),
    )


def _mean_share(share: csc_array, factors: pd.DataFrame) -> npt.NDArray[np.float64]:
    total = np.asarray(share.sum(axis=0)).ravel()
    mean = total / np.maximum(factors["exposed"].to_numpy(), 1)
    return np.where(factors["kind"] == "lot", mean, np.nan)
