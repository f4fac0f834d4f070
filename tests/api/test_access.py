"""Who may do what: without a key, read, write, bound to an organisation, operator, revoked; and on an open server."""

from __future__ import annotations

from typing import Any

import pytest

ITEM = "(01)09521000010017(10)access"
CSV = {"content-type": "text/csv"}
REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "health": ("GET", "/health", {}),
    "start": ("GET", "/pages/start.json", {}),
    "organisations": ("GET", "/organisations", {}),
    "rpc": ("POST", "/rpc", {"json": {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"}}),
    "trace": ("GET", f"/trace/{ITEM}", {}),
    "quality": ("GET", f"/quality/{ITEM}", {}),
    "jobs": ("GET", "/capture", {}),
    "capture": ("POST", "/capture?organisation=orchard", {"json": "a document"}),
    "readings": ("POST", "/quality/readings", {"content": "a table", "headers": CSV}),
    "limits": ("POST", "/quality/limits", {"content": "a table", "headers": CSV}),
    "inspections": ("POST", "/quality/inspections", {"content": "a table", "headers": CSV}),
    "results": ("POST", "/quality/results", {"content": "a table", "headers": CSV}),
    "specifications": ("POST", "/quality/specifications", {"content": "a table", "headers": CSV}),
    "equipment": ("POST", "/quality/equipment", {"content": "a table", "headers": CSV}),
    "runs": ("POST", "/quality/runs", {"content": "a table", "headers": CSV}),
    "activities": ("POST", "/quality/activities", {"content": "a table", "headers": CSV}),
    "factors": ("POST", "/quality/factors", {"content": "a table", "headers": CSV}),
    "imports": ("GET", "/quality/imports", {}),
    "add organisation": ("POST", "/organisations", {"json": {}}),
    "keys": ("GET", "/keys", {}),
    "make key": ("POST", "/keys", {"json": {}}),
    "revoke key": ("DELETE", "/keys/nothing", {}),
}
#: 200 stands for: not refused
EVERYONE, READ, WRITE, OPERATOR = (
    {"health", "start", "organisations", "rpc", "trace", "quality"},
    {"jobs", "imports"},
    {"capture", "readings", "limits", "inspections", "results", "specifications", "equipment", "runs", "activities"}
    | {"factors"},
    {"add organisation", "keys", "make key", "revoke key"},
)
MAY = {
    "none": EVERYONE,
    "read": EVERYONE | READ,
    "write": EVERYONE | READ | WRITE,
    "operator": EVERYONE | READ | WRITE | OPERATOR,
}


@pytest.mark.parametrize("request_name", REQUESTS)
@pytest.mark.parametrize("scope", [*MAY, "revoked", "unknown", "malformed"])
def test_the_matrix(server: Any, scope: str, request_name: str) -> None:
    method, path, more = REQUESTS[request_name]
    answer = _client(server, scope).request(method, path, **more)
    if request_name in {"health", "start", "organisations", "rpc"}:
        assert answer.status_code == 200
    elif scope in ("revoked", "unknown", "malformed"):
        assert answer.status_code == 401
    elif request_name in MAY[scope]:
        assert answer.status_code not in (401, 403)
    else:
        assert answer.status_code == (401 if scope == "none" else 403)
        assert answer.json()["type"] == "epcisException:SecurityException"
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == "Bearer"


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
