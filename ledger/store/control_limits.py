"""Frozen control limits: each freeze is a new version of its characteristic, scope and chart; none is ever changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from ledger.store.quality_tables import control_limits


def next_version(connection: Connection, characteristic: str, scope: str, chart: str) -> int:
    """The version that a freeze in this transaction gets, counted from 1."""
    columns = control_limits.c
    newest = select(func.max(columns.version)).where(
        columns.characteristic == characteristic, columns.scope == scope, columns.chart == chart
    )
    return (connection.execute(newest).scalar() or 0) + 1


def add(
    connection: Connection,
    characteristic: str,
    scope: str,
    chart: str,
    *,
    version: int,
    limits: str,
    frozen_at: int,
    frozen_by: str = "",
) -> None:
    """`limits`: the whole of them as JSON. A version that is there already raises an IntegrityError."""
    connection.execute(
        control_limits.insert().values(
            characteristic=characteristic,
            scope=scope,
            chart=chart,
            version=version,
            limits=limits,
            frozen_at=frozen_at,
            frozen_by=frozen_by,
        )
    )


def find(
    connection: Connection,
    *,
    characteristic: str | None = None,
    scope: str | None = None,
    chart: str | None = None,
    version: int | None = None,
) -> list[Row[Any]]:
    """All that fit, the newest version of each first."""
    columns = control_limits.c
    wanted = {"characteristic": characteristic, "scope": scope, "chart": chart, "version": version}
    statement = select(control_limits).where(
        *(columns[name] == value for name, value in wanted.items() if value is not None)
    )
    order = (columns.characteristic, columns.scope, columns.chart, columns.version.desc())
    return list(connection.execute(statement.order_by(*order)))
