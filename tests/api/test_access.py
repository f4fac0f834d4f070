"""Who may do what: without a key, read, write, bound to an organisation, operator, revoked; and on an open server."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

#: what each operation needs; nobody is asked for a key where it says "nothing"
NEEDS = {
    "nothing": "GET /health, GET /pages/start.json, GET /organisations, POST /rpc",
    # answers everyone, with what is sealed left out; but a key that is sent must be good
    "none": """
        GET /trace/{item}, GET /events/{eventID}, GET /proofs, GET /proofs/{commitment}, GET /quality/{item},
        GET /quality/table, GET /quality/sampling/plan, GET /quality/sampling/oc, GET /quality/sampling/find""",
    "read": """
        GET /capture, GET /capture/{captureID}, GET /quality/imports, GET /quality/models,
        GET /quality/touched, GET /quality/pipeline,
        GET /quality/spc, GET /quality/spc/chart, GET /quality/spc/multivariate, GET /quality/spc/limits,
        GET /quality/spc/capability, GET /quality/root-cause, POST /quality/root-cause, GET /quality/residues/{item},
        GET /quality/certificates/{item}, GET /quality/mass-balance, GET /quality/footprint/{item},
        GET /quality/shelf-life/{item}, GET /quality/retests, GET /quality/oee, GET /quality/yield,
        GET /quality/suppliers, GET /quality/gage, POST /quality/gage, GET /quality/calibration, GET /quality/incidents,
        GET /quality/incidents/{id}, GET /quality/holds, GET /quality/rules, GET /quality/dead-letters,
        GET /quality/stream, GET /quality/lot/{item}, GET /quality/report/lot/{item},
        GET /quality/report/month/{month}""",
    "write": """
        POST /capture, POST /quality/readings, POST /quality/inspections, POST /quality/results,
        POST /quality/specifications, POST /quality/limits, POST /quality/equipment, POST /quality/runs,
        POST /quality/activities, POST /quality/factors, PUT /quality/pipeline, POST /quality/models,
        POST /quality/spc/limits,
        POST /quality/incidents/{id}/acknowledge, POST /quality/incidents/{id}/owner,
        POST /quality/incidents/{id}/close, POST /quality/holds, POST /quality/holds/{id}/release,
        POST /quality/rules, DELETE /quality/rules/{name}""",
    "operator": """
        POST /organisations, GET /keys, POST /keys, DELETE /keys/{id}, POST /quality/archive, GET /quality/webhooks,
        POST /quality/webhooks, DELETE /quality/webhooks/{id}""",
}
OPERATIONS = {tuple(each.split()): scope for scope, listed in NEEDS.items() for each in listed.split(",")}
RANK = ["nothing", "none", "read", "write", "operator"]


def test_what_every_operation_needs_is_listed(server: Any) -> None:
    """Here, and in the documentation: 401 where a key may be wrong, 403 where it may not reach."""
    documented = {
        (method.upper(), path): {int(status) for status in operation["responses"]} & {401, 403}
        for path, operations in server.client().get("/openapi.json").json()["paths"].items()
        for method, operation in operations.items()
    }
    expected: dict[str, set[int]] = {"nothing": set(), "none": {401}}
    assert documented == {each: expected.get(scope, {401, 403}) for each, scope in OPERATIONS.items()}


@pytest.mark.parametrize("scope", [*RANK[1:], "revoked", "unknown", "malformed"])
def test_the_matrix(server: Any, scope: str) -> None:
    """Requests without anything in them: what they lack is said only to those who may send them."""
    http = _client(server, scope)
    wrong = {each: status for each, needed in OPERATIONS.items() if (status := _refused(http, *each, scope, needed))}
    assert wrong == {}


def _refused(http: Any, method: str, path: str, scope: str, needed: str) -> int | None:
    """The status of the answer, where it is not what this caller has to expect."""
    with http.stream(method, re.sub(r"\{\w+\}", "1", path)) as answer:  # one of them never ends
        status = int(answer.status_code)
        if status in (401, 403):
            assert json.loads(answer.read())["type"] == "epcisException:SecurityException"
            assert (status == 401) is (answer.headers.get("www-authenticate") == "Bearer")
    if needed == "nothing":
        return status if status in (401, 403) else None
    if scope not in RANK:
        return None if status == 401 else status
    if RANK.index(scope) >= RANK.index(needed):
        return status if status in (401, 403) or status >= 500 else None
    return None if status == (401 if scope == "none" else 403) else status


def _client(server: Any, scope: str) -> Any:
    if scope == "operator":
        return server.operator
    if scope == "revoked":
        key = server.key("write")
        assert server.operator.delete(f"/keys/{key[3:15]}").status_code == 204
        return server.client(key)
    other = {"none": None, "unknown": "lm_0123456789ab.c2VjcmV0", "malformed": "Ω"}
    if scope in other:
        client = server.client(other[scope] if scope != "malformed" else None)
        if scope == "malformed":
            client.headers["Authorization"] = "Bearer " + "\N{GREEK SMALL LETTER OMEGA}".encode().decode("latin-1")
        return client
    return server.client(server.key(scope))


def test_a_bound_key_captures_for_its_organisation_alone(server: Any, make: Any) -> None:
    http = server.client(server.key("write", make.carrier))
    own = http.post("/capture", json=make.document(make.event("bound")))
    assert own.status_code == 202
    assert own.json()["organisation"] == make.carrier
    assert http.post("/capture?organisation=carrier", json=make.document()).status_code == 202
    for other in ("orchard", make.orchard, "nobody"):
        assert http.post("/capture", params={"organisation": other}, json=make.document()).status_code == 403
    others = server.capture(make.document(make.event("others")))["captureID"]
    assert http.get(f"/capture/{others}").status_code == 404
    assert {job["organisation"] for job in http.get("/capture").json()} == {make.carrier}
    assert not any(event["organisation"]["uri"] == make.orchard for event in _events(http, "bound"))


def test_sealed_events_are_not_served_without_a_key(server: Any, make: Any) -> None:
    server.capture(make.document(make.event("mixed", eventID="urn:test:sealed")), make.orchard)
    server.capture(make.document(make.event("mixed", eventID="urn:test:open")), make.carrier)
    server.capture(make.document(make.mixing(["mixed"], "sealed-output")), make.orchard)
    server.settle()
    stranger, reader = server.client(), server.client(server.key("read"))
    seen = {event["event_id"]: event["commitment"] for event in _events(reader, "mixed")}
    assert len(seen) == 3
    shown = stranger.get("/trace/(01)09521000010017(10)mixed").json()
    assert [event["event_id"] for event in shown["events"]] == ["urn:test:open"]
    assert (shown["withheld"], shown["edges"], len(shown["items"])) == (True, [], 1)
    assert stranger.get("/trace/(01)09521000010017(10)sealed-output").json()["items"] == []
    assert stranger.get("/events/urn:test:open").status_code == 200
    assert stranger.get(f"/proofs/{seen['urn:test:open']}").status_code == 200
    for path in ("/events/urn:test:sealed", f"/events/{seen['urn:test:sealed']}", f"/proofs/{seen['urn:test:sealed']}"):
        assert stranger.get(path).status_code == 404
        assert reader.get(path).status_code == 200
    assert _events_of_proof(stranger.get("/proofs?item=(01)09521000010017(10)mixed")) == 1
    assert _events_of_proof(reader.get("/proofs?item=(01)09521000010017(10)mixed")) == 3
    assert stranger.get("/proofs?item=(01)09521000010017(10)sealed-output").status_code == 404


def test_an_open_server_takes_documents_from_everyone(serving: Any, make: Any) -> None:
    server = serving(access="open")
    stranger = server.client()
    answer = stranger.post("/capture?organisation=orchard", json=make.document(make.event("free")))
    assert answer.status_code == 202
    server.finished(answer.headers["location"])
    assert stranger.get("/trace/(01)09521000010017(10)free").json()["withheld"] is False
    assert len(_events(stranger, "free")) == 1
    assert stranger.get("/keys").status_code == 401
    assert server.client("lm_0123456789ab.c2VjcmV0").get("/capture").status_code == 401


def test_keys_are_shown_once(server: Any) -> None:
    made = server.operator.post("/keys", json={"scope": "read", "note": "an auditor"}).json()
    listed = {key["id"]: key for key in server.operator.get("/keys").json()}
    assert made.pop("key").startswith(f"lm_{made['id']}.")
    assert listed[made["id"]] == made
    assert server.operator.delete(f"/keys/{made['id']}").status_code == 204
    assert server.operator.delete(f"/keys/{made['id']}").status_code == 404


def _events(http: Any, lot: str) -> list[dict[str, Any]]:
    return list(http.get(f"/trace/(01)09521000010017(10){lot}").json()["events"])


def _events_of_proof(answer: Any) -> int:
    assert answer.status_code == 200, answer.text
    return len(answer.json()["events"])
