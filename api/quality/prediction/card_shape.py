"""What every member of a card must be that commands read, so that a stranger's card is refused and never stumbled over.

Only the shape is checked here; what the figures mean, and whether they are true, is not.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FORM = "lotmark:model-card:v1"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, Field(max_length=1000)]
Number = int | float
Unknown = Number | None


class _Part(BaseModel):
    """Of exactly these types; other members may stand beside them."""

    model_config = ConfigDict(strict=True, extra="allow")


class _Data(_Part):
    sha256: Digest
    rows: int
    groups: int


class _Split(_Part):
    kind: Line
    group: Line
    folds: int
    repeats: int


class _Model(_Part):
    kind: Line
    sha256: Digest


class _Metric(_Part):
    metric: Line
    mean: Unknown
    low: Unknown
    high: Unknown
    least: Unknown
    most: Unknown


class _Other(_Part):
    kind: Line
    metrics: list[_Metric]


class _Importance(_Part):
    feature: Line
    importance: Number


class _ErrorRate(_Part):
    by: Line
    value: Line | None
    rate: Literal["false_alarms", "misses", "calibration"]
    count: int
    estimate: Unknown
    low: Unknown
    high: Unknown
    overall: Unknown
    flag: bool | None


class _Common(_Part):
    form: Literal["lotmark:model-card:v1"]
    name: Line
    version: Line
    target: Line
    limits: str
    features: list[Line]
    columns: list[Line]
    levels: dict[str, list[Line]]
    data: _Data
    split: _Split
    model: _Model
    metrics: list[_Metric]
    beside: list[_Other]
    importance: list[_Importance]


class _Classification(_Common):
    task: Literal["classification"]
    classes: Annotated[list[Line], Field(min_length=2, max_length=2)]
    threshold: Number
    error_rates: list[_ErrorRate]


class _Regression(_Common):
    task: Literal["regression"]
    classes: Annotated[list[Line], Field(max_length=0)]
    threshold: None
    error_rates: Annotated[list[_ErrorRate], Field(max_length=0)]


def misshapen(content: Any) -> str:
    """Which member is not what it must be, such as data.rows; '' if all are."""
    is_regression = isinstance(content, dict) and content.get("task") == "regression"
    try:
        (_Regression if is_regression else _Classification).model_validate(content)
    except ValidationError as error:
        return ".".join(map(str, error.errors()[0]["loc"])) or "the whole"
    return ""
