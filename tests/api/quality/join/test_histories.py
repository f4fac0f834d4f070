"""What was said of an item over its whole way."""

from __future__ import annotations

import numpy as np
import pandas as pd

from api.quality.columns import READING, empty
from api.quality.join.containment import CONTAINMENT
from api.quality.join.histories import histories
from api.quality.join.steps import STEP


def at(hour: float) -> pd.Timestamp:
    return pd.Timestamp("2026-05-06T00:00Z").as_unit("us") + pd.Timedelta(hours=hour)


def steps(*spans: tuple[float, float | None, str | None]) -> pd.DataFrame:
    rows = [
        (number, "urn:x:lot", f"e{number}", at(start), pd.NaT if end is None else at(end), place, None)
        for number, (start, end, place) in enumerate(spans)
    ]
    return pd.DataFrame(rows, columns=list(STEP))


def readings(*rows: tuple[float, str, float]) -> pd.DataFrame:
    found = [(at(hour), f"sensor of {place}", None, place, "Temperature", value, "CEL") for hour, place, value in rows]
    return pd.DataFrame(found, columns=list(READING))


INSIDE = empty(CONTAINMENT)


def test_the_sensors_of_all_places_and_the_time_between_them() -> None:
    room = [(hour / 2, "urn:x:room", 3.0) for hour in range(9)]  # until 4:00, in which it leaves at 2:00
    shop = [(5 + hour / 2, "urn:x:shop", 4.0) for hour in range(5)]
    (found,) = histories(steps((0, 2, "urn:x:room"), (5, None, "urn:x:shop")), readings(*room, *shop), inside=INSIDE)
    assert (found.quantity_kind, found.unit) == ("Temperature", "CEL")
    assert [(one.source, len(one.times), one.times.iloc[-1]) for one in found.series] == [
        ("urn:x:room", 4, at(1.5)),
        ("urn:x:shop", 5, at(7)),
    ]
    assert found.gaps == ((at(2), at(5)),)


def test_a_silent_logger_is_a_gap_and_so_is_the_time_before_it_speaks() -> None:
    room = [(hour, "urn:x:room", 3.0) for hour in (1.0, 1.5, 2.0, 2.5, 6.0, 6.5, 7.0)]
    (found,) = histories(steps((0, 7, "urn:x:room")), readings(*room), inside=INSIDE)
    assert found.gaps == ((at(0), at(1)), (at(2.5), at(6)))
    (series,) = found.series
    broken = series.times[np.isnan(series.values)]
    assert broken.tolist() == [at(2.5)]


def test_nothing_was_measured() -> None:
    assert histories(steps((0, None, "urn:x:room")), readings(), inside=INSIDE) == []


def test_what_cleaning_set_aside_is_no_line_and_its_time_a_gap() -> None:
    room = readings(*[(hour / 2, "urn:x:room", 45.0 if hour == 3 else 3.0) for hour in range(9)])
    flagged = room["value"] == 45.0
    cleaned = room.assign(
        id=-1, flag=["spikes" if each else None for each in flagged], speaks=~flagged, counts=~flagged
    )
    (found,) = histories(steps((0, 4, "urn:x:room")), cleaned, inside=INSIDE)
    (series,) = found.series
    assert (np.nanmax(series.values), len(series.values), series.flagged) == (3.0, 8, 1)
    assert series.times[np.isnan(series.values)].tolist() == [at(1.5)]
    assert found.gaps == ((at(1.5), at(2)),)
