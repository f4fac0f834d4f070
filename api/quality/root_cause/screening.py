"""The screen: for each factor a 2×2 table of exposed and bad, Fisher's exact test, and the relative risk.

One-sided exact p (is the failure rate of the exposed higher?), P(A ≥ a) of the hypergeometric distribution; many
factors are looked at, so the false discovery rate is controlled (Benjamini & Hochberg, JRSS B 57:289, 1995). Interval
of the relative risk: log RR ± z·√(1/a − 1/n1 + 1/c − 1/n0) (Katz et al., Biometrics 34:469, 1978).

What it does not do: separate factors that occur together. A supplier of the bad lot looks bad here too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import false_discovery_control, hypergeom, norm

from api.quality.root_cause.exposure import Exposure

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: of n1 exposed items a are bad, of n0 others c; relative risk with interval; exact p; its q by Benjamini-Hochberg
ASSOCIATION = ("a", "n1", "c", "n0", "risk_exposed", "risk_others", "relative_risk", "low", "high", "p", "q")


def associate(
    a: npt.ArrayLike, n1: npt.ArrayLike, c: npt.ArrayLike, n0: npt.ArrayLike, *, level: float = 0.95
) -> pd.DataFrame:
    """A row ASSOCIATION for each table: arrays of counts in, of one length.

    The interval of a table with a = 0 or c = 0 is that of the counts with ½ added to a and c and 1 to n1 and n0; the
    relative risk itself stays 0, infinite, or (both 0) NaN.
    """
    bad, exposed, others_bad, others = (np.asarray(each, dtype=np.int64) for each in (a, n1, c, n0))
    with np.errstate(divide="ignore", invalid="ignore"):
        risk, base = bad / exposed, others_bad / others
        ratio = risk / base
    low, high = _interval(bad, exposed, others_bad, others, level)
    p = hypergeom.sf(bad - 1, exposed + others, bad + others_bad, exposed)
    p = np.clip(np.where((exposed == 0) | (others == 0), 1.0, p), 0.0, 1.0)
    q = false_discovery_control(p) if len(p) else p
    columns = (bad, exposed, others_bad, others, risk, base, ratio, low, high, p, q)
    return pd.DataFrame(dict(zip(ASSOCIATION, columns, strict=True)))


def screen(exposure: Exposure, bad: Bools) -> pd.DataFrame:
    """One row per factor: `factor` (its column in `exposure`), kind, name, members, ASSOCIATION, mean_share.

    `bad` is in the order of the exposure's items. In order of p; of equal ones, the larger relative risk, then the
    larger exposure come first.
    """
    table = counts(exposure, bad)
    rows = exposure.factors[["kind", "name", "members", "mean_share"]].join(associate(*table))
    rows.insert(0, "factor", np.arange(len(rows)))
    order = np.lexsort((rows["name"], -rows["n1"], -rows["relative_risk"].fillna(0), rows["p"]))
    return rows.iloc[order].reset_index(drop=True)


def counts(exposure: Exposure, bad: Bools, among: Bools | None = None) -> tuple[Ints, Ints, Ints, Ints]:
    """(a, n1, c, n0) of every factor, counting only the items `among`."""
    counted = np.ones(len(bad), dtype=bool) if among is None else among
    n1 = np.asarray(counted.astype(np.int64) @ exposure.matrix)
    a = np.asarray((bad & counted).astype(np.int64) @ exposure.matrix)
    return a, n1, int((bad & counted).sum()) - a, int(counted.sum()) - n1


def _interval(a: Ints, n1: Ints, c: Ints, n0: Ints, level: float) -> tuple[npt.NDArray[np.float64], ...]:
    half = np.where((a == 0) | (c == 0), 0.5, 0.0)
    bad, exposed, others_bad, others = a + half, n1 + 2 * half, c + half, n0 + 2 * half
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.log(bad / exposed) - np.log(others_bad / others)
        error = np.sqrt(1 / bad - 1 / exposed + 1 / others_bad - 1 / others)
    reach = norm.ppf(0.5 + level / 2) * error
    return np.exp(middle - reach), np.exp(middle + reach)
