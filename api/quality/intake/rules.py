"""What a contract says of values and of rows: a test over a whole column or frame, and what is wrong where it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.frames import rows_by
from api.quality.kinds import KINDS
from api.quality.units import UNITS, compatible, convert

Mask = npt.NDArray[np.bool_]
OfValues = tuple[Callable[["pd.Series[Any]"], "pd.Series[bool]"], str]
OfRows = tuple[Callable[[pd.DataFrame], "pd.Series[bool]"], str]


def _text(column: pd.Series[Any]) -> pd.Series[bool]:
    return column.map(lambda value: isinstance(value, str) and value.isprintable()).astype(bool)


def _verdict(column: pd.Series[Any]) -> pd.Series[bool]:
    return column.map(lambda value: isinstance(value, bool | np.bool_)).astype(bool)


def _finite(column: pd.Series[Any]) -> pd.Series[bool]:
    return pd.Series(np.isfinite(column.to_numpy(dtype=float)), index=column.index)


def _whole(column: pd.Series[Any]) -> pd.Series[bool]:
    numbers = column.to_numpy(dtype=float)
    return pd.Series((numbers >= 0) & (numbers == np.floor(numbers)), index=column.index)


TEXT: Final[OfValues] = (_text, "not a line of printable text")
VERDICT: Final[OfValues] = (_verdict, "neither True, False nor None")
_FINITE: Final[OfValues] = (_finite, "not a finite number")
_UNIT: Final[OfValues] = (lambda column: column.isin(list(UNITS)), "not a UN/ECE Recommendation 20 code that is known")
_NOT_BELOW: Final[OfValues] = (lambda column: column >= 0, "below 0")
_ABOVE: Final[OfValues] = (lambda column: column > 0, "not above 0")
_COUNT: Final[OfValues] = (_whole, "not a whole number from 0")
_DIGEST: Final[OfValues] = (
    lambda column: column.astype(str).str.fullmatch("(?:[0-9a-f]{64})?"),
    "not a SHA-256 in lower-case hex",
)

#: column → what its values must be, in whichever frame it is
OF_VALUES: Final[dict[str, Sequence[OfValues]]] = {
    **dict.fromkeys(("value", "low", "target", "high", "factor"), (_FINITE,)),
    **dict.fromkeys(("uncertainty", "downtime", "amount"), (_FINITE, _NOT_BELOW)),
    **dict.fromkeys(("loq", "ideal_rate", "planned"), (_FINITE, _ABOVE)),
    **dict.fromkeys(("size", "nonconforming", "defects", "total", "good", "rework", "opportunities"), (_COUNT,)),
    "unit": (_UNIT,),
    "certificate": (_DIGEST,),
}


def _unique(*identity: str) -> OfRows:
    def once(frame: pd.DataFrame) -> pd.Series[bool]:
        return ~frame.duplicated(list(identity))

    return once, "a second row of the same " + ", ".join(identity).replace("_", " ")


def _ordered(lower: str, upper: str, *, strictly: bool = False) -> OfRows:
    def in_order(frame: pd.DataFrame) -> pd.Series[bool]:
        wrong = frame[lower] >= frame[upper] if strictly else frame[lower] > frame[upper]
        return ~wrong

    return in_order, f"{lower} is {'not before' if strictly else 'above'} {upper}"


def _some(*names: str) -> OfRows:
    return lambda frame: frame[list(names)].notna().any(axis=1), "nothing in " + ", ".join(names)


def _fits(kinds: str) -> OfRows:
    def fits(frame: pd.DataFrame) -> pd.Series[bool]:
        kept = pd.Series(True, index=frame.index)
        for (kind, unit), rows in rows_by(frame, kinds, "unit").items():
            if KINDS.get(kind) and unit in UNITS and not compatible(unit, KINDS[kind]):
                kept.iloc[rows] = False
        return kept

    return fits, "the unit does not fit the quantity kind"


def _above_absolute_zero(frame: pd.DataFrame) -> pd.Series[bool]:
    kept = pd.Series(True, index=frame.index)
    for unit, rows in frame[frame["quantity_kind"] == "Temperature"].groupby("unit").groups.items():
        if unit in UNITS and compatible(str(unit), "KEL"):
            kept.loc[rows] = convert(frame.loc[rows, "value"].to_numpy(dtype=float), str(unit), "KEL") > 0
    return kept


def _one_owner(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["item"].isna() != frame["place"].isna()


def _counted(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["size"].notna() | (frame["nonconforming"].isna() & frame["defects"].isna())


def _measured_in(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["value"].isna() == frame["unit"].isna()


_VALID: Final = _ordered("valid_from", "valid_to", strictly=True)
_SPAN: Final = _ordered("start", "end", strictly=True)

#: kind → what its rows must be
OF_ROWS: Final[dict[str, Sequence[OfRows]]] = {
    "readings": (
        (_one_owner, "exactly one of item and place must be given"),
        _fits("quantity_kind"),
        (_above_absolute_zero, "below absolute zero"),
        _unique("time", "sensor", "quantity_kind"),
    ),
    "inspections": (
        _some("value", "passed", "nonconforming", "defects"),
        (_measured_in, "a value needs a unit, and a unit a value"),
        (_counted, "nobody knows how many pieces were looked at"),
        _ordered("nonconforming", "size"),
        _fits("characteristic"),
        _unique("time", "item", "characteristic", "inspector", "sample"),
    ),
    "results": (
        _some("value", "loq"),
        _unique("item", "sample", "laboratory", "analyte", "method", "time"),
    ),
    "specifications": (
        _some("low", "target", "high"),
        _ordered("low", "target"),
        _ordered("low", "high"),
        _ordered("target", "high"),
        _VALID,
        _fits("characteristic"),
        _unique("item", "characteristic", "market", "valid_from"),
    ),
    "limits": (
        _some("low", "high"),
        _ordered("low", "high"),
        _fits("quantity_kind"),
        _unique("item", "quantity_kind"),
    ),
    "equipment": (_unique("equipment"),),
    "runs": (
        _SPAN,
        _ordered("good", "total"),
        _ordered("rework", "total"),
        _ordered("downtime", "planned"),
        _unique("run"),
    ),
    "activities": (_SPAN, _unique("subject", "activity", "start", "end")),
    "factors": (_VALID, _unique("activity", "indicator", "valid_from")),
}
