"""Control limits that are frozen: computed once from phase I data, versioned, and never from what they judge.

Limits recomputed from the points they judge drift with the fault and hide it. So limits are data: what they were
computed from (a digest), what was left out and why, who froze them and when, and in which reading of which rules.
Another version is another freeze; an old one stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pandas as pd

from api.quality.frames import microseconds
from api.quality.plain import plain
from api.quality.spc.advice import few_points
from api.quality.spc.charts import (
    ControlChart,
    Excluded,
    LimitsUsed,
    Specification,
    control_chart,
    excluded_points,
    without,
)
from api.quality.spc.parameters import Estimator, Kind, Parameters, estimate
from api.quality.spc.rules import NELSON, RuleSet
from ledger.errors import InvalidInput

_NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class FrozenLimits:
    """`item`: what they hold for, an item or its class, '' everything; `equipment` likewise.

    `data_digest`: SHA-256, hex, over the phase I points as `digest` takes it; `points`: how many of them count;
    `first` and `last`: when the first and last of them were, if known.
    """

    characteristic: str
    item: str
    equipment: str
    unit: str
    parameters: Parameters
    rules: RuleSet
    phase: str
    version: int
    frozen_at: pd.Timestamp
    by: str
    data_digest: str
    points: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    excluded: tuple[Excluded, ...]

    @property
    def kind(self) -> Kind:
        return self.parameters.kind

    def to_json(self) -> str:
        """Canonical enough to be stored and read back to the same limits."""
        return json.dumps(plain(self), ensure_ascii=False, sort_keys=True, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> FrozenLimits:
        """Raises InvalidInput for what is not such a document."""
        try:
            found = json.loads(text)
            return _parsed(found)
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"not frozen limits: {error!r}", expected="a document that `to_json` wrote") from error


def freeze(
    kind: Kind,
    series: pd.DataFrame,
    *,
    characteristic: str,
    at: pd.Timestamp,
    by: str = "",
    item: str = "",
    equipment: str = "",
    unit: str = "",
    version: int = 1,
    rules: RuleSet = NELSON,
    estimator: Estimator = "auto",
    excluded: Sequence[Excluded] = (),
    options: dict[str, float] | None = None,
) -> FrozenLimits:
    """Limits from phase I data (VARIABLES or ATTRIBUTES) but its `excluded` points. Raises InvalidInput."""
    kept = without(series, excluded_points(series, excluded))
    known = kept[kept["count" if "count" in kept else "mean"].notna()]
    times = known["time"].dropna()
    return FrozenLimits(
        characteristic=characteristic,
        item=item,
        equipment=equipment,
        unit=unit,
        parameters=estimate(kind, kept, estimator=estimator, options=options),
        rules=rules,
        phase="I",
        version=version,
        frozen_at=at,
        by=by,
        data_digest=digest(series),
        points=len(known),
        first=times.min() if len(times) else None,
        last=times.max() if len(times) else None,
        excluded=tuple(excluded),
    )


def evaluate(
    limits: FrozenLimits,
    series: pd.DataFrame,
    *,
    rules: RuleSet | None = None,
    specification: Specification | None = None,
) -> ControlChart:
    """New data against frozen limits (phase II). The data change nothing of the limits."""
    used = LimitsUsed("II", limits.version, limits.frozen_at, limits.data_digest)
    made = control_chart(
        limits.kind,
        series,
        parameters=limits.parameters,
        rules=rules or limits.rules,
        characteristic=limits.characteristic,
        unit=limits.unit,
        specification=specification,
        limits=used,
    )
    few = few_points(limits.points)
    return replace(made, warnings=(few, *made.warnings)) if few else made


def digest(series: pd.DataFrame) -> str:
    """SHA-256 of a series: its labels as JSON, its times in microseconds, its numbers as little-endian doubles."""
    labels = json.dumps(series["label"].tolist(), ensure_ascii=False, separators=(",", ":"))
    found = hashlib.sha256(labels.encode("utf-8", "surrogatepass"))
    found.update(microseconds(series["time"], _NEVER).astype("<i8").tobytes())
    for name in sorted(str(column) for column in series.columns.difference(["label", "time"])):
        numbers = series[name].to_numpy(np.float64)
        found.update(name.encode() + np.where(np.isnan(numbers), np.nan, numbers).astype("<f8").tobytes())
    return found.hexdigest()


def _parsed(found: dict[str, Any]) -> FrozenLimits:
    rules = RuleSet(**(found["rules"] | {"rules": tuple(found["rules"]["rules"])}))
    excluded = tuple(Excluded(one["label"], one["reason"], _time(one["time"])) for one in found["excluded"])
    moments = {name: _time(found[name]) for name in ("first", "last")}
    frozen_at = cast(pd.Timestamp, _time(found["frozen_at"]))
    parsed = {"parameters": Parameters(**found["parameters"]), "rules": rules, "excluded": excluded}
    return FrozenLimits(**(found | moments | parsed | {"frozen_at": frozen_at}))


def _time(text: str | None) -> pd.Timestamp | None:
    return None if text is None else pd.Timestamp(text).tz_convert("UTC").as_unit("us")
