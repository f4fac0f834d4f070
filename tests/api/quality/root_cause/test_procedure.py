"""The procedure on planted faults, small; what the results say; what does not change them."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from api.quality.plain import plain
from api.quality.root_cause import PROCEDURE, Exposure, exposure, root_cause, separate
from ledger.errors import InvalidInput

QUICK = replace(PROCEDURE, resamples=0)


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    file = Path(__file__).parents[4] / "scripts/bench/planted_faults.py"
    spec = importlib.util.spec_from_file_location("planted_faults", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_planted_fault_is_the_first_alarm_and_mostly_the_only_one(bench: ModuleType) -> None:
    outcome = bench.simulate(25, seed=11)
    assert np.mean(outcome.first) >= 0.85
    assert np.mean(outcome.co_alarms) <= 0.1
    assert np.mean(outcome.raised) <= 0.05


def lots(count: int) -> list[str]:
    return [f"f{number}" for number in range(count)]


def exposed_to(**factors: np.ndarray) -> Exposure:
    """Items exposed to attributes, one column each."""
    items = np.array(lots(len(next(iter(factors.values())))))
    rows = [pd.DataFrame({"item": items[who], "kind": "machine", "name": name}) for name, who in factors.items()]
    none = pd.DataFrame({"parent": [], "child": [], "time": pd.Series([], dtype="datetime64[us, UTC]")}, dtype=object)
    return exposure(items.tolist(), none, pd.concat(rows))


@pytest.fixture(scope="module")
def two_causes() -> tuple[Exposure, np.ndarray]:
    """Machines A and B each spoil; C only occurs together with A."""
    dice = np.random.default_rng(3)
    a, b = dice.random(400) < 0.2, dice.random(400) < 0.2
    c = np.where(a, dice.random(400) < 0.7, dice.random(400) < 0.03)
    bad = dice.random(400) < np.where(a | b, 0.4, 0.03)
    return exposed_to(A=a, B=b, C=c), bad


def test_both_causes_raise_alarms_and_what_occurs_with_one_is_named_beside_it(
    two_causes: tuple[Exposure, np.ndarray],
) -> None:
    found = root_cause(*two_causes)
    assert sorted(found.alarms["name"]) == ["A", "B"]
    assert found.alarms.set_index("name")["together_with"].to_dict() == {"A": ["machine C"], "B": []}
    assert found.screening.set_index("name")["flagged"].to_dict() == {"A": True, "B": True, "C": True}
    assert "not cause" in found.caution


def test_both_lists_have_intervals_and_sample_sizes(two_causes: tuple[Exposure, np.ndarray]) -> None:
    found = root_cause(*two_causes)
    screened, separated = found.screening.set_index("name"), found.separation.set_index("name")
    for name in "AB":
        assert 1 < screened.loc[name, "low"] < screened.loc[name, "relative_risk"] < screened.loc[name, "high"]
        assert 1 < separated.loc[name, "low"] <= separated.loc[name, "odds_ratio"] <= separated.loc[name, "high"]
        assert separated.loc[name, "selected"] == 1.0
        assert screened.loc[name, "n1"] == separated.loc[name, "n1"]
    assert (screened["n1"] + screened["n0"] == 400).all()


def test_the_order_of_items_and_the_names_do_not_matter() -> None:
    dice = np.random.default_rng(4)
    columns = {name: dice.random(300) < share for name, share in {"A": 0.2, "B": 0.4, "C": 0.3}.items()}
    bad = dice.random(300) < np.where(columns["A"], 0.5, 0.05)
    order = dice.permutation(300)
    one = root_cause(exposed_to(**columns), bad, procedure=QUICK)
    new = {"A": "Z", "B": "Y", "C": "X"}
    other = root_cause(exposed_to(**{new[k]: v[order] for k, v in columns.items()}), bad[order], procedure=QUICK)
    numbers = ["a", "n1", "c", "n0", "relative_risk", "low", "high", "p", "q"]
    pd.testing.assert_frame_equal(one.screening[numbers], other.screening[numbers])
    assert one.screening["name"].map(new).to_list() == other.screening["name"].to_list()
    assert one.alarms["name"].map(new).to_list() == other.alarms["name"].to_list() == ["Z"]
    np.testing.assert_allclose(one.separation["weight"], other.separation["weight"], atol=0.01)


@pytest.mark.parametrize("bad", [np.zeros(200, dtype=bool), np.ones(200, dtype=bool)])
def test_without_a_difference_there_is_no_alarm(bad: np.ndarray) -> None:
    found = root_cause(exposed_to(A=np.arange(200) < 50), bad)
    assert found.alarms.empty
    assert (found.separation["weight"] == 0).all()


def test_without_any_factor_both_lists_are_empty() -> None:
    found = root_cause(exposed_to(A=np.arange(200) < 2), np.arange(200) < 20)
    assert (len(found.alarms), len(found.screening), len(found.separation), len(found.set_aside)) == (0, 0, 0, 1)


def test_the_separation_repeats_with_its_seed(two_causes: tuple[Exposure, np.ndarray]) -> None:
    one, same = (separate(*two_causes, resamples=5, seed=8) for _ in range(2))
    pd.testing.assert_frame_equal(one, same)


def test_the_result_is_plain(two_causes: tuple[Exposure, np.ndarray]) -> None:
    found = plain(root_cause(*two_causes, procedure=QUICK))
    assert found["alarms"][0]["members"] in (["machine A"], ["machine B"])
    assert found["procedure"]["false_discovery_rate"] == 0.04


def test_as_many_outcomes_as_items() -> None:
    with pytest.raises(InvalidInput, match="3 outcomes for 200 items"):
        root_cause(exposed_to(A=np.arange(200) < 50), np.array([True, False, True]))
