"""POST /capture and its jobs."""

from __future__ import annotations

import json
from typing import Any

import pytest


def test_a_document_is_captured_and_recorded(server: Any, make: Any) -> None:
    answer = server.operator.post("/capture", json=make.document(), params={"organisation": make.orchard})
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/capture/{answer.json()['captureID']}"
    job = server.finished(answer.headers["location"])
    assert job == answer.json() | {"running": False, "captured": 1, "finishedAt": job["finishedAt"]}
    assert job["success"]
    assert job["organisation"] == make.orchard
    assert server.settle()["final"] >= 1


def test_the_same_again_is_known(server: Any, make: Any) -> None:
    document = make.document(make.event("again"), make.event("again", bizStep="packing"))
    assert server.capture(document)["captured"] == 2
    assert server.capture(document)["known"] == 2
    once_more = server.capture(make.document(make.event("again")))
    assert (once_more["captured"], once_more["known"]) == (0, 1)


def test_every_kind_of_body_and_media_type(server: Any, make: Any) -> None:
    query = {
        "@context": [make.document()["@context"][0]],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-06-01T06:00:00Z",
        "epcisBody": {"queryResults": {"queryName": "q", "resultsBody": {"eventList": [make.event("in-query")]}}},
    }
    assert server.capture(query)["captured"] == 1
    bare = make.event("bare") | {"@context": make.document()["@context"]}
    answer = server.operator.post(
        "/capture",
        content=json.dumps(bare),
        headers={"content-type": "application/ld+json; charset=utf-8"},
        params={"organisation": "carrier"},
    )
    assert server.finished(answer.headers["location"])["captured"] == 1


def test_proceed_keeps_the_valid_events(server: Any, make: Any) -> None:
    document = make.document(make.event("good"), make.event("bad", eventTime="22-07-2026"))
    query = {"organisation": make.orchard}
    http = server.operator
    refused = http.post("/capture", json=document, params=query)
    assert refused.status_code == 400
    taken = http.post("/capture", json=document, params=query, headers={"GS1-Capture-Error-Behaviour": "proceed"})
    job = server.finished(taken.headers["location"])
    assert (job["captured"], job["success"], job["captureErrorBehaviour"]) == (1, False, "proceed")
    assert "eventTime" in job["errors"][0]["where"]
    assert job["errors"][0]["type"] == "epcisException:ValidationException"


def test_the_last_of_equal_keys_counts_only_where_the_submitter_says_so(server: Any, make: Any) -> None:
    text = json.dumps(make.document(make.event("twice"))).replace('"action"', '"action": "ADD", "action"')
    http, headers = server.operator, {"content-type": "application/json"}
    query = {"organisation": make.orchard}
    refused = http.post("/capture", content=text, headers=headers, params=query)
    assert refused.status_code == 400
    assert "twice" in refused.json()["detail"]
    taken = http.post("/capture", content=text, headers=headers, params=query | {"duplicate_keys": "last"})
    assert server.finished(taken.headers["location"])["captured"] == 1
    (event,) = http.get("/trace/(01)09521000010017(10)twice").json()["events"]
    assert event["action"] == "OBSERVE"


@pytest.mark.parametrize(("policy", "expected"), [("open", True), ("sealed", False)])
def test_a_request_may_choose_the_policy(server: Any, make: Any, policy: str, expected: bool) -> None:
    server.capture(make.document(make.event(f"by-{policy}")), policy=policy)
    (event,) = server.operator.get(f"/trace/(01)09521000010017(10)by-{policy}").json()["events"]
    assert event["is_open"] is expected


def test_whose_events_they_are_must_be_clear(server: Any, make: Any) -> None:
    http = server.operator
    nobody = http.post("/capture", json=make.document())
    assert nobody.status_code == 400
    assert make.carrier in nobody.json()["detail"]
    assert http.post("/capture", json=make.document(), params={"organisation": "nobody"}).status_code == 400
    for name in ("orchard", make.orchard, http.get("/organisations").json()[1]["id"]):
        assert http.post("/capture", json=make.document(), params={"organisation": name}).status_code == 202


def test_one_organisation_need_not_be_named(serving: Any, make: Any) -> None:
    server = serving()
    key = server.key("write", make.carrier)
    answer = server.client(key).post("/capture", json=make.document())
    assert answer.status_code == 202
    assert answer.json()["organisation"] == make.carrier


def test_jobs_are_listed_newest_first(server: Any, make: Any) -> None:
    made = [server.capture(make.document(make.event(f"list-{n}")))["captureID"] for n in range(3)]
    listed = server.operator.get("/capture", params={"perPage": 2}).json()
    assert [job["captureID"] for job in listed] == [made[2], made[1]]
    assert server.operator.get("/capture/nothing").status_code == 404
    assert server.operator.get("/capture", params={"perPage": 0}).status_code == 400


def test_times_at_both_ends_of_the_calendar(server: Any, make: Any) -> None:
    """Not an error anywhere: real documents have strange clocks."""
    first = make.event("ends", eventTime="0000-01-01T00:00:00+14:00")
    last = make.event("ends", eventTime="9999-12-31T23:59:59-14:00")
    assert server.capture(make.document(first, last))["captured"] == 2
    trace = server.operator.get("/trace/(01)09521000010017(10)ends")
    assert [event["event_time"] for event in trace.json()["events"]] == [
        "-0001-12-31T10:00:00.000Z",
        "10000-01-01T13:59:59.000Z",
    ]
    assert server.operator.get("/quality/(01)09521000010017(10)ends").status_code == 200
