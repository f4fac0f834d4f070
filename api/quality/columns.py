"""The columns of the frames that this package takes and gives, in order; one name per thing, as in the store's tables.

Times are `datetime64[us, UTC]`. Items and places are canonical URIs; a missing one is None. Units are UN/ECE
Recommendation 20 codes. The frames are never changed in place.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

#: one sensor value; exactly one of item and place says what it belongs to
READING = ("time", "sensor", "item", "place", "quantity_kind", "value", "unit")

#: a reading inside an event; `start` and `end` are set where it sums up a span from `minimum` to `maximum`
SENSOR_READING = ("event", *READING, "start", "end", "minimum", "maximum")

#: one check: a variable has value and unit; an attribute has passed (True, False or None), or a size with what was
#: found in it. `sample` tells pieces of one inspection apart, `run` names the production run
INSPECTION = (
    "time", "item", "characteristic", "value", "unit", "passed", "inspector", "sample", "size", "nonconforming",
    "defects", "run",
)  # fmt: skip

#: one laboratory value; without a value it is below `loq` (censored). `uncertainty` is expanded (k = 2), in `unit`
RESULT = (
    "time", "item", "sample", "laboratory", "analyte", "value", "unit", "loq", "uncertainty", "method", "certificate",
)  # fmt: skip

#: what must be kept during [valid_from, valid_to); `characteristic` is a quantity kind, a checked one, or an analyte
SPECIFICATION = (
    "item", "characteristic", "market", "low", "target", "high", "unit", "valid_from", "valid_to", "source",
)  # fmt: skip

#: a machine, line, vehicle, sensor or laboratory; `ideal_rate` in pieces per minute
EQUIPMENT = (
    "equipment", "kind", "name", "place", "ideal_rate", "calibrated", "calibration_due", "laboratory_accredited_until",
)  # fmt: skip

#: what one machine made in one go; `planned` and `downtime` in seconds
RUN = (
    "run", "equipment", "item", "start", "end", "planned", "downtime", "total", "good", "rework", "opportunities",
    "operator", "shift", "supplier",
)  # fmt: skip

#: energy, water, fuel … used by `subject`: an item, a run or a place
ACTIVITY = ("start", "end", "subject", "activity", "amount", "unit")

#: how much of an indicator one unit of an activity stands for
FACTOR = ("activity", "indicator", "factor", "unit", "per", "source", "valid_from", "valid_to")

#: what an event that began an item says of it (ilmd): `value` in `unit`, a date as `time`, and all of it as `text`
ATTRIBUTE = ("item", "event", "attribute", "value", "unit", "text", "time")

#: an edge: of `parent`, `quantity` went into `child`; `certainty` is 'certain' or 'possible'
GENEALOGY = ("parent", "child", "event", "time", "quantity", "uom", "certainty")

#: what an item must stay within; item is an instance, a lot, a GTIN class, or '' for everything
LIMIT = ("item", "quantity_kind", "low", "high", "unit")

#: an event as far as the join needs it; the caller leaves out events that were declared wrong, and the declarations
EVENT = ("event", "time", "type", "action", "biz_location")

#: an item as an event names it; role is epc, parent, child, input or output
MENTION = ("event", "item", "role")

TIME_DTYPE: Final = "datetime64[us, UTC]"


def empty(columns: tuple[str, ...]) -> pd.DataFrame:
    """A frame without rows whose times are times and whose numbers are numbers."""
    frame = pd.DataFrame({name: pd.Series(dtype=_DTYPES.get(name, "object")) for name in columns})
    return frame


_DTYPES: dict[str, str] = {
    **dict.fromkeys(
        (
            "time",
            "start",
            "end",
            "valid_from",
            "valid_to",
            "calibrated",
            "calibration_due",
            "laboratory_accredited_until",
            "imported_at",
        ),
        TIME_DTYPE,
    ),
    **dict.fromkeys(
        (
            "value",
            "low",
            "target",
            "high",
            "minimum",
            "maximum",
            "loq",
            "uncertainty",
            "ideal_rate",
            "planned",
            "downtime",
            "amount",
            "factor",
            "quantity",
            "size",
            "nonconforming",
            "defects",
        ),
        "float64",
    ),
    **dict.fromkeys(("total", "good", "rework", "opportunities"), "int64"),
}
