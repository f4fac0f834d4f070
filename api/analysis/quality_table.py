"""The join out of the store: all that was measured of an item by genealogy, and whom a measurement touches.

The trace says what belongs and when; `api.quality.join` does the rest. Without a key, only open events make genealogy,
and only what belongs to their items is told.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection

from api.analysis.genealogy import history_of_trace
from api.analysis.pipeline import cleaned_readings, pipeline_in_force
from api.analysis.quality_store import frame_of, reading_limits, specifications_frame
from api.analysis.reach import history_reaching, items_at
from api.quality.columns import INSPECTION, RESULT
from api.quality.frames import microseconds, timestamps
from api.quality.intake.sensor_elements import sensor_readings
from api.quality.join.containment import containment
from api.quality.join.members import MEMBER
from api.quality.join.quality_table import QUALITY_TABLE, cut_to, quality_table
from api.quality.join.steps import steps
from api.quality.join.touched import Measurement, touched_lots
from api.quality.join.windows import spans_of, windows_of
from api.quality.plain import plain
from ledger.errors import NotFound
from ledger.hexadecimal import hex_of
from ledger.identifiers import parse_item
from ledger.store import Store, measured, quality_tables
from ledger.trace import Role, Trace, trace
from ledger.trace.trace import Direction
from ledger.trace.windows import BEGINNING, END

_RELATIONS = {Role.ORIGIN: "own", Role.CONTAINER: ""}


def table_of(
    store: Store, item: str, *, direction: Direction = "backward", depth: int | None = None, only_open: bool = False
) -> tuple[pd.DataFrame, str]:
    """A frame with the columns `QUALITY_TABLE`, and the digest of the pipeline that cleaned its readings.

    An item that no event (to be seen) names has an empty table.
    """
    parsed = parse_item(item)
    with store.read() as connection:
        digest = pipeline_in_force(connection).digest
        try:
            found = trace(connection, item, direction=direction, depth=depth, only_open=only_open)
        except NotFound:
            return pd.DataFrame(columns=list(QUALITY_TABLE)), digest
        return _joined(connection, parsed.uri, found), digest


def touched_by(store: Store, name: str, identity: int, *, only_open: bool = False) -> dict[str, Any]:
    """The lots that a reading, inspection or result (by its id) touches. Raises NotFound for what is not there."""
    with store.read() as connection:
        measurement = _measurement(connection, name, identity)
        history = history_reaching(connection, _there(connection, measurement, only_open), only_open=only_open)
    inside = containment(history.events, history.mentions)
    lots = touched_lots(history.events, history.mentions, history.transformations(), inside, measurement)
    about = {"time": plain(measurement.time), "item": measurement.item, "place": measurement.place}
    return {"source": name, "id": identity, **about, "touched": plain(lots)}


def reading_id(store: Store, sensor: str, time: int, quantity_kind: str) -> int:
    """The id of a sensor's reading at a time (microseconds). Raises NotFound."""
    columns = quality_tables.reading.c
    wanted = (columns.sensor == sensor, columns.time == time, columns.quantity_kind == quantity_kind)
    with store.read() as connection:
        found = connection.execute(quality_tables.reading.select().where(*wanted)).first()
    if found is None:
        raise NotFound(f"no reading of {sensor} at that time", expected="sensor, time and quantity kind of a reading")
    return int(found.id)


def as_csv(table: pd.DataFrame) -> str:
    """RFC 4180: what has several values in one cell is separated by spaces, `inputs` is their digest."""
    flat = table.assign(
        inputs=[each.digest for each in table["inputs"]],
        sources=[" ".join(each) for each in table["sources"]],
        flagged=[" ".join(f"{name}={count}" for name, count in each.items()) for each in table["flagged"]],
    )
    for name in ("start", "end", "first", "last"):
        flat[name] = [plain(each) for each in table[name]]
    return flat.to_csv(index=False, lineterminator="\r\n")


def _joined(connection: Connection, origin: str, found: Trace) -> pd.DataFrame:
    history = history_of_trace(found)
    members = members_in(found)
    names = set(members["item"])
    inside = containment(history.events, history.mentions)
    within = cut_to(steps(history.events, history.mentions, inside, members["item"]), members)
    readings = cleaned_readings(connection, spans_of(windows_of(within, inside, None)))
    own = sensor_readings((hex_of(event.commitment), event.body) for event in found.events)
    inspections = frame_of(measured.inspections(connection, items=sorted(names)), ("id", *INSPECTION))
    results = frame_of(measured.results(connection, items=sorted(names)), ("id", *RESULT))
    return quality_table(
        history.events,
        history.mentions,
        origin,
        readings,
        inspections=inspections,
        results=results,
        sensor_readings=own[own["event"].isin(history.events["event"])],
        limits=reading_limits(connection),
        specifications=specifications_frame(connection),
        lots=history.lots,
        members=members,
    )


def members_in(found: Trace) -> pd.DataFrame:
    """The items of a trace as a frame `MEMBER`; containers are none, for they speak through what is inside."""
    rows = [
        (
            item.uri,
            _RELATIONS.get(item.role, item.role.value),
            item.level,
            min((low for low, _ in item.windows), default=BEGINNING),
            max((high for _, high in item.windows), default=END),
            "certain" if item.certain else "possible",
        )
        for item in found.items
    ]
    frame = pd.DataFrame([row for row in rows if row[1]], columns=list(MEMBER))
    frame["start"], frame["end"] = timestamps(frame["start"], missing=BEGINNING), timestamps(frame["end"], missing=END)
    return frame


def _there(connection: Connection, measurement: Measurement, only_open: bool) -> set[str]:
    """What may have been measured: the item, or whatever had come to the place until then."""
    if measurement.item is not None:
        return {measurement.item}
    until = int(microseconds(pd.Series([measurement.time]), END)[0])
    return items_at(connection, str(measurement.place), until, only_open=only_open)


def _measurement(connection: Connection, name: str, identity: int) -> Measurement:
    table = {
        "reading": quality_tables.reading,
        "inspection": quality_tables.inspection,
        "result": quality_tables.laboratory_result,
    }[name]
    row = connection.execute(table.select().where(table.c.id == identity)).first()
    if row is None:
        raise NotFound(f"no {name} {identity}", expected="the id of one, as the quality table's inputs name them")
    place = row.place if name == "reading" else None
    time = timestamps([row.time], missing=END).iloc[0]
    return Measurement(time, row.item, place, whole=name != "reading")
