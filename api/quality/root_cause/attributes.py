"""Attributes of lots and items that may be a cause: machine, supplier, operator, carrier, place, shift, time window.

An attribute is a row (item, kind, name); whoever descends from the item is exposed to it. Time windows are attributes
like others: the hour, shift or day in which something was made or stood somewhere.
"""

from __future__ import annotations

import pandas as pd

from ledger.errors import InvalidInput

#: `name` of `kind` (machine, supplier, operator, carrier, place, window …) had to do with `item`; perhaps with a column
#: `time`: since when
ATTRIBUTE = ("item", "kind", "name")


def time_windows(
    moments: pd.DataFrame, *, width: str = "8h", begins: str = "00:00:00", by: str | None = None
) -> pd.DataFrame:
    """ATTRIBUTE rows with `time`, such as `2026-06-01T06:00Z/8h` of kind `window`: the bins of an item's moments.

    `moments` has the columns item and time (UTC; NaT is left out), and `by`, if given, such as `place`: one window per
    place then (`2026-06-01T06:00Z/8h at …`). Bins are of equal length in UTC, so that no change of clocks makes one
    longer; `begins` shifts them (`06:00:00` for shifts that begin at six UTC).

    Raises InvalidInput for a width or an offset that is no duration.
    """
    step, offset = _duration(width, "width"), _duration(begins, "begins")
    if step <= pd.Timedelta(0):
        raise InvalidInput(f"the width {width!r} of a time window is not positive", expected="such as 8h")
    known = moments[moments["time"].notna()]
    start = (known["time"] - offset).dt.floor(step) + offset
    seconds = ":%S" if step < pd.Timedelta(minutes=1) or offset % pd.Timedelta(minutes=1) else ""
    name = start.dt.strftime(f"%Y-%m-%dT%H:%M{seconds}Z/") + width
    if by is not None:
        known, name = known[known[by].notna()], name[known[by].notna()]
        name = name + " at " + known[by].astype(str)
    rows = pd.DataFrame({"item": known["item"], "kind": "window", "name": name, "time": known["time"]})
    first = rows.sort_values("time", kind="stable").drop_duplicates(list(ATTRIBUTE))
    return first.sort_index().reset_index(drop=True)


def _duration(text: str, what: str) -> pd.Timedelta:
    try:
        found = pd.TimedeltaIndex([text])
    except ValueError:
        found = pd.TimedeltaIndex([None])
    if found.hasnans:
        raise InvalidInput(f"{what} {text!r} is no duration", expected="such as 8h, 30min or 06:00:00")
    return pd.Timedelta(found[0])
