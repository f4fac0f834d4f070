"""Studies as files of their own: a gauge study, a series of lots, ages at failure. None of it needs a ledger."""

from __future__ import annotations

import numpy as np
import pandas as pd

from api.quality.intake.fields import one_line
from api.quality.intake.files import open_table
from api.quality.intake.layout import Layout
from api.quality.intake.table import Table
from api.quality.manufacturing.agreement import RATING
from api.quality.manufacturing.gage import MEASUREMENT
from api.quality.manufacturing.sampling.verdict import Lot
from ledger.errors import InvalidInput

_YES_NO = {"yes": "yes", "true": "yes", "1": "yes", "no": "no", "false": "no", "0": "no"}


def read_gage_study(data: bytes, *, source: str = "gage.csv") -> pd.DataFrame:
    """A frame with the columns part, operator, value. Raises InvalidDocument with every problem, by line and column."""
    return _read(_GAGE, data, source)


def read_ratings(data: bytes, *, source: str = "ratings.csv") -> pd.DataFrame:
    """A frame with the columns part, operator, rating, and standard where the file has it. Raises InvalidDocument."""
    return _read(_RATINGS, data, source)


def read_lots(data: bytes, *, source: str = "lots.csv") -> list[Lot]:
    """A series of lots in its order: lot, lot_size, found, and perhaps inspected and steady (yes or no)."""
    frame = _read(_LOTS, data, source)
    return [
        Lot(
            str(row["lot"]),
            int(row["lot_size"]),
            int(row["found"]),
            None if np.isnan(row["inspected"]) else int(row["inspected"]),
            row["steady"] != "no",
        )
        for row in frame.to_dict("records")
    ]


def read_ages(data: bytes, *, source: str = "ages.csv") -> pd.DataFrame:
    """A frame with the columns age and failed; without the column failed, all of them failed."""
    return _read(_AGES, data, source)


def _read(layout: Layout, data: bytes, source: str) -> pd.DataFrame:
    return layout.parse(open_table(layout, data, source=source))


def _yes_no(text: str) -> str:
    if text.lower() not in _YES_NO:
        raise InvalidInput(f"{text!r} is neither yes nor no", expected="yes or no")
    return _YES_NO[text.lower()]


def _gage(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "part": table.mapped("part", one_line, expected="the part's name"),
            "operator": table.mapped("operator", one_line, expected="who measured"),
            "value": table.numbers("value"),
        }
    )
    table.done()
    return frame


def _ratings(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "part": table.mapped("part", one_line, expected="the part's name"),
            "operator": table.mapped("operator", one_line, expected="who judged"),
            "rating": table.mapped("rating", one_line, expected="the verdict"),
        }
    )
    if table.filled("standard").any():
        frame["standard"] = table.mapped("standard", one_line, expected="the known truth")
    table.done()
    return frame


def _lots(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "lot": table.mapped("lot", one_line, expected="the lot's name"),
            "lot_size": table.counts("lot_size"),
            "found": table.counts("found"),
            "inspected": table.counts("inspected", required=False),
            "steady": table.mapped("steady", _yes_no, expected="yes or no", required=False),
        }
    )
    table.done()
    return frame


def _ages(table: Table) -> pd.DataFrame:
    failed = table.mapped("failed", _yes_no, expected="yes or no", required=False)
    frame = pd.DataFrame({"age": table.numbers("age"), "failed": failed.to_numpy() != "no"})
    table.done()
    return frame


_GAGE = Layout("gage", MEASUREMENT, (), _gage)
_RATINGS = Layout("ratings", RATING, ("standard",), _ratings)
_LOTS = Layout("lots", ("lot", "lot_size", "found"), ("inspected", "steady"), _lots)
_AGES = Layout("ages", ("age",), ("failed",), _ages)
