"""What physics and the recent past say about a machine, as columns to learn from.

Power P = τ·ω with ω = 2πn/60; the temperature difference that drives cooling; wear × torque, whose product with a limit
of the product being made is the overstrain. Windows of temperature, pressure or vibration look back only: a row's
features never depend on later rows, which a property test holds. Spectra of raw waveforms are not made here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ledger.errors import InvalidInput

STATISTICS = ("mean", "sd", "min", "max", "rms", "slope")


def rotating_machine(
    frame: pd.DataFrame,
    *,
    torque: str,
    speed: str,
    wear: str | None = None,
    air_temperature: str | None = None,
    process_temperature: str | None = None,
    overstrain_limit: str | None = None,
) -> pd.DataFrame:
    """Columns `power` (W), `temperature_difference` (K), `wear_torque` (min·N·m) and `overstrain` (share of a limit).

    `torque` in N·m, `speed` in revolutions per minute, `wear` in minutes, temperatures both in K or both in °C;
    `overstrain_limit` is a column in min·N·m, as the maker of the tool gives it for the product. What is missing in
    gives missing out.
    """
    made: dict[str, pd.Series[float]] = {"power": frame[torque] * frame[speed] * (2 * np.pi / 60)}
    if air_temperature and process_temperature:
        made["temperature_difference"] = frame[process_temperature] - frame[air_temperature]
    if wear:
        made["wear_torque"] = frame[wear] * frame[torque]
        if overstrain_limit:
            made["overstrain"] = made["wear_torque"] / frame[overstrain_limit]
    return pd.DataFrame(made, index=frame.index)


def rolling_features(
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    unit: str,
    order: str,
    windows: Sequence[int],
    statistics: Sequence[str] = ("mean", "sd"),
) -> pd.DataFrame:
    """For each row, statistics of the last `window` rows of its unit up to itself, as `column_statistic_window`.

    `order` is the column (a time or a cycle) that says what is earlier; the frame's own order does not matter, and its
    index is kept. `sd` of one row is 0, `slope` (per row) too; statistics over missing values leave them out. Raises
    InvalidInput for two rows of one unit at the same point of `order`, and for an unknown statistic.
    """
    unknown = set(statistics) - set(STATISTICS)
    if unknown:
        raise InvalidInput(f"there is no statistic {sorted(unknown)[0]!r}", expected=", ".join(STATISTICS))
    if frame.duplicated([unit, order]).any():
        raise InvalidInput(f"two rows of one {unit} at the same {order}", advice="Merge them first.")
    place = pd.RangeIndex(len(frame))
    ordered = frame[[unit, order, *columns]].set_axis(place).sort_values([unit, order], kind="stable")
    made = {
        f"{column}_{name}_{window}": _windowed(ordered, column, unit, window, name)
        for window in windows
        for column in columns
        for name in statistics
    }
    return pd.DataFrame(made, index=ordered.index).loc[place].set_axis(frame.index)


def since_start(
    frame: pd.DataFrame, columns: Sequence[str], *, unit: str, order: str, settle: int = 20, window: int = 10
) -> pd.DataFrame:
    """How far the last `window` rows' mean has moved from the unit's own first `settle` rows, as `column_moved`.

    Each unit leaves the works a little different; what tells its wear is the way from its own beginning. While it is
    younger than `settle` rows, the beginning is what there has been so far.
    """
    place = pd.RangeIndex(len(frame))
    ordered = frame[[unit, order, *columns]].set_axis(place).sort_values([unit, order], kind="stable")
    grouped = ordered.groupby(unit, sort=False)
    age = grouped.cumcount()
    young = np.repeat((age < settle).to_numpy()[:, None], len(columns), axis=1)
    first = ordered[list(columns)].where(young)
    count = first.notna().groupby(ordered[unit], sort=False).cumsum()
    start = first.groupby(ordered[unit], sort=False).cumsum().div(count)  # NaN where a value is, or is not its start's
    start = start.groupby(ordered[unit], sort=False).ffill()
    recent = grouped[list(columns)].rolling(window, min_periods=1).mean().droplevel(0)
    return (recent - start).add_suffix("_moved").loc[place].set_axis(frame.index)


def _windowed(ordered: pd.DataFrame, column: str, unit: str, window: int, statistic: str) -> pd.Series[float]:
    def rolled(values: pd.Series[float], function: str) -> pd.Series[float]:
        found = values.groupby(ordered[unit], sort=False).rolling(window, min_periods=1).agg(function)
        return pd.Series(found.droplevel(0), dtype=float)

    values = ordered[column].astype(float)
    if statistic == "rms":
        return rolled(values**2, "mean") ** 0.5
    if statistic == "sd":
        return rolled(values, "std").fillna(0.0).where(rolled(values, "count") > 0)
    if statistic == "slope":
        return _slope(ordered, values, unit, window)
    return rolled(values, statistic)


def _slope(ordered: pd.DataFrame, values: pd.Series[float], unit: str, window: int) -> pd.Series[float]:
    """The least-squares slope per row over the window, by the moments of value and row number."""
    number = ordered.groupby(unit, sort=False).cumcount().astype(float).where(values.notna())

    def mean(series: pd.Series[float]) -> pd.Series[float]:
        return series.groupby(ordered[unit], sort=False).rolling(window, min_periods=1).mean().droplevel(0)

    spread = mean(number**2) - mean(number) ** 2
    together = mean(number * values) - mean(number) * mean(values)
    return (together / spread.where(spread > 1e-9)).fillna(0.0).where(mean(values).notna())
