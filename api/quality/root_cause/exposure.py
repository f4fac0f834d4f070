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
from scipy.sparse import csc_array, csr_array, eye_array, hstack

from api.quality.columns import empty
from api.quality.root_cause.attributes import ATTRIBUTE
from api.quality.root_cause.closure import ancestors, shares
from ledger.errors import InvalidInput

#: kind and name of the factor (of its first member), `members` all of them as `kind name`, exposed items, and the mean
#: share of an exposed item that the ancestor is by quantity (NaN: unknown, or the factor is no single lot)
FACTOR = ("kind", "name", "members", "exposed", "mean_share")

#: what was set aside and why
SET_ASIDE = ("kind", "name", "exposed", "reason")

MINIMUM = 5


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
) -> Exposure:
    """The exposures of `items` (distinct) by `genealogy` (GENEALOGY: parent, child, time, perhaps quantity and uom).

    `attributes` are rows ATTRIBUTE of the items and of anything upstream. A factor needs at least `minimum` items that
    were exposed and as many that were not. Raises InvalidInput for an item that comes twice.
    """
    _refuse_doubles(items)
    closure, names = ancestors(genealogy, items)
    share = shares(genealogy, items, closure, names)
    lots = pd.DataFrame({"kind": "lot", "name": pd.Series(names, dtype=object)})
    attributes = empty(ATTRIBUTE) if attributes is None else attributes
    through, others = _through_attributes(items, closure, names, attributes)
    factors = pd.concat([lots, others], ignore_index=True)
    matrix = csc_array(hstack([csc_array(closure), through], format="csc"))
    nothing = csc_array(through.shape, dtype=np.float64)
    return _grouped(tuple(items), factors, matrix, csc_array(hstack([csc_array(share), nothing])), minimum)


def _refuse_doubles(items: Sequence[str]) -> None:
    index = pd.Index(items)
    if not index.is_unique:
        twice = str(index[index.duplicated()][0])
        raise InvalidInput(f"item {twice} comes twice", expected="each item once", advice="Leave one of them out.")


def _through_attributes(
    items: Sequence[str], closure: csr_array, names: Sequence[str], attributes: pd.DataFrame
) -> tuple[csc_array, pd.DataFrame]:
    """Items × attributes, and the attributes: of the item itself or of any ancestor."""
    known = attributes[list(ATTRIBUTE)].dropna().drop_duplicates()
    factors = known[["kind", "name"]].drop_duplicates().sort_values(["kind", "name"]).reset_index(drop=True)
    column = pd.MultiIndex.from_frame(factors).get_indexer(pd.MultiIndex.from_frame(known[["kind", "name"]]))
    own = _incidence(known["item"], column, items, len(factors))
    upstream = _incidence(known["item"], column, names, len(factors))
    found = csc_array(eye_array(len(items), dtype=np.int64) @ own + closure @ upstream)
    found.data = np.ones_like(found.data)
    return found, factors


def _incidence(of: pd.Series[str], column: npt.NDArray[np.int64], nodes: Sequence[str], width: int) -> csr_array:
    row = pd.Index(list(nodes)).get_indexer(pd.Index(of))
    there = row >= 0
    ones = np.ones(int(there.sum()), dtype=np.int64)
    return csr_array((ones, (row[there], column[there])), shape=(len(nodes), width))


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
