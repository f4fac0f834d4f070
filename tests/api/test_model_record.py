"""A model from its training to the chain: train, capture, final, prove, verify; a changed card does not match."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from api.analysis.model_record import (
    NAMESPACE,
    Judged,
    document,
    events_of_card,
    registration_event,
    verdict_event,
)
from api.quality.prediction.digests import ni_uri
from api.quality.prediction.model_card import ModelCard, make_card, read_card
from api.quality.prediction.predictions import predict
from api.quality.prediction.tabular import feature_table
from api.quality.prediction.training import Recipe, Trained, train
from ledger.chain import connect
from ledger.chain.witness import NodeWitness
from ledger.errors import InvalidInput
from ledger.events import facts, read_document
from ledger.verify import Trust, verify

LOT = "https://id.gs1.org/01/09521000010017/10/JUDGED"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    heat = rng.normal(size=240)
    bad = (rng.random(240) < 1 / (1 + np.exp(-2 * heat))).astype(int)
    return pd.DataFrame({"lot": np.arange(240) // 4, "heat": heat, "bad": bad})


@pytest.fixture(scope="module")
def trained(frame: pd.DataFrame) -> Trained:
    recipe = Recipe("logistic", {}, name="heat", folds=3, repeats=1)
    return train(feature_table(frame, target="bad", group="lot"), frame, recipe)


@pytest.fixture(scope="module")
def card(trained: Trained) -> ModelCard:
    return trained.kept.card


def proven(server: Any, item: str) -> Any:
    """The bundle of the item's trace, verified against the server's own chain."""
    bundle = server.operator.get("/proofs", params={"item": item})
    assert bundle.status_code == 200, bundle.text
    place = server.operator.get("/health").json()["chain"]
    trust = Trust(
        chain_id=place["chain_id"],
        ledger=bytes.fromhex(place["ledger"][2:]),
        code_hash=bytes.fromhex(place["code_hash"][2:]),
    )
    chain = connect(f"{server.url}/rpc", timeout=10)
    try:
        return verify(bundle.content, trust, NodeWitness(chain, trust.ledger), item)
    finally:
        chain.close()


def test_a_verdict_is_proven_to_come_from_the_model_and_the_data(
    server: Any, frame: pd.DataFrame, trained: Trained, card: ModelCard, tmp_path: Any
) -> None:
    [row] = predict(trained.kept, frame.iloc[:1]).to_dict("records")
    judged = Judged(LOT, float(row["predicted"]), str(row["input_sha256"]), bool(row["alarm"]))
    job = server.capture(document([registration_event(card), verdict_event(card, judged)]))
    assert job["success"], job
    assert job["captured"] == 2
    server.settle()

    registered = proven(server, card.uri)
    [event] = events_of_card(card, registered.events)
    trained.save(tmp_path)
    on_disk = (tmp_path / "card.json").read_bytes()
    assert event.values["/model:card"] == read_card(on_disk).sha256
    assert ni_uri(str(event.values["/model:card"])) in event.items
    assert event.values["/model:data"] == card.data_sha256

    verdict = events_of_card(card, proven(server, LOT).events)[0]
    assert verdict.values["/model:input"] == judged.input_sha256
    assert verdict.values["/model:predicted"] == judged.predicted
    assert verdict.values["/model:alarm"] is judged.alarm

    better = [{**row, "mean": 1.0} for row in card.content["metrics"]]
    changed = make_card({**card.content, "metrics": better})
    with pytest.raises(InvalidInput, match="no event in the bundle names the card") as refused:
        events_of_card(changed, registered.events)
    assert card.sha256 in refused.value.problem.advice


def test_only_our_namespace_counts(server: Any, card: ModelCard) -> None:
    """The same words under another namespace, or a hidden one, say nothing."""
    other = document([registration_event(card)])
    other["@context"][1] = {"model": "https://stranger.example/"}
    other["epcisBody"]["eventList"][0]["epcList"] = ["urn:example:stranger"]
    assert server.capture(other)["success"]
    server.settle()
    with pytest.raises(InvalidInput, match="no event in the bundle"):
        events_of_card(card, proven(server, "urn:example:stranger").events)


def test_a_withdrawn_record_does_not_stand(server: Any, card: ModelCard) -> None:
    other = make_card({**card.content, "version": "withdrawn"})
    event = registration_event(other) | {"eventID": "urn:uuid:7f0a2ae8-5d5c-4b63-9a3c-0d6c2f1f0a11"}
    declared = {"declarationTime": "2026-06-01T05:12:00Z", "reason": "incorrect_data"}
    assert server.capture(document([event]))["success"]
    assert server.capture(document([{**event, "errorDeclaration": declared}]))["success"]
    server.settle()
    with pytest.raises(InvalidInput, match="declared wrong"):
        events_of_card(other, [one for one in proven(server, other.uri).events if not one.declares_error])


def test_events_are_valid_and_name_their_items(card: ModelCard) -> None:
    time = datetime(2026, 6, 1, 5, 12, tzinfo=UTC)
    serial = "https://id.gs1.org/01/09521000010017/21/7"
    events = [
        registration_event(card, time=time),
        verdict_event(card, Judged(LOT, 0.25, "0" * 64, False), time=time),
        verdict_event(card, Judged(serial, 31.5, "0" * 64), time=time),
    ]
    named = []
    for event in events:
        assert event["eventTime"] == "2026-06-01T05:12:00.000Z"
        [read] = read_document(json.loads(json.dumps(event)))
        named += [mention.item.uri for mention in facts(read.body).mentions]
    assert named == [card.uri, LOT, serial]
    assert "model:alarm" not in events[2]
    assert document(events)["@context"][1] == {"model": NAMESPACE}


def test_what_cannot_be_judged_is_refused(card: ModelCard) -> None:
    with pytest.raises(InvalidInput, match="class of goods"):
        verdict_event(card, Judged("https://id.gs1.org/01/09521000010017", 0.5, "0" * 64))
    with pytest.raises(InvalidInput, match="is no number"):
        verdict_event(card, Judged(LOT, float("nan"), "0" * 64))
