"""Laboratory results: one analyte of one sample per row, all or nothing.

A value below the limit of quantification is written as laboratories do: `<0.01`, or `<LOQ` with `loq`. It is censored,
not zero, and an empty value is refused, for missing is not the same. `uncertainty` is expanded (k = 2), in `unit` or as
a share of the value (`50%`). `certificate` is the SHA-256 of the signed document, in hex.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from api.quality.columns import RESULT
from api.quality.intake.fields import UNIT, identifier, one_line, refuse, unit, words
from api.quality.intake.layout import Layout
from api.quality.intake.table import Floats, Table
from ledger.errors import InvalidInput

_IDENTITY = ("item", "sample", "laboratory", "analyte", "method", "time")
_NUMBER = r"\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+"
_BELOW = rf"<\s*({_NUMBER})"
_BELOW_LOQ = r"<\s*(?i:loq)"
_SHARE = rf"({_NUMBER})\s*%"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def parse(table: Table) -> pd.DataFrame:
    """A frame with the columns `RESULT`; value NaN where it is below `loq`, uncertainty NaN where nobody said."""
    value, loq = _quantified(table)
    frame = pd.DataFrame(
        {
            "time": table.times("time"),
            "item": table.mapped("item", identifier, expected="an identifier"),
            "sample": words(table, "sample", expected="the sample's name"),
            "laboratory": words(table, "laboratory", expected="the laboratory's name"),
            "analyte": table.mapped("analyte", one_line, expected="what was looked for, such as chlorpyrifos"),
            "value": value,
            "unit": table.mapped("unit", unit, expected=UNIT),
            "loq": loq,
            "uncertainty": _uncertainty(table, value),
            "method": words(table, "method", expected="the method's name"),
            "certificate": table.mapped("certificate", _digest, expected="a SHA-256", required=False).fillna(""),
        }
    )
    refuse(table, frame["loq"] <= 0, "loq", "the limit of quantification is not above 0", expected="a positive number")
    table.refuse_contradictions(frame, _IDENTITY, "value", what="value of this analyte in this sample")
    table.done()
    return frame.drop_duplicates(list(_IDENTITY)).reset_index(drop=True)[list(RESULT)]


RESULTS = Layout(
    "results",
    ("time", "item", "analyte", "value", "unit"),
    ("sample", "laboratory", "loq", "uncertainty", "method", "certificate"),
    parse,
)


def _quantified(table: Table) -> tuple[Floats, Floats]:
    """Value (NaN: censored) and limit of quantification."""
    loq = table.numbers("loq", required=False)
    text = table.text("value")
    bound = text.str.extract(f"^{_BELOW}$", expand=False).astype(object)
    stated = bound.where(bound.notna(), np.nan).astype(np.float64).to_numpy()
    below_loq = text.str.fullmatch(_BELOW_LOQ).to_numpy(dtype=bool)
    table.refuse(below_loq & ~table.filled("loq"), "loq", "nobody knows how low <LOQ is", expected="a number")
    differ = np.isfinite(stated) & np.isfinite(loq) & (stated != loq)
    table.refuse(differ, "value", lambda t: f"{t!r} is not the limit of quantification given", expected="the same")
    censored = np.isfinite(stated) | below_loq
    value = table.numbers("value", besides=censored, advice="Below the limit of quantification, write <0.01 or <LOQ.")
    return value, np.where(np.isfinite(stated), stated, loq)


def _uncertainty(table: Table, value: Floats) -> Floats:
    share = table.text("uncertainty").str.extract(f"^{_SHARE}$", expand=False).astype(object)
    percent = share.where(share.notna(), np.nan).astype(np.float64).to_numpy()
    absolute = table.numbers(
        "uncertainty", required=False, besides=np.isfinite(percent), advice="Write it in the result's unit, or as 50%."
    )
    table.refuse(absolute < 0, "uncertainty", "an uncertainty below 0", expected="at least 0")
    with np.errstate(over="ignore"):
        found = np.where(np.isfinite(percent), percent / 100 * np.abs(value), absolute)
    table.refuse(np.isinf(found), "uncertainty", lambda t: f"{t!r} is no uncertainty", expected="a finite number")
    return found


def _digest(text: str) -> str:
    digest = text.lower().removeprefix("0x").removeprefix("sha256:")
    if not _DIGEST.fullmatch(digest):
        raise InvalidInput(f"{text[:80]!r} is not a SHA-256", expected="64 hexadecimal digits")
    return digest
