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

#: one check on an item: a variable has value and unit, an attribute has passed (True, False, or None)
INSPECTION = ("time", "item", "characteristic", "value", "unit", "passed", "inspector")

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
    **dict.fromkeys(("time", "start", "end"), TIME_DTYPE),
    **dict.fromkeys(("value", "low", "high", "minimum", "maximum"), "float64"),
}
