"""Instance and lot master data (ilmd, EPCIS 2.0 §7.3.8) of the events in which items begin, as attributes of the items.

The fields of CBV 2.0 (`cbvmda:`, `gs1:`) lose their prefix, others keep it; a field in a field is named through both,
`example:masterData.example:sizeCode`; each element of a list is a row. A measurement is an object with a value and a
unit under one of the names that are in use. Numbers in text are numbers, as XML had no others; the text is kept as it
was. A date without a zone is the day at the event's own offset, from its first moment. Nothing here is a measurement of
a sensor, and nothing is checked against a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from api.quality.columns import ATTRIBUTE, TIME_DTYPE, empty
from ledger.identifiers import parse_item

Json = Mapping[str, Any]

_VALUES: Final = {"value", "measurementValue", "amount"}
_UNITS: Final = {"uom", "unitCode", "measurementUnitCode", "unit"}
_COMMON = re.compile(r"(?:cbvmda|gs1):")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?")


def lot_attributes(events: Iterable[tuple[object, Json]]) -> pd.DataFrame:
    """A frame with the columns `ATTRIBUTE` from pairs of an event's name and its body: a row per item and attribute.

    `value` is NaN where the text is no number, `unit` '' where none is given, `time` NaT where it is no date.
    """
    rows = [
        (item, event, *attribute)
        for event, body in events
        if body.get("ilmd")
        for attribute in _attributes(body["ilmd"], "", str(body.get("eventTimeZoneOffset", "+00:00")))
        for item in _begun(body)
    ]
    if not rows:
        return empty(ATTRIBUTE)
    frame = pd.DataFrame(rows, columns=list(ATTRIBUTE))
    frame["time"] = pd.to_datetime(frame["time"], format="ISO8601", utc=True, errors="coerce").astype(TIME_DTYPE)
    return frame


def _begun(body: Json) -> Iterator[str]:
    """The items that the event began: a transformation's outputs, or what an object event added."""
    names = (
        ("outputEPCList", "outputQuantityList")
        if body["type"] == "TransformationEvent"
        else ("epcList", "quantityList")
    )
    texts = [*body.get(names[0], ()), *(element["epcClass"] for element in body.get(names[1], ()))]
    yield from dict.fromkeys(parse_item(text).uri for text in texts)


def _attributes(value: Any, name: str, offset: str) -> Iterator[tuple[str, float, str, str, str | None]]:
    """Attribute, value, unit, text and time."""
    if isinstance(value, Mapping):
        measured = _measured(value)
        if measured is not None and name:
            yield (name, *measured, None)
            return
        for field, inner in value.items():
            short = _COMMON.sub("", field, count=1)
            yield from _attributes(inner, f"{name}.{short}" if name else short, offset)
    elif isinstance(value, list):
        for inner in value:
            yield from _attributes(inner, name, offset)
    elif value is not None:
        text = str(value).lower() if isinstance(value, bool) else str(value).strip()
        yield name, _number(value), "", text, _moment(text, offset)


def _measured(fields: Json) -> tuple[float, str, str] | None:
    """Value, unit and text of an object that holds a number and its unit."""
    local = {field.rpartition(":")[2].lstrip("@#"): value for field, value in fields.items()}
    units = [str(local[name]) for name in local if name in _UNITS and isinstance(local[name], str)]
    numbers = [local[name] for name in local if name in _VALUES and not np.isnan(_number(local[name]))]
    if len(units) != 1 or len(numbers) != 1:
        return None
    return _number(numbers[0]), units[0], f"{numbers[0]} {units[0]}"


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return np.nan
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        return np.nan
    number = float(value)
    return number if np.isfinite(number) else np.nan


def _moment(text: str, offset: str) -> str | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    day, time, zone = found.groups()
    return f"{day}{time or 'T00:00'}{zone or offset}"
