"""Within what an item or place must stay now, by the specifications in the store: looked up once per series."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, func, select

from api.quality.join.limits import limit_keys
from api.quality.live.rules import reference_unit
from api.quality.units import compatible, convert
from ledger.errors import InvalidInput
from ledger.identifiers import parse_item
from ledger.store.quality_tables import specification

_NONE = (math.nan, math.nan)


def fingerprint(connection: Connection) -> tuple[Any, ...]:
    """Changes with every change of the specifications."""
    columns = specification.c
    return tuple(connection.execute(select(func.count(), func.max(columns.id), func.max(columns.imported_at))).one())


class Specifications:
    """Those in force at `at`: the subject's own, else its lot's, its GTIN's, everything's.

    Of each, that of the market asked for, else that for all markets.
    """

    def __init__(self, connection: Connection, at: int) -> None:
        self._by_key: dict[tuple[str, str, str], Row[Any]] = {}
        columns = specification.c
        statement = select(specification).order_by(columns.valid_from)
        for row in connection.execute(statement):  # the last that came into force wins
            if (row.valid_from is None or row.valid_from <= at) and (row.valid_to is None or at < row.valid_to):
                self._by_key[row.item, row.characteristic, row.market] = row

    def __call__(self, subject: str, kind: str, market: str = "") -> tuple[float, float]:
        """Low and high in the kind's reference unit, NaN where there is none."""
        for key in limit_keys(subject, _lot_of(subject)):
            row = self._by_key.get((key, kind, market)) or self._by_key.get((key, kind, ""))
            if row is not None:
                return _bounds(row, reference_unit(kind))
        return _NONE


def _lot_of(subject: str) -> str | None:
    try:
        return parse_item(subject).lot
    except InvalidInput:  # a place
        return None


def _bounds(row: Row[Any], unit: str) -> tuple[float, float]:
    values = np.array([math.nan if value is None else value for value in (row.low, row.high)])
    if unit and unit != row.unit:
        if not compatible(row.unit, unit):
            return _NONE
        values = convert(values, row.unit, unit)
    return float(values[0]), float(values[1])
