"""Control charts against frozen limits as data arrive: points with new inspections, hours of readings once they end.

A rule names a characteristic and a scope whose limits are frozen; it is given the chart and version that are the newest
when it is added, and keeps to them. A point is judged when an inspection is new in it, an hour of readings when it is
over: readings that come for it later are not in it. Only the newest point can end an incident.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from api.analysis.process_data import Selection, selection
from api.analysis.spc import chart_in, frozen_in
from api.quality.frames import microseconds
from api.quality.live import Cleared, Finding, Raised, Rule
from api.quality.live.findings import cause_of, merged
from api.quality.spc.charts import ControlChart
from ledger.errors import LotmarkError, NotFound, Problem
from ledger.store import meta
from ledger.store.clock import now
from ledger.store.quality_tables import inspection

_HOUR = 3_600_000_000


def is_charted(rule: Rule) -> bool:
    return rule.kind == "spc" and bool(rule.characteristic)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found, and the mark that is to be written with it."""

    findings: list[Finding]
    mark: str
    problem: Problem | None = None


def begin(connection: Connection, rule: Rule) -> Rule:
    """The rule with the limits that it is to keep to; what is there already is not judged. Raises NotFound."""
    version = "frozen" if rule.version is None else str(rule.version)
    frozen = frozen_in(connection, _selection(rule), cast(Any, rule.chart or "auto"), version)
    put_mark(connection, rule, json.dumps([_newest(connection), _hour(now())]))
    return replace(rule, chart=frozen.kind, version=frozen.version)


def look(connection: Connection, rule: Rule, at: int) -> Looked | None:
    """What is new since the last look; None if nothing is."""
    newest, this_hour = _newest(connection), _hour(at)
    last, hour = json.loads(meta.get(connection, _key(rule)) or f"[{newest}, {this_hour}]")
    if newest == last and this_hour == hour:
        return None
    mark = json.dumps([newest, this_hour])
    times = _inspected(connection, rule, last) if newest != last else np.zeros(0, np.int64)
    if not times.size and (this_hour == hour or _has_inspections(connection, rule)):
        return Looked([], mark)
    try:
        return Looked(_judged(connection, rule, times, hour, this_hour), mark)
    except LotmarkError as error:  # such as units that do not fit: said, and not tried again before more comes
        return Looked([], mark, Problem(f"rule {rule.name}: {error.problem.message}", rule.characteristic))


def put_mark(connection: Connection, rule: Rule, mark: str) -> None:
    meta.put(connection, _key(rule), mark)


def _judged(connection: Connection, rule: Rule, times: Any, hour: int, this_hour: int) -> list[Finding]:
    wanted = _selection(rule)
    frozen = frozen_in(connection, wanted, cast(Any, rule.chart), str(rule.version))
    start = None if frozen.last is None else int(microseconds(pd.Series([frozen.last]), 0)[0]) + 1
    end = None if times.size else this_hour
    try:
        chart, _ = chart_in(
            connection, replace(wanted, start=start, end=end), kind=frozen.kind, limits=str(frozen.version)
        )
    except NotFound:  # nothing has come since they were frozen
        return []
    began = microseconds(chart.points["time"], 0)
    if times.size:
        new = np.zeros(began.size, dtype=bool)
        new[np.maximum(np.searchsorted(began, times, side="right") - 1, 0)] = True
    else:
        new = began >= hour
    return _found(rule, chart, frozen.data_digest, new & chart.points["value"].notna().to_numpy())


def _found(rule: Rule, chart: ControlChart, digest: str, new: Any) -> list[Finding]:
    points, times = chart.points, microseconds(chart.points["time"], 0)
    fired = points["signals"].tolist()
    spread = chart.companion.points["signals"].tolist() if chart.companion is not None else [()] * len(points)
    wanted = _selection(rule)
    cause = cause_of(rule.name, "", rule.characteristic, wanted.scope)
    named = {"rule": rule.name, "characteristic": rule.characteristic, "chart": chart.kind, "version": rule.version}
    said = named | {"data_digest": digest, "rules": chart.rules.set, "late": 0}
    found: list[Finding] = []
    for number in np.flatnonzero(new):
        at = int(times[number])
        if fired[number] or spread[number]:
            point = _point(points.iloc[number], chart.unit, at, [*fired[number]], [*spread[number]])
            raised = Raised(
                cause, rule.kind, rule.severity, rule.sensor or None, rule.characteristic, wanted.item,
                rule.place or None, at, at, 1, said | {"first": point, "worst": point, "last": point},
            )  # fmt: skip
            last = found[-1] if found else None
            if isinstance(last, Raised):
                found[-1] = merged(last, raised)
            else:
                found.append(raised)
        elif number == len(points) - 1:
            found.append(Cleared(cause, at))
    return found


def _point(row: pd.Series[Any], unit: str, at: int, fired: list[int], spread: list[int]) -> dict[str, Any]:
    """Its badness is how many sigmas of a point it lies from the centre."""
    sigma = (float(row["upper"]) - float(row["center"])) / 3
    away = abs(float(row["value"]) - float(row["center"]))
    badness = away / sigma if math.isfinite(sigma) and sigma > 0 else 0.0
    value = {"time": at, "value": float(row["value"]), "unit": unit, "badness": badness, "label": str(row["label"])}
    return value | {"fired": fired, "fired_by_spread": spread}


def _selection(rule: Rule) -> Selection:
    named = {"equipment": rule.equipment, "place": rule.place, "sensor": rule.sensor}
    return selection(rule.characteristic, item=rule.item or None, **{name: of or None for name, of in named.items()})


def _inspected(connection: Connection, rule: Rule, after: int) -> Any:
    columns = inspection.c
    wanted = select(columns.time).where(columns.id > after, columns.characteristic == rule.characteristic)
    if rule.place or rule.sensor:
        return np.zeros(0, np.int64)
    if rule.item:
        item = _selection(rule).item or ""
        wanted = wanted.where((columns.item == item) | columns.item.startswith(item + "/", autoescape=True))
    return np.array(connection.scalars(wanted).all(), dtype=np.int64)


def _has_inspections(connection: Connection, rule: Rule) -> bool:
    if rule.place or rule.sensor:
        return False
    found = select(inspection.c.id).where(inspection.c.characteristic == rule.characteristic).limit(1)
    return connection.scalar(found) is not None


def _newest(connection: Connection) -> int:
    return connection.scalar(select(func.max(inspection.c.id))) or 0


def _hour(at: int) -> int:
    return at // _HOUR * _HOUR


def _key(rule: Rule) -> str:
    return f"live_chart:{rule.name}"
