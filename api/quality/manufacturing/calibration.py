"""Which measuring equipment is due for calibration, and which values were taken without a valid one.

A date that nobody gave is unknown: equipment without one is not shown as valid.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: columns of `calibration_state`
CALIBRATION = ("equipment", "name", "kind", "calibrated", "calibration_due", "days_left", "state")
_DAY = pd.Timedelta(days=1)


def calibration_state(equipment: pd.DataFrame, now: pd.Timestamp, *, soon_days: float = 30) -> pd.DataFrame:
    """A frame with the columns `CALIBRATION`, worst first: overdue, unknown, due_soon, valid.

    `equipment` has `equipment, kind, name, calibrated, calibration_due`. A calibration is valid before its due time.
    """
    left = (equipment["calibration_due"] - now) / _DAY
    state = np.select(
        [left.isna().to_numpy(), (left <= 0).to_numpy(), (left <= soon_days).to_numpy()],
        ["unknown", "overdue", "due_soon"],
        "valid",
    )
    table = equipment.assign(days_left=left.astype(float), state=state)[list(CALIBRATION)]
    order = table["state"].map({"overdue": 0, "unknown": 1, "due_soon": 2, "valid": 3})
    sorted_rows: pd.DataFrame = table.assign(order=order).sort_values(["order", "days_left", "equipment"])
    return sorted_rows[list(CALIBRATION)].reset_index(drop=True)


def calibration_at(readings: pd.DataFrame, equipment: pd.DataFrame) -> pd.Series[str]:
    """For each reading whether its sensor's calibration was valid then: valid, expired, or unknown.

    `readings` has `time` and `sensor`, which is `equipment` of the other frame. Before `calibrated` nothing is known,
    for the calibration before the last is not kept.
    """
    known = equipment.set_index("equipment")
    begin, end = (readings["sensor"].map(known[name]) for name in ("calibrated", "calibration_due"))
    time = readings["time"]
    told = (begin.notna() & end.notna() & (time >= begin)).to_numpy()
    state = np.where(~told, "unknown", np.where(time < end, "valid", "expired")).tolist()
    return pd.Series(state, index=readings.index, dtype=str)
