"""A trained model, installed in a home, is asked as readings arrive."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from api.live.installed import card_for, install, models_of
from api.quality.live import Rule
from api.quality.prediction.safekeeping import CARD_FILE, MODEL_FILE
from api.quality.prediction.tabular import feature_table
from api.quality.prediction.training import Recipe, train
from ledger.errors import Conflict, InvalidInput

GTIN = "https://id.gs1.org/01/09521000010017"
RECIPE = Recipe("logistic", {}, name="oven", version="1", folds=3, repeats=1)


def eventually(what: Callable[[], Any], seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def trained(folder: Path, inputs: tuple[str, str] = ("Temperature", "Pressure"), seed: int = 0) -> Path:
    """A model of goods that spoil where it is hot and pressed."""
    rng = np.random.default_rng(seed)
    hot, force = rng.normal(100, 20, 300), rng.normal(3e5, 5e4, 300)
    risk = 1 / (1 + np.exp(-((hot - 110) / 5 + (force - 3e5) / 4e4)))
    columns = dict(zip(inputs, (hot, force), strict=True))
    frame = pd.DataFrame({**columns, "lot": np.arange(300) // 10, "bad": (rng.random(300) < risk).astype(int)})
    train(feature_table(frame, target="bad", group="lot"), frame, RECIPE).save(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("models") / "oven")


def readings(server: Any, lot: str, *rows: tuple[str, float, str], ago: float = 0) -> None:
    at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
    lines = [f"{at},of {kind},{GTIN}/10/{lot},{kind},{value},{unit}" for kind, value, unit in rows]
    body = "\n".join(["time,sensor,item,quantity_kind,value,unit", *lines])
    answer = server.operator.post("/quality/readings", content=body, headers={"content-type": "text/csv"})
    assert answer.status_code == 200, answer.text


def live(server: Any, lot: str) -> list[Any]:
    params = {"live": True, "item": f"{GTIN}/10/{lot}"}
    return list(server.operator.get("/quality/incidents", params=params).json()["incidents"])


def test_a_model_is_asked_as_readings_arrive(server: Any, folder: Path) -> None:
    rule = {"name": "oven", "kind": "model", "model": "oven", "seconds": 2.0}
    refused = server.operator.post("/quality/rules", json=rule)
    assert (refused.status_code, "install" in refused.text) == (400, True)
    _, card = install(server.home, folder)
    made = server.operator.post("/quality/rules", json=rule)
    assert (made.status_code, made.json()["rule"]["card"]) == (201, card.uri)
    eventually(lambda: server.client().get("/health").json()["live"]["rules"])
    readings(server, "HOT", ("Temperature", 284.0, "FAH"), ("Pressure", 4.2, "BAR"))
    (incident,) = eventually(lambda: [one for one in live(server, "HOT") if one["kind"] == "model"])
    worst, evidence = incident["evidence"]["worst"], incident["evidence"]
    assert worst["value"] > 0.9
    assert (evidence["card"], evidence["threshold"]) == (card.uri, card.content["threshold"])
    assert worst["inputs"] == pytest.approx({"Temperature": 140, "Pressure": 420_000})
    assert {one["input"] for one in worst["moved_by"]} == {"Temperature", "Pressure"}
    assert all(one["contribution"] > 0 for one in worst["moved_by"])
    assert len(worst["input_sha256"]) == 64
    assert "moved by Temperature" in incident["message"]
    missing = eventually(lambda: [one for one in live(server, "HOT") if one["kind"] == "missing"])
    assert missing[0]["evidence"]["missing"] == ["Temperature", "Pressure"]
    readings(server, "HOT", ("Temperature", 60, "CEL"), ("Pressure", 2.0, "BAR"))
    eventually(lambda: not any(one["kind"] == "model" for one in live(server, "HOT")))
    assert server.operator.delete("/quality/rules/oven").status_code == 204


def test_installing(folder: Path, tmp_path: Path) -> None:
    name, card = install(tmp_path, folder)
    assert install(tmp_path, folder) == (name, card)
    assert [one.name for one in (tmp_path / "models").iterdir()] == ["oven"]
    with pytest.raises(Conflict):
        install(tmp_path, trained(tmp_path / "other", seed=1))
    with pytest.raises(InvalidInput, match="no name"):
        install(tmp_path, folder, "../elsewhere")
    with pytest.raises(InvalidInput, match="no quantity kind"):
        install(tmp_path, trained(tmp_path / "heat", ("heat", "Pressure")), "heat")
    rule = Rule("oven", "model", model="oven", card=card_for(tmp_path, Rule("a", "model", model="oven")), seconds=60)
    assert models_of(tmp_path, [rule])[1] == []
    with pytest.raises(InvalidInput):
        card_for(tmp_path, Rule("a", "model", model="../oven"))


def test_a_model_that_was_changed_is_not_asked(folder: Path, tmp_path: Path) -> None:
    _, card = install(tmp_path, folder)
    rule = Rule("oven", "model", model="oven", card=card.uri, seconds=60)
    file = tmp_path / "models" / "oven" / MODEL_FILE
    file.write_bytes(file.read_bytes() + b"x")
    models, (problem,) = models_of(tmp_path, [rule])
    assert (models, "SHA-256" in problem.message) == ({}, True)
    other = trained(tmp_path / "other", seed=1)
    for part in (CARD_FILE, MODEL_FILE):
        (tmp_path / "models" / "oven" / part).write_bytes((other / part).read_bytes())
    models, (problem,) = models_of(tmp_path, [rule])
    assert (models, "its card is" in problem.message) == ({}, True)
