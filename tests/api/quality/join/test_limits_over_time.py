"""Which limit binds a step: the nearest to its item among those in force as it begins."""

from __future__ import annotations

import pandas as pd

from api.quality.columns import READING, TIME_DTYPE
from api.quality.join.by_step import quality_by_step
from api.quality.join.steps import STEP

LOT, GTIN = "https://id.gs1.org/01/09506000134352/10/A", "https://id.gs1.org/01/09506000134352"
COLUMNS = ["item", "quantity_kind", "low", "high", "unit", "valid_from", "valid_to"]


def at(day: int, hour: float = 0) -> pd.Timestamp:
    return pd.Timestamp(f"2026-06-{day:02d}T00:00Z").as_unit("us") + pd.Timedelta(hours=hour)


def limits(*rows: tuple[str, float, pd.Timestamp | None, pd.Timestamp | None]) -> pd.DataFrame:
    found = [(item, "Temperature", None, high, "CEL", since, until) for item, high, since, until in rows]
    frame = pd.DataFrame(found, columns=COLUMNS)
    return frame.astype({"low": "float64", "valid_from": TIME_DTYPE, "valid_to": TIME_DTYPE})


def highs(bounds: pd.DataFrame) -> dict[int, tuple[float, str]]:
    """Of a step that begins on day 1 and one on day 5: the upper limit and the verdict on 6 °C all the time."""
    steps = pd.DataFrame(
        [(0, LOT, "e0", at(1), at(5), "urn:x:room", None), (1, LOT, "e1", at(5), at(6), "urn:x:room", None)],
        columns=list(STEP),
    )
    readings = pd.DataFrame(
        [(at(1, hour), "probe", None, "urn:x:room", "Temperature", 6.0, "CEL") for hour in range(6 * 24)],
        columns=list(READING),
    )
    found = quality_by_step(steps, readings, limits=bounds)
    return {row.step: (row.high, row.verdict) for row in found.itertuples()}


def test_one_with_validity_binds_in_its_time_alone() -> None:
    found = highs(limits((GTIN, 5.0, at(5), None)))
    assert found[0][1] == "no_limit"
    assert found[1] == (5.0, "outside")
    assert highs(limits((GTIN, 5.0, None, at(5))))[1][1] == "no_limit"


def test_the_newest_in_force_replaces_an_older_one() -> None:
    found = highs(limits((GTIN, 5.0, at(3), None), (GTIN, 7.0, None, None)))
    assert found == {0: (7.0, "in_range"), 1: (5.0, "outside")}


def test_the_nearest_comes_before_the_newest() -> None:
    found = highs(limits((LOT, 7.0, None, None), (GTIN, 5.0, at(3), None)))
    assert found == {0: (7.0, "in_range"), 1: (7.0, "in_range")}
