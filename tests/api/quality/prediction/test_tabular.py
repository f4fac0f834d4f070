"""Tables for learning: roles, what is refused as leaking, text as levels, and splits that keep groups whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.quality.prediction.folds import grouped_folds, repeated_folds, time_folds
from api.quality.prediction.groups import life_runs, time_blocks, with_duplicates
from api.quality.prediction.leakage import Leakage, LeakingFeatures, check_folds, telling_features
from api.quality.prediction.tabular import encode, feature_names, feature_table
from ledger.errors import InvalidInput

MODES = ["TWF", "HDF", "PWF", "OSF", "RNF"]


def test_roles_become_numbers_and_groups(line: pd.DataFrame) -> None:
    table = feature_table(line, target="bad", group="lot", audit=["supplier", "shift"])
    assert table.features == ("heat", "wear", "noise", "grade")
    assert list(table.X.columns) == ["heat", "wear", "noise", "grade=H", "grade=L", "grade=M"]
    assert table.task == "classification"
    assert table.classes == ("0", "1")
    assert len(np.unique(table.groups)) == 60
    some = table.rows(table.groups == 3)
    assert len(some.y) == 10
    assert set(some.groups) == {3}


def test_mode_columns_leak(shared: Path) -> None:
    """Those that name a failure's cause; the random mode, whose rows rarely fail, must be listed by who knows it."""
    frame = pd.read_csv(shared / "quality/sets/ai4i2020.csv").drop(columns=["UDI", "Product ID"])
    with pytest.raises(LeakingFeatures) as refused:
        feature_table(frame, target="Machine failure")
    named = {problem.message.split("'")[1] for problem in refused.value.problems}
    assert named == {"TWF", "HDF", "PWF", "OSF"}
    table = feature_table(frame, target="Machine failure", leaking=MODES)
    assert not set(table.features) & set(MODES)


@pytest.mark.parametrize(
    ("features", "said"), [(["heat", "bad"], "leaks"), (["heat", "lot"], "leaks"), (["heat", "heat"], "twice")]
)
def test_target_group_and_doubles_are_no_features(line: pd.DataFrame, features: list[str], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        feature_table(line, target="bad", group="lot", features=features)


@pytest.mark.parametrize(
    "leak",
    [
        lambda frame: frame["bad"] * 2.0 + 7,
        lambda frame: frame["bad"] + np.random.default_rng(0).normal(0, 0.05, len(frame)),
        lambda frame: np.where(frame["bad"] == 1, frame["heat"], np.nan),
    ],
    ids=["renamed", "noisy", "only measured when bad"],
)
def test_an_answer_under_another_name_is_refused(line: pd.DataFrame, leak: Callable[[pd.DataFrame], Any]) -> None:
    with pytest.raises(LeakingFeatures, match="'late' alone tells the target"):
        feature_table(line.assign(late=leak(line)), target="bad", group="lot")


def test_what_is_measured_beforehand_does_not_leak(line: pd.DataFrame) -> None:
    table = feature_table(line, target="bad", group="lot")
    assert telling_features(table.X, table.y, "classification") == {}


def test_a_value_that_copies_a_number_leaks() -> None:
    rng = np.random.default_rng(1)
    y = rng.normal(size=400)
    X = pd.DataFrame({"copy": y * 3 + 1, "honest": y + rng.normal(size=400)})
    assert set(telling_features(X, y, "regression")) == {"copy"}


@pytest.mark.parametrize("copy", [lambda y: 1.8 * y + 32, lambda y: -np.exp(y)])
def test_a_copy_in_another_unit_leaks_in_twenty_rows(copy: Callable[[Any], Any]) -> None:
    y = np.random.default_rng(0).normal(size=20)
    frame = pd.DataFrame({"y": y, "x": np.random.default_rng(1).normal(size=20), "copy": copy(y)})
    with pytest.raises(LeakingFeatures, match="'copy' alone tells"):
        feature_table(frame, target="y")


def test_times_of_features_alone_are_not_passed_over(line: pd.DataFrame) -> None:
    later = line.assign(written="2026-05-05T00:00:00Z", known="2026-05-04T00:00:00Z")
    with pytest.raises(InvalidInput, match="one time alone"):
        feature_table(later, target="bad", group="lot", recorded={"heat": "written"})
    with pytest.raises(InvalidInput, match="one time alone"):
        feature_table(later, target="bad", group="lot", target_time="known")


def test_levels_and_columns_do_not_share_names(line: pd.DataFrame) -> None:
    with pytest.raises(InvalidInput, match="two columns would be called grade=H"):
        feature_table(line.assign(**{"grade=H": 1.5}), target="bad", group="lot", allow_telling=True)


def test_features_recorded_after_the_target_are_refused(line: pd.DataFrame) -> None:
    start = pd.Timestamp("2026-05-01T00:00:00Z")
    timed = line.assign(judged=start, measured=start - pd.Timedelta(hours=1))
    common = {"target": "bad", "group": "lot", "features": ["heat", "wear"], "target_time": "judged"}
    feature_table(timed, **common, recorded={"heat": "measured"})
    late = timed.assign(measured=timed["measured"].where(timed.index != 5, start + pd.Timedelta(seconds=1)))
    with pytest.raises(LeakingFeatures, match=r"after the target.*in 1 rows"):
        feature_table(late, **common, recorded={"heat": "measured"})
    unknown = timed.assign(measured=timed["measured"].where(timed.index != 5))
    with pytest.raises(LeakingFeatures, match="nobody knows when"):
        feature_table(unknown, **common, recorded={"heat": "measured"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bad": np.nan}, "missing in 1 rows"),
        ({"lot": None}, "is empty in 1 rows"),
        ({"heat": np.inf}, "infinite"),
    ],
)
def test_unknown_outcomes_and_groups_are_refused(line: pd.DataFrame, change: dict[str, object], said: str) -> None:
    [(name, value)] = change.items()
    column = line[name].astype(object if name == "lot" else float).copy()
    column.iloc[4] = value
    with pytest.raises(InvalidInput, match=said):
        feature_table(line.assign(**{name: column}), target="bad", group="lot")


@pytest.mark.parametrize("time", ["2026-05-01T00:00:00", "yesterday", 3.5, None])
def test_a_time_without_a_zone_is_refused(line: pd.DataFrame, time: object) -> None:
    times = pd.Series(["2026-05-01T00:00:00+02:00"] * len(line), dtype=object)
    times.iloc[7] = time
    with pytest.raises(InvalidInput, match="in 1 rows"):
        feature_table(line.assign(time=times), target="bad", group="lot", time="time")


def test_times_are_read_in_utc(line: pd.DataFrame) -> None:
    times = ["2026-05-01T00:00:00+02:00", "2026-04-30T22:00:00Z"] * (len(line) // 2)
    table = feature_table(line.assign(time=times), target="bad", group="lot", time="time")
    assert table.time is not None
    assert table.time.nunique() == 1


def test_a_missing_or_new_level_is_unknown() -> None:
    frame = pd.DataFrame({"grade": ["L", None, "X"], "heat": [1.0, np.nan, 3.0]})
    made = encode(frame, ["grade", "heat"], {"grade": ("H", "L")})
    assert made["grade=L"].tolist()[0] == 1
    assert made.loc[1:, ["grade=H", "grade=L"]].isna().all(axis=None)
    assert feature_names(list(made.columns), {"grade": ("H", "L")}) == ("grade", "heat")
    with pytest.raises(InvalidInput, match="column wear is missing"):
        encode(frame, ["wear"], {})
    with pytest.raises(InvalidInput, match="has words"):
        encode(frame, ["grade"], {})


@settings(deadline=None, max_examples=50)
@given(
    labels=st.lists(st.integers(0, 12), min_size=40, max_size=120),
    values=st.lists(st.integers(0, 60), min_size=40, max_size=120),
    seed=st.integers(0, 5),
)
def test_neither_groups_nor_duplicates_cross_a_split(labels: list[int], values: list[int], seed: int) -> None:
    size = min(len(labels), len(values))
    X = pd.DataFrame({"value": values[:size]})
    groups = with_duplicates(labels[:size], X)
    together = pd.DataFrame({"label": labels[:size], "value": values[:size], "group": groups})
    assert (together.groupby("label")["group"].nunique() == 1).all()
    assert (together.groupby("value")["group"].nunique() == 1).all()
    count = len(np.unique(groups))
    if count < 3:
        with pytest.raises(InvalidInput, match="groups"):
            grouped_folds(np.zeros(size), groups, folds=3, seed=seed, stratified=False)
        return
    made = grouped_folds(np.zeros(size), groups, folds=3, seed=seed, stratified=False)
    check_folds(made, groups, X)
    assert sorted(np.concatenate([test for _, test in made])) == list(range(size))


def test_joined_groups_are_the_finest_that_keep_both() -> None:
    made = with_duplicates(["a", "a", "b", "c"], pd.DataFrame({"x": [1, 2, 2, 3]}))
    assert made.tolist() == [0, 0, 0, 1]


def test_splits_that_leak_are_found(line: pd.DataFrame) -> None:
    groups = np.repeat(np.arange(60), 10)
    rows = np.arange(600)
    with pytest.raises(Leakage, match="groups are in training and in test"):
        check_folds([(rows[:305], rows[305:])], groups)
    with pytest.raises(Leakage, match="rows are in training and in test"):
        check_folds([(rows[:310], rows[300:])], groups)
    X = line[["heat"]].copy()
    X.iloc[599] = X.iloc[0]
    with pytest.raises(Leakage, match="1 equal rows"):
        check_folds([(rows[:300], rows[300:])], groups, X)


def test_repeats_split_differently_and_keep_lots_whole(line: pd.DataFrame) -> None:
    table = feature_table(line, target="bad", group="lot")
    made = list(repeated_folds(table, folds=5, repeats=3))
    assert len(made) == 3
    assert len({tuple(folds[0][1]) for folds in made}) == 3
    twice = pd.concat([line, line]).drop(columns="lot")
    doubled = feature_table(twice, target="bad", groups=np.arange(1200))
    with pytest.raises(Leakage, match="equal rows"):
        list(repeated_folds(doubled))
    joined = feature_table(twice, target="bad", groups=np.arange(1200), join_duplicates=True)
    assert len(np.unique(joined.groups)) == 600
    list(repeated_folds(joined))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 50), min_size=8, max_size=80), st.integers(2, 4))
def test_time_folds_learn_only_from_before(seconds: list[int], folds: int) -> None:
    time = pd.Series(pd.to_datetime(seconds, unit="s", utc=True))
    groups = np.arange(len(seconds)) // 2
    try:
        made = time_folds(time, groups, folds=folds)
    except InvalidInput:
        return
    for train, test in made:
        assert time.iloc[train].max() < time.iloc[test].min()
        assert not set(groups[train]) & set(groups[test])


def test_blocks_of_time_and_lives_of_tools() -> None:
    time = pd.Series(pd.to_datetime([5, 1, 1, 3, 9, 7], unit="s", utc=True))
    assert time_blocks(time, count=3).tolist() == [1, 0, 0, 1, 2, 2]
    assert life_runs([0, 3, 8, 8, 2, 4, 0]).tolist() == [0, 0, 0, 0, 1, 1, 2]


def test_ai4i_has_120_lives(shared: Path) -> None:
    wear = pd.read_csv(shared / "quality/sets/ai4i2020.csv")["Tool wear [min]"]
    assert len(np.unique(life_runs(wear))) == 120
