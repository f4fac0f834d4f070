"""What a chart is made of: the inspections of one characteristic, or the hourly means of one kind of reading.

Also the specification that binds it, and what there is to chart at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from api.analysis.quality_store import inspections_frame, runs_frame, specifications_frame
from api.quality.columns import TIME_DTYPE
from api.quality.join.limits import limit_keys
from api.quality.spc.charts import Specification
from api.quality.spc.process_series import GroupBy, ProcessSeries, hourly_series, series_of
from api.quality.units import convert
from ledger.errors import InvalidInput, NotFound
from ledger.events import format_time
from ledger.identifiers import parse_item
from ledger.store import characteristics


@dataclass(frozen=True, slots=True)
class Selection:
    """Whose data: of `item` and all below it (the lots of a GTIN), made on `equipment`, sensed by `sensor` at `place`.

    `start` ≤ time < `end`, in microseconds. `by`: what makes a subgroup of inspections.
    """

    characteristic: str
    item: str | None = None
    equipment: str | None = None
    place: str | None = None
    sensor: str | None = None
    start: int | None = None
    end: int | None = None
    by: GroupBy = "inspection"

    @property
    def scope(self) -> str:
        """What limits frozen for this selection hold for; '' everything."""
        named = {"equipment": self.equipment, "place": self.place, "sensor": self.sensor}
        # sigma within a run is not sigma within an inspection
        named["by"] = None if self.by == "inspection" else self.by
        parts = [self.item, *(f"{name}={value}" for name, value in named.items() if value)]
        return " ".join(part for part in parts if part)


def selection(characteristic: str, *, item: str | None = None, **more: Any) -> Selection:
    """With the item in its canonical form. Raises InvalidInput."""
    return Selection(characteristic, item=parse_item(item).uri if item else None, **more)


def chartable(connection: Connection) -> list[dict[str, Any]]:
    """Each characteristic that was inspected, and each series of readings, with the chart that suits it."""
    found = [
        {
            "characteristic": row.characteristic,
            "source": "inspections",
            "sensor": None,
            "item": None,
            "place": None,
            "count": row.count,
            "items": row.items,
            "unit": row.unit or "",
            "kind": "variables" if 2 * row.values >= row.count else "attributes",
            "first": format_time(row.first),
            "last": format_time(row.last),
        }
        for row in characteristics.inspected(connection)
    ]
    return found + [
        {
            "characteristic": row.quantity_kind,
            "source": "readings",
            "sensor": row.sensor,
            "item": row.item,
            "place": row.place,
            "count": row.count,
            "items": 1 if row.item else 0,
            "unit": row.unit,
            "kind": "variables",
            "first": format_time(row.first),
            "last": format_time(row.last),
        }
        for row in characteristics.sensed(connection)
    ]


def process_series(
    connection: Connection, wanted: Selection, *, counted: bool | None = None, unit: str | None = None
) -> tuple[ProcessSeries, str | None]:
    """The series, and the one item or class that all of it is of, if so. Raises NotFound, InvalidInput."""
    if not (wanted.place or wanted.sensor):
        rows = inspections_of(connection, wanted)
        if len(rows):
            return series_of(
                rows, wanted.characteristic, by=wanted.by, unit=unit, counted=counted
            ), wanted.item or _class_of(rows)
    return _hourly(connection, wanted, unit), wanted.item


def specification_of(
    connection: Connection, characteristic: str, item: str | None, at: pd.Timestamp | None, unit: str
) -> Specification | None:
    """What binds at that time, in every market: the item's own, else its lot's, its class's, else everything's."""
    lot = parse_item(item).lot if item else None
    for key in limit_keys(item or "", lot):
        rows = specifications_frame(connection, items=[key])
        rows = rows[(rows["characteristic"] == characteristic) & rows["market"].isin(["", None])]
        if at is not None:
            begun = rows["valid_from"].isna() | (rows["valid_from"] <= at)
            rows = rows[begun & (rows["valid_to"].isna() | (rows["valid_to"] > at))]
        if len(rows):
            row = rows.iloc[-1]
            figures = np.array([row["low"], row["target"], row["high"]], dtype=np.float64)
            figures = convert(figures, row["unit"], unit) if unit and row["unit"] else figures
            low, target, high = (None if np.isnan(figure) else float(figure) for figure in figures)
            return Specification(low, target, high)
    return None


def inspections_of(connection: Connection, wanted: Selection) -> pd.DataFrame:
    """A frame of INSPECTION of what is wanted; empty where there is none."""
    rows = inspections_frame(connection, characteristic=wanted.characteristic, start=wanted.start, end=wanted.end)
    if wanted.item and len(rows):
        rows = rows[(rows["item"] == wanted.item) | rows["item"].str.startswith(wanted.item + "/")]
    if wanted.equipment and len(rows):
        rows = rows[rows["run"].isin(runs_frame(connection, equipment=wanted.equipment)["run"])]
    return rows


def _hourly(connection: Connection, wanted: Selection, unit: str | None) -> ProcessSeries:
    if not (wanted.item or wanted.place or wanted.sensor):
        _require_one_series(connection, wanted.characteristic)
    rows = characteristics.hourly_means(
        connection,
        wanted.characteristic,
        item=wanted.item,
        place=wanted.place,
        sensor=wanted.sensor,
        start=wanted.start,
        end=wanted.end,
    )
    if not rows:
        raise NotFound(
            f"nothing of {wanted.characteristic!r} was inspected or sensed here",
            expected="a characteristic that was inspected, or a quantity kind that was read",
            advice="`lotmark quality spc list` lists them.",
        )
    frame = pd.DataFrame.from_records(rows, columns=["time", "value", "unit"])
    frame["time"] = pd.to_datetime(frame["time"], unit="us", utc=True).astype(TIME_DTYPE)
    return hourly_series(frame.assign(quantity_kind=wanted.characteristic), unit=unit)


def _require_one_series(connection: Connection, kind: str) -> None:
    series = characteristics.sensed(connection, kind)
    if len(series) > 1:
        named = ", ".join(sorted({row.sensor for row in series})[:5])
        raise InvalidInput(
            f"{kind} comes from {len(series)} series", where="sensor", expected=f"one sensor or place, such as {named}"
        )


def _class_of(rows: pd.DataFrame) -> str | None:
    """The GTIN class that all rows are of; None where they are of several."""
    classes = {limit_keys(item)[-2] if len(limit_keys(item)) > 1 else item for item in rows["item"].unique()}
    return cast(str, classes.pop()) if len(classes) == 1 else None
