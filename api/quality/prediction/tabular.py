"""A table to learn from: a frame and the roles of its columns, checked for leakage before anything is fitted.

A column that is the answer under another name, or was written down after it, makes every later figure worthless
(Kaufman et al. 2012, *Leakage in data mining*, ACM TKDD 6(4)). So a table is refused, not repaired. Not done here: the
making of folds (`folds`) and the fitting of scalers, which belongs inside a fold (`models`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from api.quality.plain import plain
from api.quality.prediction.groups import with_duplicates
from api.quality.prediction.instants import instants
from api.quality.prediction.leakage import refuse_late_features, refuse_telling_features
from ledger.errors import InvalidDocument, InvalidInput, Problem

Task = Literal["classification", "regression"]
Floats = npt.NDArray[np.float64]

_MOST_LEVELS = 50


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """What a model is fitted on. `X` and `y` hold one row per example, in the frame's order."""

    X: pd.DataFrame
    y: Floats
    groups: npt.NDArray[np.intp]
    target: str
    task: Task
    #: the column that the groups came from, '' where each row is its own
    group: str = ""
    #: text columns → their levels in order; each became columns `name=level`
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: the columns by which error rates are compared, such as supplier, site and shift
    audit: pd.DataFrame = field(default_factory=pd.DataFrame)
    #: what 0 and 1 stand for in a classification
    classes: tuple[str, ...] = ()
    #: when each row was known; None where no order in time is claimed
    time: pd.Series[pd.Timestamp] | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """The columns that were chosen, before text became numbers."""
        return feature_names(list(self.X.columns), self.levels)

    def rows(self, where: npt.NDArray[Any]) -> FeatureTable:
        """The table of some rows, by position or by a mask."""
        at = np.arange(len(self.y))[where]
        return FeatureTable(
            self.X.iloc[at].reset_index(drop=True),
            self.y[at],
            self.groups[at],
            self.target,
            self.task,
            self.group,
            self.levels,
            self.audit.iloc[at].reset_index(drop=True),
            self.classes,
            None if self.time is None else self.time.iloc[at].reset_index(drop=True),
        )


def feature_table(
    frame: pd.DataFrame,
    *,
    target: str,
    features: Sequence[str] | None = None,
    group: str | None = None,
    groups: npt.ArrayLike | None = None,
    time: str | None = None,
    target_time: str | None = None,
    recorded: Mapping[str, str] | None = None,
    audit: Sequence[str] = (),
    leaking: Sequence[str] = (),
    task: Task | None = None,
    join_duplicates: bool = False,
    allow_telling: bool = False,
) -> FeatureTable:
    """The table of `frame`. Raises InvalidInput or InvalidDocument, with one problem per column.

    `features` are all columns that have no other role, unless named. `group` (or `groups`, one label per row) says
    which rows belong together: a lot, an engine, a life of a tool; `join_duplicates` also joins groups with equal rows.
    `recorded` names for a feature the column with the time at which it was written down; after `target_time` it leaks;
    one without the other is refused.
    `leaking` are columns known to leak: they may be in the frame and never among the features. The target is 0/1,
    true/false or two words for a classification (the second in order of the words counts as 1), a number for a
    regression; rows without one are refused.
    """
    roles = [name for name in (target, group, time, target_time, *audit, *(recorded or {}).values()) if name]
    chosen = list(features) if features is not None else _rest(frame, {*roles, *leaking})
    _refuse_roles(frame, [*chosen, *roles], chosen, {target, *([group] if group else []), *leaking})
    if bool(target_time) != bool(recorded):
        raise InvalidInput(
            "what was recorded when is not known from one time alone",
            expected="both `recorded`, the times of features, and `target_time`, or neither",
        )
    if target_time and recorded:
        refuse_late_features(frame, chosen, recorded, target_time)
    kind = task or _task_of(frame[target])
    classes = _classes(frame[target]) if kind == "classification" else ()
    y = np.asarray(frame[target] == classes[1], dtype=float) if classes else _values(frame[target])
    levels = {name: _levels(frame[name]) for name in chosen if not _is_number(frame[name])}
    X = encode(frame, chosen, levels)
    labels = frame[group] if group else groups
    codes = np.arange(len(frame)) if labels is None else _codes(pd.Series(np.asarray(labels)), group or "groups")
    if join_duplicates:
        codes = with_duplicates(codes, X)
    if not allow_telling:
        refuse_telling_features(X, y, kind)
    return FeatureTable(
        X,
        y,
        codes,
        target,
        kind,
        _group_name(group, labels is None, join_duplicates),
        levels,
        frame[list(audit)].reset_index(drop=True),
        tuple(str(plain(value)) for value in classes),
        None if time is None else _known(frame[time]),
    )


def encode(
    frame: pd.DataFrame, features: Sequence[str], levels: Mapping[str, tuple[str, ...]], *, source: str = ""
) -> pd.DataFrame:
    """The features as numbers: a text column as one 0/1 column per level, all NaN where the text is missing.

    A level that was not there when the table was made is unknown, hence NaN too. InvalidInput for missing columns and
    for text where numbers were.
    """
    absent = [name for name in features if name not in frame]
    if absent:
        raise InvalidDocument(
            [Problem(f"column {name} is missing", source, f"columns {', '.join(features)}") for name in absent]
        )
    columns: dict[str, Any] = {}
    for name in features:
        if name in levels:
            text = frame[name].astype(object).map(str, na_action="ignore")
            known = text.isin(levels[name]).to_numpy()
            _refuse_second(columns, [f"{name}={level}" for level in levels[name]])
            for level in levels[name]:
                columns[f"{name}={level}"] = np.where(known, (text == level).to_numpy(dtype=float), np.nan)
        else:
            _refuse_second(columns, [name])
            columns[name] = _numbers(frame[name], name, source)
    return pd.DataFrame(columns, dtype=float)


def _refuse_second(columns: Mapping[str, Any], names: Sequence[str]) -> None:
    for name in names:
        if name in columns:
            raise InvalidInput(
                f"two columns would be called {name}", expected="other names", advice="Rename one of them."
            )


def feature_names(columns: Sequence[str], levels: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The names before encoding, in order."""
    of = {f"{name}={level}": name for name, values in levels.items() for level in values}
    return tuple(dict.fromkeys(of.get(column, column) for column in columns))


def _group_name(group: str | None, is_by_row: bool, joined: bool) -> str:
    name = group or ("" if is_by_row else "given")
    return f"{name or 'row'}, joined where rows are equal" if joined else name


def _rest(frame: pd.DataFrame, taken: set[str]) -> list[str]:
    return [str(name) for name in frame.columns if name not in taken]


def _refuse_roles(frame: pd.DataFrame, named: Sequence[str], features: Sequence[str], forbidden: set[str]) -> None:
    problems = [
        Problem(f"there is no column {name!r}", expected=f"one of {', '.join(map(str, frame.columns))}")
        for name in dict.fromkeys(named)
        if name not in frame
    ]
    problems += [
        Problem(f"column {name!r} leaks: it is the target, the group, or listed as leaking", advice="Remove it.")
        for name in features
        if name in forbidden
    ]
    problems += [Problem(f"{name!r} is named twice", expected="each feature once") for name in _twice(features)]
    if not features:
        problems.append(Problem("no features are left", expected="at least one column beside target and group"))
    if problems:
        raise InvalidDocument(problems)


def _twice(names: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if list(names).count(name) > 1]


def _is_number(column: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))


def _numbers(column: pd.Series[Any], name: str, source: str) -> Floats:
    try:
        values = column.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise InvalidInput(f"column {name} has words", where=source, expected="numbers, as in training") from None
    if np.isinf(values).any():
        raise InvalidInput(f"column {name} has infinite values", where=source, expected="finite numbers, or nothing")
    return values


def _levels(column: pd.Series[Any]) -> tuple[str, ...]:
    found = tuple(sorted({str(value) for value in column.dropna()}))
    if len(found) > _MOST_LEVELS:
        raise InvalidInput(
            f"column {column.name} has {len(found)} different words, as a name of single items has",
            expected=f"at most {_MOST_LEVELS} levels",
            advice="Name the features without it, or call it leaking; or group by it.",
        )
    return found


def _task_of(column: pd.Series[Any]) -> Task:
    return "classification" if column.dropna().nunique() <= 2 or not _is_number(column) else "regression"


def _classes(column: pd.Series[Any]) -> tuple[Any, ...]:
    _refuse_missing(column)
    found = sorted(set(column.tolist()), key=str)
    if len(found) != 2:
        raise InvalidInput(
            f"target {column.name} has {len(found)} different values", expected="two, such as 0 and 1, or good and bad"
        )
    return tuple(found)


def _values(column: pd.Series[Any]) -> Floats:
    _refuse_missing(column)
    return _numbers(column, str(column.name), "target")


def _refuse_missing(column: pd.Series[Any]) -> None:
    missing = int(column.isna().sum())
    if missing:
        raise InvalidInput(
            f"target {column.name} is missing in {missing} rows",
            expected="a known outcome in every row",
            advice="Leave those rows out: what is unknown is not good.",
        )


def _known(column: pd.Series[Any]) -> pd.Series[pd.Timestamp]:
    times = instants(column).reset_index(drop=True)
    if times.isna().any():
        raise InvalidInput(
            f"column {column.name} is empty in {int(times.isna().sum())} rows", expected="a time for each"
        )
    return times


def _codes(labels: pd.Series[Any], name: str) -> npt.NDArray[np.intp]:
    codes, _ = pd.factorize(labels)
    if (codes < 0).any():
        raise InvalidInput(f"column {name} is empty in {int((codes < 0).sum())} rows", expected="a group for each row")
    return np.asarray(codes, dtype=np.intp)
