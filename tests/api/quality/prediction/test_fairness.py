"""Error rates by supplier, site and shift: a model that errs more for one is seen, one that does not is left alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from api.quality.prediction.fairness import COLUMNS, error_rates
from api.quality.prediction.metrics import Asked


def asked(seed: int, unfair: float) -> tuple[Asked, pd.DataFrame]:
    """3,000 rows of three suppliers; the good of `cedar` are called bad `unfair` more often than others' good."""
    rng = np.random.default_rng(seed)
    supplier = rng.choice(["alder", "birch", "cedar"], 3000)
    p = rng.uniform(0.02, 0.4, 3000)
    y = (rng.random(3000) < p).astype(float)
    alarm = rng.random(3000) < np.where(y == 1, 0.8, 0.1 + unfair * (supplier == "cedar"))
    return Asked(y, p, alarm, alarm), pd.DataFrame({"supplier": supplier, "shift": rng.choice(["day", "night"], 3000)})


def test_an_unfair_model_is_seen() -> None:
    answers, audit = asked(0, unfair=0.15)
    found = error_rates([answers], audit)
    assert list(found.columns) == list(COLUMNS)
    flagged = found[found["flag"].astype(bool)]
    assert set(zip(flagged["value"], flagged["rate"], strict=True)) >= {("cedar", "false_alarms")}
    assert not ((flagged["value"] == "cedar") & (flagged["rate"] != "false_alarms")).any()
    [row] = found[(found["value"] == "cedar") & (found["rate"] == "false_alarms")].to_dict("records")
    here = (audit["supplier"] == "cedar").to_numpy() & (answers.y == 0)
    assert row["estimate"] == pytest.approx(answers.alarm[here].mean())
    assert row["count"] == here.sum()
    assert row["low"] > row["overall"]


def test_a_fair_model_is_seldom_flagged() -> None:
    """Five values times three rates, 40 runs: flags on fewer than one comparison in twenty."""
    flags = [error_rates([answers], audit)["flag"].mean() for answers, audit in (asked(seed, 0) for seed in range(40))]
    assert np.mean(flags) < 0.05


def test_lost_calibration_of_one_site_is_seen() -> None:
    answers, audit = asked(1, unfair=0)
    higher = Asked(answers.y, answers.predicted + 0.1 * (audit["supplier"] == "birch"), answers.alarm, answers.alarm)
    found = error_rates([higher], audit).query("rate == 'calibration' and by == 'supplier'").set_index("value")
    assert found.loc["birch", "flag"]
    assert found.loc["birch", "estimate"] == pytest.approx(-0.1, abs=0.03)


def test_the_missing_are_a_group_and_the_empty_have_no_rate() -> None:
    y = np.array([0.0, 0.0, 1.0, 0.0])
    answers = Asked(y, y, y == 1, y == 1)
    found = error_rates([answers], pd.DataFrame({"supplier": ["alder", None, "alder", None]}))
    missing = found[found["value"].isna()].set_index("rate")
    assert missing.loc["false_alarms", "count"] == 2
    assert missing.loc["misses", "count"] == 0
    assert missing.loc["misses", "flag"] is None
    assert error_rates([answers], pd.DataFrame(index=range(4))).empty
