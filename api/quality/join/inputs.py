"""What a derived figure was derived from: how many readings, which ones, and which of them cleaning set aside."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.join.matching import Matches
from api.quality.join.series import Series

Ints = npt.NDArray[np.int64]

#: up to so many inputs are named one by one
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Inputs:
    """The readings that belong: their number, SHA-256 (hex) of their ids in ascending order (int64, little-endian), and
    the ids themselves where they are few. Without ids, the number alone: `digest` is ''.
    """

    count: int
    digest: str
    ids: tuple[int, ...]


def inputs_of(ids: npt.ArrayLike) -> Inputs:
    """Of these ids, in any order; a negative one says that an input has none."""
    ordered = np.sort(np.asarray(ids, dtype=np.int64))
    if not len(ordered) or ordered[0] < 0:
        return Inputs(len(ordered), "", ())
    digest = hashlib.sha256(ordered.astype("<i8").tobytes()).hexdigest()
    return Inputs(len(ordered), digest, tuple(ordered.tolist()) if len(ordered) <= _NAMED else ())


def add_flags(frame: pd.DataFrame, group: Ints, matches: Matches, series: Series) -> None:
    """The columns `inputs` and `flagged` (step → readings that it flagged) of groups; `group` is that of each match."""
    own, row = group[matches.belongs], matches.row[matches.belongs]
    order = np.argsort(own, kind="stable")
    own, row = own[order], row[order]
    bounds = np.searchsorted(own, np.arange(len(frame) + 1))
    parts = [row[start:end] for start, end in pairwise(bounds)]
    frame["inputs"] = pd.Series([inputs_of(series.identity[part]) for part in parts], index=frame.index, dtype=object)
    frame["flagged"] = pd.Series([_flagged(series, part) for part in parts], index=frame.index, dtype=object)


def _flagged(series: Series, rows: Ints) -> dict[str, int]:
    counts = np.bincount(series.flag[rows] + 1, minlength=len(series.flags) + 1)[1:]
    return {name: int(count) for name, count in zip(series.flags, counts, strict=True) if count}
