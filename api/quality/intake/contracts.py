"""The data contract of every frame, as a pandera schema: for frames that no reader made, from a notebook or stream.

`check_frame` holds a frame to it and tells every problem by row and column, as the readers of files do. A contract says
types, ranges, what must be unique, and that a unit fits its kind; what identifiers mean is the readers' business.
pandera is imported on first use, for it takes most of a second.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from api.quality import columns
from api.quality.intake import rules
from api.quality.intake.table import MOST_PROBLEMS
from ledger.errors import InvalidDocument, InvalidInput, Problem

if TYPE_CHECKING:
    from pandera.pandas import Check, Column, DataFrameSchema

Rule = tuple[Callable[[Any], Any], str]

_FRAMES: Final[dict[str, tuple[str, ...]]] = {
    "readings": columns.READING,
    "inspections": columns.INSPECTION,
    "results": columns.RESULT,
    "specifications": columns.SPECIFICATION,
    "limits": columns.LIMIT,
    "equipment": columns.EQUIPMENT,
    "runs": columns.RUN,
    "activities": columns.ACTIVITY,
    "factors": columns.FACTOR,
}
#: columns in which a value may be missing, or a text None
_MAY_MISS: Final[dict[str, frozenset[str]]] = {
    "readings": frozenset({"item", "place"}),
    "inspections": frozenset({"value", "unit", "passed", "size", "nonconforming", "defects", "run"}),
    "results": frozenset({"value", "loq", "uncertainty"}),
    "specifications": frozenset({"low", "target", "high", "valid_from", "valid_to"}),
    "limits": frozenset({"low", "high"}),
    "equipment": frozenset({"place", "ideal_rate", "calibrated", "calibration_due", "laboratory_accredited_until"}),
    "runs": frozenset(),
    "activities": frozenset(),
    "factors": frozenset({"valid_from", "valid_to"}),
}


def check_frame(kind: str, frame: pd.DataFrame, *, source: str = "") -> pd.DataFrame:
    """`frame` as it is, if it keeps the contract of its kind. InvalidDocument names up to a hundred places."""
    from pandera.errors import SchemaErrors

    try:
        contract(kind).validate(frame.reset_index(drop=True), lazy=True)
    except SchemaErrors as error:
        raise InvalidDocument(_problems(error.failure_cases, source)) from None
    return frame


@cache
def contract(kind: str) -> DataFrameSchema:
    """The schema of one of the kinds of `files.LAYOUTS`; its own `validate` may be used just as well."""
    from pandera.pandas import DataFrameSchema

    if kind not in _FRAMES:
        raise InvalidInput(f"unknown kind {kind!r}", expected=", ".join(_FRAMES))
    schema = {name: _column(name, name in _MAY_MISS[kind]) for name in _FRAMES[kind]}
    if kind in ("specifications", "factors"):
        schema["replaces"] = _flag()
    checks = [_check(rule) for rule in rules.OF_ROWS[kind]]
    return DataFrameSchema(schema, checks=checks, strict=True, name=kind)


def _column(name: str, may_miss: bool) -> Column:
    from pandera.pandas import Column

    dtype = str(columns.empty((name,)).dtypes.iloc[0])
    checks = [_check(rule) for rule in rules.OF_VALUES.get(name, ())]
    if dtype == "object":
        checks.append(_check(rules.VERDICT if name == "passed" else rules.TEXT))
        return Column(None, checks, nullable=may_miss)
    return Column(dtype, checks, nullable=may_miss)


def _flag() -> Column:
    from pandera.pandas import Column

    return Column(bool, required=False)


def _check(rule: Rule) -> Check:
    from pandera.pandas import Check

    holds, said = rule
    return Check(holds, error=said, ignore_na=True)


def _problems(cases: pd.DataFrame, source: str) -> list[Problem]:
    distinct = cases.drop_duplicates(["check", "index", "column"]).copy()
    whole_row = distinct["schema_context"] == "DataFrameSchema"
    distinct.loc[whole_row & distinct["index"].notna(), "column"] = None
    distinct = distinct.drop_duplicates(["check", "index", "column"]).sort_values("index", kind="stable")
    return [_problem(case, source) for case in distinct.head(MOST_PROBLEMS).to_dict("records")]


def _problem(case: dict[Any, Any], source: str) -> Problem:
    check, value = str(case["check"]), case["failure_case"]
    row = "" if pd.isna(case["index"]) else f" row {int(case['index']) + 1}"
    if check == "column_in_dataframe":
        return Problem(f"column {value} is missing", source, "the columns of api.quality.columns")
    if check == "column_in_schema":
        return Problem(f"unknown column {value!r}", source, "the columns of api.quality.columns")
    column = "" if case["column"] is None or pd.isna(case["column"]) else f" column {case['column']}"
    place = f"{source}{row}{column}".strip()
    if check.startswith("dtype("):
        return Problem(f"values of type {value}", place, f"type {check[7:-2]}")
    if check == "not_nullable":
        return Problem("the value is missing", place, "a value")
    shown = f"{str(value)[:80]!r}: " if column else ""
    return Problem(f"{shown}{check}", place)
