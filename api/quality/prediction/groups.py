"""Which rows belong together, and so on one side of every split: blocks of time, lives of tools, equal rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Rows = npt.NDArray[np.intp]


def time_blocks(time: pd.Series[pd.Timestamp], *, count: int) -> Rows:
    """A group per block of time: `count` blocks of equally many rows; equal times stay in one block."""
    rank = time.rank(method="min").to_numpy() - 1
    return np.minimum((rank * count / len(time)).astype(np.intp), count - 1)


def life_runs(wear: npt.ArrayLike) -> Rows:
    """A group per life of a tool, from wear in the order of work: where wear falls, the tool was changed."""
    values = np.asarray(wear, dtype=float)
    return np.cumsum(np.diff(values, prepend=values[:1]) < 0).astype(np.intp)


def with_duplicates(groups: npt.ArrayLike, X: pd.DataFrame) -> Rows:
    """The groups, joined wherever they hold equal rows of `X`, so that no duplicate crosses a split."""
    labels = pd.factorize(np.asarray(groups))[0]
    keys = pd.factorize(pd.util.hash_pandas_object(X, index=False))[0] + labels.max() + 1
    size = int(keys.max()) + 1
    joined = connected_components(coo_array((np.ones(len(keys)), (labels, keys)), shape=(size, size)), directed=False)
    return np.asarray(pd.factorize(joined[1][labels])[0], dtype=np.intp)
