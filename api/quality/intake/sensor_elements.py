"""The sensor elements of an EPCIS 2.0 event as readings.

A report inherits time and device from its element's metadata, and an element without a time speaks of the event's
time. A report of extremes over [startTime, endTime] becomes one row with `start` and `end`; its value is the mean, if
there is one. Reports without a number (words, booleans, URIs) and pure percentiles are no readings and are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from api.quality.columns import SENSOR_READING, TIME_DTYPE, empty

Json = Mapping[str, Any]


def sensor_readings(events: Iterable[tuple[object, Json]]) -> pd.DataFrame:
    """A frame with the columns `SENSOR_READING` from pairs of an event's name and its body.

    `item` and `place` are None: such a reading belongs to its event. `unit` is '' where the report gives none.
    """
    rows = [row for event, body in events for row in _rows(event, body)]
    if not rows:
        return empty(SENSOR_READING)
    frame = pd.DataFrame(rows, columns=list(SENSOR_READING))
    for name in ("time", "start", "end"):
        frame[name] = pd.to_datetime(frame[name], format="ISO8601", utc=True).astype(TIME_DTYPE)
    return frame


def _rows(event: object, body: Json) -> Iterator[tuple[Any, ...]]:
    for element in body.get("sensorElementList", ()):
        metadata = element.get("sensorMetadata", {})
        start, end = metadata.get("startTime"), metadata.get("endTime")
        for report in element.get("sensorReport", ()):
            value, minimum, maximum = _numbers(report)
            if np.isnan([value, minimum, maximum]).all():
                continue
            moment = report.get("time") or metadata.get("time")
            spans = moment is None and start is not None and end is not None
            yield (
                event,
                moment or start or end or body["eventTime"],
                report.get("deviceID") or metadata.get("deviceID") or "",
                None,
                None,
                _kind(report),
                value,
                report.get("uom", ""),
                start if spans else None,
                end if spans else None,
                minimum,
                maximum,
            )


def _numbers(report: Json) -> tuple[float, float, float]:
    """Value (or mean), minimum and maximum; NaN where the report does not say."""
    if "value" in report:
        value = float(report["value"])
        return value, value, value
    mean, minimum, maximum = (float(report.get(name, np.nan)) for name in ("meanValue", "minValue", "maxValue"))
    return mean, minimum, maximum


def _kind(report: Json) -> str:
    """The measurement type; of one component of a vector, both, since x and y are different series."""
    name = str(report["type"]).removeprefix("gs1:")
    component = report.get("component")
    return f"{name}:{component}" if component else name
