"""Several characteristics of the same inspections on one chart: Hotelling's T², or T² and SPE of principal components.

A point is an inspection (same time, item and run), its value of each characteristic the mean of the pieces. Where one
is missing, the point is unknown. Limits are those of phase I for the points that they come from, of phase II for all
others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.spc.hotelling import hotelling, phase_1, phase_2
from api.quality.spc.principal_components import monitor, pca_model
from api.quality.spc.process_series import in_unit, labels_of
from ledger.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Method = Literal["t2", "pca"]
_KEYS = ["time", "item", "run"]


@dataclass(frozen=True, slots=True)
class MultivariateChart:
    """`points`: index, label, time, phase, t2, t2_limit, spe, spe_limit (None for t2), signal, contributions.

    `contributions`: per characteristic, to whichever of T² and SPE is further towards its limit. `phase_1_points`:
    how many points the limits come from; `components`: how many were kept, None for t2.
    """

    method: Method
    characteristics: tuple[str, ...]
    units: tuple[str, ...]
    points: pd.DataFrame
    phase_1_points: int
    components: int | None


def table_of(inspections: pd.DataFrame, characteristics: Sequence[str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """One row per inspection: label, time, and the mean of each characteristic in its first unit; and those units."""
    rows = inspections[inspections["characteristic"].isin(characteristics) & inspections["value"].notna()]
    absent = sorted(set(characteristics) - set(rows["characteristic"]))
    if absent:
        raise InvalidInput(
            f"no values of {', '.join(map(repr, absent))}", expected="characteristics that were measured"
        )
    units, parts = [], []
    for name in characteristics:
        of = rows[rows["characteristic"] == name]
        found = of["unit"].dropna()
        units.append(str(found.iloc[0]) if len(found) else "")
        parts.append(of.assign(value=in_unit(of, units[-1])))
    # groups are not made of missing keys
    means = pd.concat(parts).fillna({"run": ""}).groupby([*_KEYS, "characteristic"], observed=True)["value"].mean()
    wide = means.unstack("characteristic").reset_index().sort_values("time", kind="stable", ignore_index=True)
    wide["run"] = wide["run"].where(wide["run"] != "", None)
    table = pd.DataFrame({"label": labels_of(wide), "time": wide["time"]})
    return table.join(wide[list(characteristics)]), tuple(units)


def multivariate_chart(
    inspections: pd.DataFrame,
    characteristics: Sequence[str],
    *,
    method: Method = "t2",
    until: pd.Timestamp | None = None,
    components: int | None = None,
    alpha: float | None = None,
) -> MultivariateChart:
    """Of a frame of INSPECTION; limits from the points before `until` (phase I), or from all of them.

    Raises InvalidInput where there are too few complete points, or a characteristic follows from the others.
    """
    if len(set(characteristics)) != len(characteristics) or len(characteristics) < 2:
        raise InvalidInput("a multivariate chart of one characteristic", expected="two or more, each named once")
    table, units = table_of(inspections, characteristics)
    x = table[list(characteristics)].to_numpy(np.float64)
    first = np.ones(len(x), dtype=bool) if until is None else (table["time"] < until).to_numpy()
    base = x[first & np.isfinite(x).all(axis=1)]
    judge = _t2 if method == "t2" else _pca
    judged, kept = judge(x, first, base, characteristics, components, alpha)
    points = pd.DataFrame(
        {
            "index": np.arange(1, len(x) + 1),
            "label": table["label"],
            "time": table["time"],
            "phase": np.where(first, "I", "II"),
            **judged,
        }
    )
    return MultivariateChart(method, tuple(characteristics), units, points, len(base), kept)


_Judged = tuple[dict[str, object], int | None]


def _t2(
    x: Floats,
    first: npt.NDArray[np.bool_],
    base: Floats,
    names: Sequence[str],
    components: int | None,
    alpha: float | None,
) -> _Judged:
    model = hotelling(base, variables=names, alpha=alpha)
    one, other = phase_1(model, x), phase_2(model, x)
    limit = np.where(first, one.limit, other.limit)
    nothing = np.full(len(x), np.nan)
    return {
        "t2": one.t2,
        "t2_limit": limit,
        "spe": nothing,
        "spe_limit": nothing,
        "signal": one.t2 > limit,
        "contributions": _named(one.contributions, names),
    }, None


def _pca(
    x: Floats,
    first: npt.NDArray[np.bool_],
    base: Floats,
    names: Sequence[str],
    components: int | None,
    alpha: float | None,
) -> _Judged:
    model = pca_model(base, variables=names, components=components, alpha=0.0027 if alpha is None else alpha)
    one, other = monitor(model, x, phase="I"), monitor(model, x, phase="II")
    limit = np.where(first, one.t2_limit, other.t2_limit)
    spe_limit = np.full(len(x), model.spe_limit)
    outside = one.spe * limit > one.t2 * spe_limit
    contributions = np.where(outside[:, None], one.spe_contributions, one.t2_contributions)
    return {
        "t2": one.t2,
        "t2_limit": limit,
        "spe": one.spe,
        "spe_limit": spe_limit,
        "signal": (one.t2 > limit) | (one.spe > spe_limit),
        "contributions": _named(contributions, names),
    }, model.loadings.shape[1]


def _named(contributions: Floats, names: Sequence[str]) -> list[dict[str, float]]:
    return [dict(zip(names, row, strict=True)) for row in contributions.tolist()]
