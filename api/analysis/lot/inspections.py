"""Inspections of an item, one row per characteristic: how many, from where to where, how many failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from api.quality.plain import plain


def summarised(inspections: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Those with failures first; `passed` is None where nobody said, False where one failed."""
    table = pd.DataFrame(list(inspections))
    if table.empty:
        return []
    groups = table.groupby(["characteristic", table["unit"].fillna("")], sort=True)
    rows = [_summary(str(name), str(unit), group) for (name, unit), group in groups]
    return sorted(rows, key=lambda row: (-row["failed"], row["characteristic"]))


def _summary(characteristic: str, unit: str, group: pd.DataFrame) -> dict[str, Any]:
    values, said = group["value"].astype("float64"), group["passed"].dropna()
    failed = int((~said.astype(bool)).sum())
    return {
        "time": group["time"].max(),
        "characteristic": characteristic,
        "count": len(group),
        "minimum": plain(values.min()),
        "maximum": plain(values.max()),
        "unit": unit or None,
        "failed": failed,
        "passed": None if said.empty else failed == 0,
        "inspector": ", ".join(sorted({name for name in group["inspector"] if name})),
    }
