"""`lotmark quality model`: from a table to a proven verdict, and what is refused on the way."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from api.quality.prediction.table_file import read_table
from ledger.errors import InvalidInput

LOT = "https://id.gs1.org/01/09521000010017/10/PREDICTED"
TRAIN = ["--target", "bad", "--group", "lot", "--audit", "supplier", "--folds", "3", "--repeats", "1"]


@pytest.fixture(scope="module")
def goods(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """240 rows of 60 lots; hot ones are often bad, and a column that says so afterwards."""
    rng = np.random.default_rng(0)
    heat, supplier = rng.normal(size=240).round(3), rng.choice(["alder", "birch"], 240)
    bad = (rng.random(240) < 1 / (1 + np.exp(-2 * heat))).astype(int)
    made = {"lot": np.arange(240) // 4, "heat": heat, "grade": rng.choice(["L", "H"], 240), "supplier": supplier}
    file = tmp_path_factory.mktemp("goods") / "goods.csv"
    pd.DataFrame({**made, "bad": bad}).to_csv(file, index=False)
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model") / "heat"


def test_train_show_predict(cli: Any, goods: Path, folder: Path, tmp_path: Path) -> None:
    trained = cli("--format", "json", "quality", "model", "train", goods, *TRAIN, "--name", "Heat", "-o", folder)
    assert trained.code == 0, trained.err
    shown = cli("quality", "model", "show", folder)
    assert shown.code == 0
    assert "Heat 1" in shown.out
    assert trained.json["sha256"] in shown.out
    assert "errors by group" in shown.out
    table = cli("quality", "model", "show", folder, "--format", "csv")
    assert {row["metric"] for row in csv.DictReader(io.StringIO(table.out))} >= {"f1", "pr_auc"}

    asked = tmp_path / "asked.csv"
    asked.write_text("heat,grade\n3,L\n-3,H\n,X\n")
    told = cli("--format", "json", "quality", "model", "predict", folder, asked)
    assert told.code == 0, told.err
    hot, cold, unknown = told.json["predictions"]
    assert hot["alarm"] is True
    assert cold["alarm"] is False
    assert hot["moved_by"][0]["input"] == "heat"
    assert hot["moved_by"][0]["contribution"] > 0 > cold["moved_by"][0]["contribution"]
    assert unknown["known"] == 0
    one = cli("--format", "json", "quality", "model", "predict", folder, asked, "--top", "1").json
    for row in one["predictions"]:
        named = sum(each["contribution"] for each in row["moved_by"])
        assert one["explained"]["base"] + named + row["others"] == pytest.approx(row["score"])
        assert row["predicted"] == pytest.approx(1 / (1 + np.exp(-row["score"])))
    assert told.json["explained"]["rows"] == 3
    highest = cli("--format", "json", "quality", "model", "predict", folder, asked, "--explain", "1", "--top", "1")
    assert [len(row["moved_by"]) for row in highest.json["predictions"]] == [1, 0, 0]
    assert "ALARM" in cli("quality", "model", "predict", folder, asked).out


def test_a_verdict_is_recorded_and_proven(cli: Any, folder: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text(f"item,heat,grade\n{LOT},2.5,L\n")
    unknown = cli("quality", "model", "predict", folder, asked, "--item", "item", "--record")
    assert unknown.code == 2
    assert "is not registered here" in " ".join(unknown.err.split())
    recorded = cli("--format", "json", "quality", "model", "record", folder)
    assert recorded.code == 0, recorded.err
    told = cli("--format", "json", "quality", "model", "predict", folder, asked, "--item", "item", "--record")
    assert told.code == 0, told.err
    assert told.json["captured"] == 1
    nothing = tmp_path / "event.json"
    nothing.write_text(json.dumps(cli.event()))
    assert cli("submit", nothing, "--wait", "final").code == 0
    [listed] = cli("--format", "json", "quality", "model", "list").json
    assert (listed["sha256"], listed["uri"], listed["name"]) == (recorded.json["card"], recorded.json["item"], "Heat")
    assert [record["state"] for record in listed["records"]] == ["final"]
    assert listed["sha256"][:20] in cli("quality", "model", "list").out
    for item, predicted in ((recorded.json["item"], None), (LOT, told.json["predictions"][0]["predicted"])):
        bundle = tmp_path / "bundle.json"
        assert cli("prove", item, "-o", bundle).code == 0
        verified = cli("--format", "json", "quality", "model", "verify", folder, bundle)
        assert verified.code == 0, verified.err
        assert verified.json["events"][0]["predicted"] == predicted
        out = " ".join(cli("quality", "model", "verify", folder, bundle).out.split())
        assert "verified: Heat 1" in out
        assert verified.json["events"][0]["organisation"] in out
        assert "nothing of it was computed again" in out

    card = folder / "card.json"
    kept = card.read_bytes()
    card.write_bytes(kept.replace(b'"name":"Heat"', b'"name":"Hent"'))
    try:
        changed = cli("quality", "model", "verify", folder, bundle)
    finally:
        card.write_bytes(kept)
    assert changed.code == 2
    assert "no event in the bundle names the card" in changed.err


def test_drift_wants_the_training_table(cli: Any, goods: Path, folder: Path, tmp_path: Path) -> None:
    frame = pd.read_csv(goods)
    moved = tmp_path / "moved.csv"
    frame.assign(heat=frame["heat"] + 1.5).to_csv(moved, index=False)
    found = cli("--format", "json", "quality", "model", "drift", folder, goods, moved)
    assert found.code == 0, found.err
    drifted = {row["feature"] for row in found.json["columns"] if row["drifted"]}
    assert drifted == {"heat", "prediction"}
    other = cli("quality", "model", "drift", folder, moved, goods)
    assert other.code == 2
    assert "the card's data" in " ".join(other.err.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "worse"], "there is no column 'worse'"),
        (["--feature", "lot"], "leaks"),
        (["--model", "linear"], "there is no model 'linear' for a classification"),
        (["--target", "supplier", "--feature", "heat", "--task", "regression"], "has words"),
    ],
)
def test_wrong_roles_are_told(cli: Any, goods: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    failed = cli("quality", "model", "train", goods, *TRAIN, *arguments, "-o", tmp_path / "none")
    assert failed.code == 2
    assert said in " ".join(failed.err.split())
    assert not (tmp_path / "none").exists()


def test_a_leak_and_an_altered_model_are_refused(cli: Any, goods: Path, folder: Path, tmp_path: Path) -> None:
    frame = pd.read_csv(goods)
    leaking = tmp_path / "leaking.csv"
    frame.assign(scrapped=frame["bad"]).to_csv(leaking, index=False)
    failed = cli("quality", "model", "train", leaking, *TRAIN, "-o", tmp_path / "none")
    assert failed.code == 2
    assert "alone tells the target" in failed.err
    listed = cli("quality", "model", "train", leaking, *TRAIN, "--leaking", "scrapped", "-o", tmp_path / "some")
    assert listed.code == 0, listed.err
    model = tmp_path / "some" / "model.skops"
    model.write_bytes((folder / "model.skops").read_bytes())
    altered = cli("quality", "model", "predict", tmp_path / "some", goods)
    assert altered.code == 2
    assert "as its card says" in " ".join(altered.err.split())


def test_a_model_is_not_trained_over_another(cli: Any, goods: Path, folder: Path) -> None:
    before = (folder / "card.json").read_bytes()
    failed = cli("quality", "model", "train", goods, *TRAIN, "-o", folder)
    assert failed.code == 1
    assert "Take another folder" in " ".join(failed.err.split())
    assert (folder / "card.json").read_bytes() == before


def test_what_is_no_card_is_not_registered(server: Any) -> None:
    sent = {"content-type": "application/json"}
    for content in (b"{}", b"[]", b'{"form":"lotmark:model-card:v1"}', b"[" * 50_000):
        answer = server.operator.post("/quality/models", content=content, headers=sent)
        assert answer.status_code == 400, answer.text
        assert "no model card" in answer.json()["problems"][0]["message"]


def test_recording_wants_items(cli: Any, folder: Path, goods: Path, tmp_path: Path) -> None:
    for more, said in (
        (["--record"], "a verdict needs an item"),
        (["--item", "nothing"], "there is no column 'nothing'"),
        (["--item", "grade", "--record"], "goods.csv row 1: "),
        (["--item", "grade", "--record"], "is no identifier of an item"),
    ):
        failed = cli("quality", "model", "predict", folder, goods, *more)
        assert failed.code == 2
        assert said in " ".join(failed.err.split())
    gone = cli("quality", "model", "show", tmp_path)
    assert gone.code == 2
    assert "card.json" in gone.err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "a column has no name|distinct names"),
        (b"a,a\n1,2\n", "occurs twice"),
        (b"a,b\n1\n", "line 2: 1 cells"),
        (b"a\n", "no rows"),
        (b'a\n"x\n', "broken CSV"),
        (b"a\n\xff\n", "line 2: the file is not UTF-8"),
    ],
)
def test_what_is_no_table_is_told(data: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_table(data, source="x.csv")


def test_what_no_double_holds_stays_text() -> None:
    names, other = (read_table(f"a\n900719925474099{last}\n".encode()) for last in (2, 3))
    assert names["a"].tolist() != other["a"].tolist()
    assert read_table(b"a\n1e400\n")["a"].tolist() == ["1e400"]
    assert read_table(b"a,b\n1,1\n", texts=["a"]).iloc[0].tolist() == ["1", 1.0]
    with pytest.raises(InvalidInput, match="Separate columns with commas"):
        read_table(b"heat;grade\n1,5;L\n")


def test_numbers_and_words() -> None:
    frame = read_table("\ufeffa,b,c,d\r\n1,x,, 2e3\r\n\r\n,,,-.5\r\n".encode(), source="x.csv")
    assert frame["a"].tolist()[0] == 1
    assert frame["a"].isna().tolist() == [False, True]
    assert frame["b"].isna().tolist() == [False, True]
    assert frame["c"].isna().all()
    assert frame["d"].tolist() == [2000, -0.5]
