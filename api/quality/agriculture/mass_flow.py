"""How the mass of lots goes into other lots, as shares that anything spread evenly over that mass follows.

A step that uses a part of a lot takes that part along and divides it over what comes out, by mass. A lot weighs what
was made of it or, where its making is not recorded, what was used of it; of a lot that was used up beyond what was
made, all goes on. Loops (rework) are solved for, not cut. No mass is guessed: see `MassFlow.blocked`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import splu

from api.quality.join.amounts import kilograms
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: what a step took in or put out; `side` is input or output
MOVEMENT = ("event", "item", "side", "quantity", "uom")


@dataclass(frozen=True, slots=True)
class MassFlow:
    """Arrays over `items`: kg made, and whether it is blocked, for some use of it has no known share.

    `share` (target, source) is the part of a source that goes into a target; `links` says that something of it does.
    """

    items: pd.Index
    mass: Floats
    blocked: Mask
    share: sparse.csc_array
    links: sparse.csr_array

    @classmethod
    def of(cls, movements: pd.DataFrame, items: Collection[str] = ()) -> MassFlow:
        """From a frame `MOVEMENT`; `items` are others that have a place in it though nothing moved them."""
        named = pd.Index(dict.fromkeys([*movements["item"], *items]), dtype=object)
        moved = movements.assign(
            mass=kilograms(movements["quantity"].astype("float64"), movements["uom"]),
            at=named.get_indexer(pd.Index(movements["item"], dtype=object)),
        )
        inputs, outputs = (_per_event(moved[moved["side"] == side]) for side in ("input", "output"))
        used, made = _per_item(inputs, len(named)), _per_item(outputs, len(named))
        is_used, is_made = (_occurs(side, len(named)) for side in (inputs, outputs))
        mass = np.where(is_made, made, used)
        edges = inputs.merge(_with_shares(outputs), on="event", suffixes=("", "_to"))
        blocked = is_used & (np.isnan(used) | ~(mass > 0))
        blocked[edges.loc[edges["share"].isna(), "at"]] = True
        source, target = edges["at"].to_numpy(dtype=np.int64), edges["at_to"].to_numpy(dtype=np.int64)
        available = np.where(blocked, np.inf, np.fmax(mass, used))[source]
        part = (edges["mass"] / available * edges["share"]).to_numpy(dtype=np.float64)
        part = np.where(blocked[source], 0.0, part)
        return cls(
            named, mass, blocked, _matrix(part, target, source, len(named)).tocsc(), _linked(target, source, named)
        )

    def carry(self, own: Floats) -> Floats:
        """Totals per item from what each has of its own: total = own + share · total."""
        system = sparse.csc_array(sparse.eye_array(len(own), format="csc") - self.share)
        try:
            return np.asarray(splu(system).solve(own), dtype=np.float64)
        except RuntimeError as error:
            raise InvalidInput(
                "the lots go round in a circle that nothing leaves", expected="a loop that loses or delivers some mass"
            ) from error

    def staying(self, total: Floats) -> Floats:
        """What of the totals no later step takes along."""
        return np.asarray(np.maximum(total * (1 - self.share.sum(axis=0)), 0.0), dtype=np.float64)

    def downstream(self, marked: Mask) -> Mask:
        """The marked items and all that anything of them, or of a blocked item, went into."""
        reached = marked | self._next(self.blocked)
        while (wider := reached | self._next(reached)).sum() > reached.sum():
            reached = wider
        return reached

    def _next(self, marked: Mask) -> Mask:
        return np.asarray(self.links @ marked.astype(np.float64) > 0)


def _per_event(moved: pd.DataFrame) -> pd.DataFrame:
    """One row per event and item, with the sum of its masses; NaN if any is unknown."""
    return moved.groupby(["event", "at"], sort=False)["mass"].agg(_sum).reset_index()


def _sum(masses: pd.Series[float]) -> float:
    return float(masses.sum(skipna=False))


def _per_item(moved: pd.DataFrame, count: int) -> Floats:
    """The sum of masses per item; 0 for items that are not there, NaN where any is unknown."""
    sums = np.bincount(moved["at"].to_numpy(dtype=np.int64), moved["mass"].to_numpy(dtype=np.float64), count)
    return sums.astype(np.float64)


def _occurs(moved: pd.DataFrame, count: int) -> Mask:
    return np.bincount(moved["at"].to_numpy(dtype=np.int64), minlength=count) > 0


def _with_shares(outputs: pd.DataFrame) -> pd.DataFrame:
    """Each output's part of its event by mass; 1 for the only one, NaN where a mass is unknown."""
    events = outputs.groupby("event")
    whole = events["mass"].transform(_sum)
    share = (outputs["mass"] / whole.where(whole > 0)).where(events["at"].transform("size") > 1, 1.0)
    return outputs.assign(share=share)[["event", "at", "share"]]


def _matrix(values: Floats, target: Ints, source: Ints, size: int) -> sparse.coo_array:
    return sparse.coo_array((values, (target, source)), shape=(size, size))


def _linked(target: Ints, source: Ints, items: pd.Index) -> sparse.csr_array:
    return _matrix(np.ones(len(source)), target, source, len(items)).tocsr()
