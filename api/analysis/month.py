"""One month of everything that was measured: figures, what called for attention, charts, capability, OEE, suppliers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from api.analysis.laboratory import WORST_FIRST
from api.analysis.lot import signals as s
from api.analysis.lot.process import capabilities_between, charts_between
from api.analysis.manufacturing import oee, supplier_scorecards
from api.analysis.names import demonstration_in, names_of
from api.analysis.quality_store import inspections_frame, results_frame, runs_frame, specifications_frame
from api.live.forms import incident_form, incident_of
from api.names import called, short
from api.quality.agriculture.residues import judge_results
from api.quality.plain import plain
from ledger.errors import InvalidInput
from ledger.events import format_time
from ledger.store import Store, incidents
from ledger.store.quality_tables import reading
from ledger.store.tables import event

_MONTH = re.compile(r"(19[7-9]|[2-9]\d\d)\d-(0[1-9]|1[0-2])", re.ASCII)
#: the last month that ends while years still have four digits
_LAST = "9999-11"
#: of the month's incidents, signals and charts, so many are shown
_MOST_INCIDENTS, _MOST_SIGNALS, _MOST_CHARTS = 200, 40, 8


def month_of(store: Store, month: str, *, market: str = "") -> dict[str, Any]:
    """The month YYYY-MM, in UTC. Raises InvalidInput."""
    start, end = _span(month)
    with store.read() as connection:
        return _month(connection, month, start, end, market)


def _month(connection: Connection, month: str, start: int, end: int, market: str) -> dict[str, Any]:
    names = names_of(connection)
    inspections = inspections_frame(connection, start=start, end=end)
    results = _judged(connection, results_frame(connection, start=start, end=end), market)
    raised = incidents.between(connection, start, end, limit=_MOST_INCIDENTS)
    failed = plain(inspections[inspections["passed"].eq(False)])
    found = [*s.failed_inspections(failed), *s.residues(results)]
    figures = _counts(connection, start, end) | {
        "inspections": len(inspections),
        "laboratory results": len(results),
        "Incidents": incidents.count_between(connection, start, end),
        "Lots with signals": len({one["uri"] for one in found}),
    }
    charts = charts_between(connection, inspections["characteristic"].unique(), start, end)
    unstable = [signal for chart in charts for signal in s.out_of_control([chart], chart["item"])]
    runs = runs_frame(connection, start=start, end=end)
    return {
        "demonstration": demonstration_in(connection) is not None,
        "item": None,
        "period": {"month": month, "from": format_time(start), "until": format_time(end)},
        "empty": not any(figures.values()),
        "figures": figures,
        "signals": s.worst_first([*found, *unstable])[:_MOST_SIGNALS],
        "incidents": [incident_form(row.id, incident_of(row)) for row in raised],
        "charts": sorted(charts, key=_calm)[:_MOST_CHARTS],
        "capability": capabilities_between(connection, inspections["characteristic"].unique(), start, end),
        "oee": [] if runs.empty else _oee(connection, start, end, names),
        "suppliers": _suppliers(connection, start, end, names),
    }


def _span(month: str) -> tuple[int, int]:
    if not _MONTH.fullmatch(month) or month > _LAST:
        raise InvalidInput(f"{month!r} is no month", expected="YYYY-MM, such as 2026-05")
    first = datetime(int(month[:4]), int(month[5:]), 1, tzinfo=UTC)
    after = (pd.Timestamp(first) + pd.DateOffset(months=1)).to_pydatetime()
    return int(first.timestamp()) * 1_000_000, int(after.timestamp()) * 1_000_000


def _counts(connection: Connection, start: int, end: int) -> dict[str, int]:
    def count(column: Any) -> int:
        return connection.scalar(select(func.count()).where(column >= start, column < end)) or 0

    return {"events": count(event.c.event_time), "readings": count(reading.c.time)}


def _calm(chart: dict[str, Any]) -> bool:
    return not any(point["signals"] for point in chart["points"])


def _judged(connection: Connection, results: pd.DataFrame, market: str) -> list[dict[str, Any]]:
    if results.empty:
        return []
    rows: list[dict[str, Any]] = plain(judge_results(results, specifications_frame(connection), market=market))
    return sorted(rows, key=lambda row: (WORST_FIRST.index(row["verdict"]), row["analyte"], row["item"]))


def _oee(connection: Connection, start: int, end: int, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"equipment": called(row["group"]["equipment"], names) or short(row["group"]["equipment"])}
        | {name: row[name] for name in ("oee", "availability", "performance", "quality")}
        for row in oee(connection, by=["equipment"], start=start, end=end)
    ]


def _suppliers(connection: Connection, start: int, end: int, names: dict[str, str]) -> list[dict[str, Any]]:
    now = pd.Timestamp(end, unit="us", tz="UTC").as_unit("us")
    found = supplier_scorecards(connection, now, start=start, end=end)
    return [
        {
            "supplier": called(row["supplier"], names) or short(row["supplier"]),
            "units": row["trials"],
            "share": row["value"],
            "low": row["low"],
            "high": row["high"],
            "group": row["group"],
        }
        for row in found["shares"]
        if row["measure"] == "nonconforming" and row["trials"]
    ]
