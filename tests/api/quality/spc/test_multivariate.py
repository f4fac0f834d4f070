"""T² and PCA against published figures, slow definitions and simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from api.quality.columns import INSPECTION
from api.quality.plain import plain
from api.quality.spc.hotelling import Hotelling, hotelling, phase_1, phase_2
from api.quality.spc.multivariate import multivariate_chart
from api.quality.spc.principal_components import monitor, pca_model
from ledger.errors import InvalidInput


def test_worked_example_t2_ryan(worked_example: Any, within: Any, shared: Any) -> None:
    example = worked_example("t2_ryan")
    data = np.loadtxt(shared / "quality" / example["inputs"]["file"], skiprows=25, max_rows=80)
    model = hotelling(data[:, :2].reshape(20, 4, 2), variables=["y1", "y2"])
    found = phase_1(model, data[:, :2].reshape(20, 4, 2))
    values = {
        "center": model.center,
        "cov": model.covariance,
        "detS": np.linalg.det(model.covariance),
        "UCL": model.phase_1_limit,
        "UPL": model.phase_2_limit,
        "T2": found.t2,
        "out_of_control": np.flatnonzero(found.signal) + 1,
    }
    within(example, values)
    within(example | {"expected": example["computed"], "tolerance": {"rel": 1e-8}}, values)


def test_worked_example_pca_nist(worked_example: Any, within: Any) -> None:
    example = worked_example("pca_nist")
    found = {"eig": pca_model(example["inputs"]["X"]).eigenvalues}
    within(example, found)
    within(example | {"expected": example["computed"], "tolerance": {"abs": 1e-9}}, found)


@given(arrays.arrays(np.float64, (12, 3), elements=st.floats(-5, 5).map(lambda x: round(x, 3))))
@settings(deadline=None, max_examples=200)
def test_a_contribution_is_what_t2_loses_without_the_variable(x: Any) -> None:
    x = x + np.random.default_rng(1).normal(size=x.shape)
    model = hotelling(x)
    found = phase_2(model, x)
    for variable in range(3):
        left = [other for other in range(3) if other != variable]
        smaller = Hotelling(
            ("a", "b"), model.center[left], model.covariance[np.ix_(left, left)], 12, 1, model.alpha, 0, 0
        )
        np.testing.assert_allclose(
            found.contributions[:, variable], found.t2 - phase_2(smaller, x[:, left]).t2, rtol=1e-6, atol=1e-6
        )


@given(arrays.arrays(np.float64, (3, 3), elements=st.integers(-20, 20).map(lambda x: x / 10)), st.floats(-100, 100))
@settings(deadline=None, max_examples=200)
def test_t2_does_not_depend_on_units_and_mixtures(mix: Any, offset: float) -> None:
    if abs(np.linalg.det(mix)) < 0.1:
        return
    x = np.random.default_rng(2).normal(size=(20, 3))
    one, other = (phase_1(hotelling(each), each).t2 for each in (x, x @ mix + offset))
    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


def test_limits_give_the_false_alarms_they_promise() -> None:
    random = np.random.default_rng(3)
    first, second, wrong = [], [], []
    for _ in range(400):
        x, new = random.normal(size=(25, 4)), random.normal(size=(25, 4))
        model = hotelling(x, alpha=0.05)
        first.append(phase_1(model, x).signal.mean())
        second.append(phase_2(model, new).signal.mean())
        wrong.append(phase_1(model, new).signal.mean())
    assert np.mean(first) == pytest.approx(0.05, abs=0.006)
    assert np.mean(second) == pytest.approx(0.05, abs=0.008)
    assert np.mean(wrong) > 0.1


def test_subgroup_limits_give_the_false_alarms_they_promise() -> None:
    random = np.random.default_rng(4)
    first, second = [], []
    for _ in range(300):
        x, new = random.normal(size=(20, 4, 2)), random.normal(size=(20, 4, 2))
        model = hotelling(x, alpha=0.05)
        first.append(phase_1(model, x).signal.mean())
        second.append(phase_2(model, new).signal.mean())
    assert np.mean(first) == pytest.approx(0.05, abs=0.01)
    assert np.mean(second) == pytest.approx(0.05, abs=0.01)


def _correlated(random: Any, points: int) -> Any:
    hidden = random.normal(size=(points, 2))
    return hidden @ random_loadings + random.normal(size=(points, 6)) * 0.4


random_loadings = np.array([[1, 1, 1, 0.5, 0, 0], [0, 0.5, 0, 1, 1, -1]])


def test_spe_limit_gives_the_false_alarms_it_promises() -> None:
    random = np.random.default_rng(5)
    model = pca_model(_correlated(random, 5000), components=2, alpha=0.01)
    found = monitor(model, _correlated(random, 20_000))
    assert (found.spe > found.spe_limit).mean() == pytest.approx(0.01, abs=0.003)
    assert (found.t2 > found.t2_limit).mean() == pytest.approx(0.01, abs=0.003)


def test_a_broken_correlation_shows_in_spe_at_the_right_variable() -> None:
    random = np.random.default_rng(6)
    model = pca_model(_correlated(random, 500), variables=list("abcdef"), components=2)
    usual = _correlated(random, 50)
    broken = usual.copy()
    broken[:, 2] += 4
    found = monitor(model, broken)
    assert (found.spe > found.spe_limit).mean() > 0.9
    assert (found.spe_contributions.argmax(axis=1) == 2).mean() > 0.9
    np.testing.assert_allclose(found.spe_contributions.sum(axis=1), found.spe)
    np.testing.assert_allclose(found.t2_contributions.sum(axis=1), found.t2)


def test_all_components_together_are_hotelling() -> None:
    x = _correlated(np.random.default_rng(7), 60)
    found = monitor(pca_model(x, components=6), x, phase="I")
    np.testing.assert_allclose(found.t2, phase_1(hotelling(x), x).t2, rtol=1e-8)
    np.testing.assert_allclose(found.spe, 0, atol=1e-20)


def test_components_explain_what_is_asked() -> None:
    x = _correlated(np.random.default_rng(8), 500)
    model = pca_model(x, variance=0.8)
    kept = model.loadings.shape[1]
    assert model.eigenvalues[:kept].sum() / 6 >= 0.8 > model.eigenvalues[: kept - 1].sum() / 6


def test_a_missing_value_leaves_its_point_unknown() -> None:
    x = np.random.default_rng(9).normal(size=(30, 3))
    model, gap = hotelling(x), x.copy()
    gap[4, 1] = np.nan
    found = phase_2(model, gap)
    assert np.isnan(found.t2[4])
    assert not found.signal[4]
    assert np.isfinite(np.delete(found.t2, 4)).all()


def test_what_cannot_be_modelled_is_refused() -> None:
    x = np.random.default_rng(10).normal(size=(20, 3))
    redundant = np.column_stack([x, x.sum(axis=1)])
    model = hotelling(x)
    for attempt in (
        lambda: hotelling(x[:4]),
        lambda: hotelling(redundant),
        lambda: hotelling(np.full((20, 2), np.nan)),
        lambda: hotelling(x, variables=["a"]),
        lambda: hotelling(x[:, 0]),
        lambda: phase_2(model, x[:, :2]),
        lambda: pca_model(np.ones((20, 3))),
        lambda: pca_model(x, components=4),
        lambda: pca_model(x[:2]),
        lambda: pca_model(x, variables=["a"]),
    ):
        with pytest.raises(InvalidInput):
            attempt()


def _inspected(values: Any, names: list[str]) -> pd.DataFrame:
    """Points × characteristics as a frame of INSPECTION, an hour apart."""
    rows = [
        dict.fromkeys(INSPECTION)
        | {"time": f"2026-06-{1 + i // 24:02d}T{i % 24:02d}:00Z", "item": f"urn:example:lot:{i}"}
        | {"characteristic": name, "value": value, "unit": "MMT"}
        for i, row in enumerate(values)
        for name, value in zip(names, row, strict=True)
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(time=pd.to_datetime(frame["time"], utc=True), value=frame["value"].astype("float64"))


@pytest.mark.parametrize("method", ["t2", "pca"])
def test_inspections_of_several_characteristics_on_one_chart(method: Any) -> None:
    x = _correlated(np.random.default_rng(11), 120)[:, :3]
    x[110] += [0, 3, -3]
    x[50, 2] = np.nan
    until = pd.Timestamp("2026-06-05T00:00Z")
    made = multivariate_chart(_inspected(x, ["a", "b", "c"]), ["c", "a", "b"], method=method, until=until)
    assert made.phase_1_points == 95
    assert made.points["phase"].tolist() == ["I"] * 96 + ["II"] * 24
    assert made.points["signal"][110]
    assert made.points["signal"].sum() <= 3
    contributions = made.points["contributions"][110]
    assert max(contributions, key=contributions.get) in "bc"
    assert plain(made)["points"][50]["t2"] is None
    if method == "t2":
        first, second = made.points["t2_limit"].iloc[[0, -1]]
        assert first < second
        model = hotelling(np.delete(x[:96], 50, axis=0)[:, [2, 0, 1]])
        assert (first, second) == pytest.approx((model.phase_1_limit, model.phase_2_limit))


def test_pieces_are_averaged_and_units_agree() -> None:
    x = np.random.default_rng(12).normal(10, 1, (30, 2))
    frame = _inspected(x, ["a", "b"])
    in_cm = frame["time"] > frame["time"].iloc[20]
    frame.loc[in_cm, "value"] /= 10
    frame.loc[in_cm, "unit"] = "CMT"
    twice = pd.concat([frame, frame.assign(sample="2")])
    np.testing.assert_allclose(multivariate_chart(twice, ["a", "b"]).points["t2"], phase_1(hotelling(x), x).t2)


def test_too_few_characteristics_and_unmeasured_ones_are_refused() -> None:
    frame = _inspected(np.random.default_rng(13).normal(size=(30, 2)), ["a", "b"])
    for names in (["a"], ["a", "a"], ["a", "z"]):
        with pytest.raises(InvalidInput):
            multivariate_chart(frame, names)
    with pytest.raises(InvalidInput, match="too few"):
        multivariate_chart(frame, ["a", "b"], until=pd.Timestamp("2026-06-01T02:00Z"))


def test_where_no_component_is_dropped_nothing_is_outside_the_model() -> None:
    values = np.random.default_rng(4).normal(size=(60, 3))
    found = monitor(pca_model(values, components=3), values, phase="I")
    assert not (found.spe > found.spe_limit).any()


def test_units_do_not_make_a_variable_follow_from_the_others() -> None:
    values = np.random.default_rng(5).normal(size=(40, 3))
    scale = np.array([1e-9, 1.0, 1e6])
    small, plain_ = (phase_1(hotelling(x), x) for x in (values * scale, values))
    assert small.t2 == pytest.approx(plain_.t2)
    assert small.contributions == pytest.approx(plain_.contributions)
