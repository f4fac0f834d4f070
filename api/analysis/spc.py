"""Control charts and capability of what is in the store: against frozen limits where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import pandas as pd
from sqlalchemy import Connection

from api.analysis.process_data import Selection, inspections_of, process_series, specification_of
from api.quality.frames import timestamps
from api.quality.plain import plain
from api.quality.spc.capability import THRESHOLD, capability
from api.quality.spc.charts import ControlChart, Excluded, Specification, rules_for
from api.quality.spc.limits import FrozenLimits, freeze
from api.quality.spc.multivariate import Method, multivariate_chart
from api.quality.spc.parameters import KINDS_OF_ATTRIBUTES, Kind
from api.quality.spc.process_series import ProcessSeries, chart_of_series
from api.quality.spc.rules import meaning, rule_set
from ledger.errors import InvalidInput, NotFound
from ledger.store import Store, control_limits
from ledger.store.clock import now

ChosenKind = Kind | Literal["auto"]


def chart(
    store: Store,
    wanted: Selection,
    *,
    kind: ChosenKind = "auto",
    rules: str | None = None,
    limits: str = "auto",
    last: int | None = None,
) -> dict[str, Any]:
    """The chart as data. `limits`: `auto` (the newest frozen ones, if any), `own`, `frozen`, or a version's number.

    `last`: only so many of the latest points are shown; all are counted. Raises NotFound, InvalidInput.
    """
    with store.read() as connection:
        made, item = chart_in(connection, wanted, kind=kind, rules=rules, limits=limits)
    return shown(made, item, last)


def chart_in(
    connection: Connection, wanted: Selection, *, kind: ChosenKind = "auto", rules: str | None = None, limits: str
) -> tuple[ControlChart, str | None]:
    """The chart, and the item or class that all of it is of."""
    frozen = _frozen(connection, wanted, kind, limits)
    chosen = frozen.kind if frozen else kind
    unit = frozen.unit if frozen and frozen.unit else None
    series, item = process_series(connection, wanted, counted=_counted(chosen), unit=unit)
    made = chart_of_series(
        series,
        chosen,
        rules=rule_set(rules) if rules else frozen.rules if frozen else rule_set("nelson"),
        limits=frozen,
        specification=_specification(connection, series, item),
    )
    return made, item


def shown(made: ControlChart, item: str | None, last: int | None = None) -> dict[str, Any]:
    """A chart with what its rules mean, and how many points and signals it has in all."""
    found = made.as_plain()
    signals = [point for point in found["points"] if point["signals"]]
    for each in (found, found["companion"]):
        if each is not None and last is not None:
            each["points"] = each["points"][-last:]
    meanings = {str(rule): meaning(made.rules, rule) for rule in rules_for(made.kind, made.rules).rules}
    return found | {
        "item": item or "",
        "count": len(made.points),
        "signal_count": len(signals),
        "in_control": made.in_control,
        "rule_meanings": meanings,
    }


def multivariate(
    store: Store,
    wanted: Sequence[Selection],
    *,
    method: Method = "t2",
    until: int | None = None,
    components: int | None = None,
    alpha: float | None = None,
    last: int | None = None,
) -> dict[str, Any]:
    """One chart of several characteristics; limits from what is before `until`, or from all. Raises InvalidInput."""
    with store.read() as connection:
        rows = pd.concat([inspections_of(connection, one) for one in wanted])
    made = multivariate_chart(
        rows,
        [one.characteristic for one in wanted],
        method=method,
        until=None if until is None else timestamps([until], missing=-1).iloc[0],
        components=components,
        alpha=alpha,
    )
    signals = int(made.points["signal"].sum())
    points = made.points if last is None else made.points.tail(last)
    return {**plain(replace(made, points=points)), "count": len(made.points), "signal_count": signals}


def freeze_limits(
    store: Store,
    wanted: Selection,
    *,
    kind: ChosenKind = "auto",
    rules: str = "nelson",
    excluded: Sequence[Excluded] = (),
    by: str = "",
) -> dict[str, Any]:
    """Limits from all that the selection holds now, as a new version. Raises NotFound, InvalidInput."""
    with store.begin() as connection:
        series, _ = process_series(connection, wanted, counted=_counted(kind))
        chosen = series.kind if kind == "auto" else kind
        at = now()
        made = freeze(
            chosen,
            series.points,
            characteristic=wanted.characteristic,
            item=wanted.item or "",
            equipment=wanted.equipment or wanted.place or wanted.sensor or "",
            unit=series.unit,
            version=control_limits.next_version(connection, wanted.characteristic, wanted.scope, chosen),
            rules=rule_set(rules),
            excluded=excluded,
            by=by,
            at=timestamps([at], missing=-1).iloc[0],
        )
        control_limits.add(
            connection,
            wanted.characteristic,
            wanted.scope,
            chosen,
            version=made.version,
            limits=made.to_json(),
            frozen_at=at,
            frozen_by=by,
        )
    return {**plain(made), "scope": wanted.scope}


def frozen_limits(store: Store, characteristic: str | None = None) -> list[dict[str, Any]]:
    """All versions of all limits, or of those of one characteristic; the newest of each first."""
    with store.read() as connection:
        rows = control_limits.find(connection, characteristic=characteristic)
    return [{**plain(FrozenLimits.from_json(row.limits)), "scope": row.scope} for row in rows]


def capability_of(
    store: Store,
    wanted: Selection,
    *,
    specification: Specification | None = None,
    confidence: float = 0.95,
    threshold: float = THRESHOLD,
) -> dict[str, Any]:
    """As `capability_in`, in a reading of its own."""
    with store.read() as connection:
        return capability_in(
            connection, wanted, specification=specification, confidence=confidence, threshold=threshold
        )


def capability_in(
    connection: Connection,
    wanted: Selection,
    *,
    specification: Specification | None = None,
    confidence: float = 0.95,
    threshold: float = THRESHOLD,
) -> dict[str, Any]:
    """Of the values of a characteristic, against its specification unless one is given.

    Whether the process is in control is asked of its chart, against frozen limits where there are any.
    """
    series, item = process_series(connection, wanted, counted=False)
    binding = specification or _specification(connection, series, item) or Specification()
    in_control = _in_control(connection, wanted)
    found = capability(
        series.values,
        low=binding.low,
        high=binding.high,
        target=binding.target,
        subgroup=series.subgroup,
        in_control=in_control,
        averaged=series.averaged,
        confidence=confidence,
        threshold=threshold,
    )
    named = {"characteristic": wanted.characteristic, "item": item or "", "unit": series.unit}
    return {**named, **plain(found), "in_control": in_control}


def _in_control(connection: Connection, wanted: Selection) -> bool | None:
    try:
        return chart_in(connection, wanted, limits="auto")[0].in_control
    except InvalidInput:  # too little data for a chart
        return None


def frozen_in(connection: Connection, wanted: Selection, kind: ChosenKind, limits: str) -> FrozenLimits:
    """The limits that are frozen for the selection: `frozen` the newest, or a version's number. Raises NotFound."""
    found = _frozen(connection, wanted, kind, limits)
    if found is None:
        raise NotFound(f"no limits of {wanted.characteristic!r} are frozen", expected="frozen, or a version's number")
    return found


def _frozen(connection: Connection, wanted: Selection, kind: ChosenKind, limits: str) -> FrozenLimits | None:
    if limits == "own":
        return None
    if limits not in ("auto", "frozen") and not (limits.isdecimal() and len(limits) < 9):
        raise InvalidInput(f"limits {limits!r}", where="limits", expected="auto, own, frozen, or a version's number")
    rows = control_limits.find(
        connection,
        characteristic=wanted.characteristic,
        scope=wanted.scope,
        chart=None if kind == "auto" else kind,
        version=int(limits) if limits.isdecimal() else None,
    )
    if not rows and limits != "auto":
        raise NotFound(
            f"no limits of {wanted.characteristic!r} are frozen for this scope",
            advice="Freeze some with `lotmark quality spc freeze`, or chart with limits=own.",
        )
    newest = max(rows, key=lambda row: int(row.frozen_at), default=None)
    return None if newest is None else FrozenLimits.from_json(newest.limits)


def _specification(connection: Connection, series: ProcessSeries, item: str | None) -> Specification | None:
    if "count" in series.points:
        return None
    times = series.points["time"].dropna()
    at: pd.Timestamp | None = times.max() if len(times) else None
    return specification_of(connection, series.characteristic, item, at, series.unit)


def _counted(kind: ChosenKind) -> bool | None:
    return None if kind == "auto" else kind in KINDS_OF_ATTRIBUTES
