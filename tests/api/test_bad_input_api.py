"""What is wrong in a request is said, with its place, and leaves nothing half-done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

HEADERS = {"content-type": "application/json"}


def _text(make: Any, old: str, new: str) -> bytes:
    return json.dumps(make.document(make.event("bad"))).replace(old, new, 1).encode()


BAD: dict[str, tuple[Callable[[Any], bytes], str]] = {
    "truncated": (lambda make: json.dumps(make.document()).encode()[:-20], "ends in the middle"),
    "empty": (lambda make: b"", "empty"),
    "wrong type": (lambda make: _text(make, '"ObjectEvent"', '"BananaEvent"'), "BananaEvent"),
    "type is a number": (lambda make: _text(make, '"ObjectEvent"', "7"), "type"),
    "a list": (lambda make: b"[]", "list"),
    "a string": (lambda make: b'"x"', "text"),
    "duplicate key": (lambda make: _text(make, '"action"', '"action": "ADD", "action"'), "twice"),
    "NaN": (lambda make: _text(make, '"quantity": 5', '"quantity": NaN'), "NaN"),
    "1e400": (lambda make: _text(make, '"quantity": 5', '"quantity": 1e400'), "1e400"),
    "inexact number": (lambda make: _text(make, '"quantity": 5', '"quantity": 9007199254740993'), "9007199254740993"),
    "50,000 digits": (lambda make: _text(make, '"quantity": 5', '"quantity": ' + "9" * 50_000), "would change"),
    "lone surrogate": (lambda make: _text(make, '"inspecting"', '"\\ud800"'), "surrogate"),
    "surrogate in bytes": (lambda make: _text(make, "inspecting", "x").replace(b'"x"', b'"\xed\xb2\x80"'), "UTF-8"),
    "not UTF-8": (lambda make: _text(make, "inspecting", "x").replace(b'"x"', b'"\xff"'), "UTF-8"),
    "deep nesting": (lambda make: b"[" * 100_000, "nested"),
    "deep nesting of objects": (lambda make: b'{"a":' * 30_000 + b"1" + b"}" * 30_000, "nested"),
    "time without zone": (lambda make: _text(make, "05:12:00Z", "05:12:00"), "zone"),
    "impossible offset": (lambda make: _text(make, '"+02:00"', '"+25:00"'), "offset"),
    "bad check digit": (lambda make: _text(make, "9521000000018", "9521000000017"), "check digit"),
    "no events": (lambda make: _text(make, '"eventList"', '"eventlist"'), "eventList"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_half_done(server: Any) -> Iterator[None]:
    def kept() -> Any:
        health = server.operator.get("/health").json()
        return health["events"], health["jobs"], server.operator.get("/capture").json()

    before = kept()
    yield
    assert kept() == before


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("behaviour", ["rollback", "proceed"])
def test_bad_documents(server: Any, make: Any, name: str, behaviour: str) -> None:
    build, expected = BAD[name]
    answer = server.operator.post(
        "/capture",
        content=build(make),
        headers=HEADERS | {"GS1-Capture-Error-Behaviour": behaviour},
        params={"organisation": make.orchard},
    )
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "epcisException:ValidationException"
    assert expected in problem["detail"], problem["detail"]
    assert problem["problems"][0]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/xml"},
        {"content-type": "text/json"},
        {"content-type": ""},
        HEADERS | {"content-encoding": "gzip"},
    ],
)
def test_unsupported_media_types(server: Any, make: Any, headers: dict[str, str]) -> None:
    answer = server.operator.post(
        "/capture", content=json.dumps(make.document()), headers=headers, params={"organisation": make.orchard}
    )
    assert answer.status_code == 415
    assert answer.json()["type"] == "epcisException:UnsupportedMediaTypeException"


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size", [200_001, 50_000_000])
def test_too_large(server: Any, make: Any, size: int, chunked: bool) -> None:
    def chunks() -> Iterator[bytes]:
        left = size
        while left:
            yield b" " * min(left, 1 << 20)
            left -= min(left, 1 << 20)

    answer = server.operator.post(
        "/capture",
        content=chunks() if chunked else b" " * size,
        headers=HEADERS,
        params={"organisation": make.orchard},
    )
    assert answer.status_code == 413
    assert answer.headers["GS1-EPCIS-Capture-File-Size-Limit"] == "200000"
    assert answer.json()["type"] == "epcisException:CaptureLimitExceededException"
    assert "200,000" in answer.json()["detail"]


@pytest.mark.parametrize("chunked", [False, True])
def test_as_large_as_may_be(server: Any, chunked: bool) -> None:
    body = b" " * 200_000
    answer = server.operator.post(
        "/capture?organisation=orchard", content=iter([body]) if chunked else body, headers=HEADERS
    )
    assert answer.status_code == 400
    assert "empty" in answer.json()["detail"]


READINGS = "time,sensor,item,quantity_kind,value,unit\n"
INSPECTIONS = "time,item,characteristic,passed\n"


@pytest.mark.parametrize(
    ("path", "csv", "where"),
    [
        ("readings", "time,sensor,quantity_kind,value\n", "unit"),
        ("readings", READINGS + "2026-06-01T06:00:00Z,s,urn:a:b,Temperature,warm,CEL\n", "line 2"),
        ("readings", READINGS + "2026-06-01T06:00:00Z,s,urn:a:b,Temperature,4,BANANA\n", "BANANA"),
        ("readings", READINGS + "2026-06-01T06:00:00,s,urn:a:b,Temperature,4,CEL\n", "zone"),
        ("readings", "", "column"),
        ("inspections", INSPECTIONS + "2026-06-01T06:00:00Z,(01)09521000010018,x,yes\n", "check digit"),
        ("limits", "item,quantity_kind,low,high,unit\n,Temperature,5,1,CEL\n", "above"),
    ],
)
def test_bad_tables(server: Any, path: str, csv: str, where: str) -> None:
    answer = server.operator.post(f"/quality/{path}", content=csv, headers={"content-type": "text/csv"})
    assert answer.status_code == 400, answer.text
    assert where in answer.text


@pytest.mark.parametrize("item", ["(01)09506000134353", "no%20item", "", "(99)1", "%FF", "9" * 3000])
@pytest.mark.parametrize("endpoint", ["trace", "quality"])
def test_bad_identifiers(server: Any, endpoint: str, item: str) -> None:
    answer = server.operator.get(f"/{endpoint}/{item}")
    assert answer.status_code == 400, answer.text
    assert answer.json()["problems"][0]["message"]


@pytest.mark.parametrize(
    "path", ["/events/urn:uuid:nobody", "/events/0x" + "00" * 32, "/proofs/0x" + "00" * 32, "/nope"]
)
def test_unknown_things(server: Any, path: str) -> None:
    answer = server.operator.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("commitment", ["0x12", "12", "0x" + "g" * 64, "x" * 64, "%F0%9F%8D%8E"])
def test_what_is_no_commitment(server: Any, commitment: str) -> None:
    assert server.operator.get(f"/proofs/{commitment}").status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"{}", b'{"scope": "admin"}', b'{"scope": "read", "scope": "write"}', b'{"scope": 1}',
        b'{"scope": "read", "note": "\\ud800"}', b'{"scope": "read", "more": 1}', b'{"scope": NaN}',
        b'{"scope": "read", "organisation": "nobody"}',
    ],
)  # fmt: skip
def test_bad_small_bodies(server: Any, body: bytes) -> None:
    answer = server.operator.post("/keys", content=body, headers=HEADERS)
    assert answer.status_code == 400, answer.text
    assert server.operator.post("/keys", content=body + b" " * 70_000, headers=HEADERS).status_code == 413


@pytest.mark.parametrize(
    "new",
    [
        {"uri": "not a uri", "name": "x"},
        {"uri": "https://id.gs1.org/417/9521000000002", "name": "x"},
        {"uri": "urn:x:y", "name": ""},
        {"uri": "urn:x:y", "name": "x", "company_prefixes": ["12x4"]},
        {"uri": "urn:x:y", "name": "x", "policy": "secret"},
    ],
)
def test_bad_organisations(server: Any, new: dict[str, Any]) -> None:
    before = server.operator.get("/organisations").json()
    assert server.operator.post("/organisations", json=new).status_code == 400
    assert server.operator.get("/organisations").json() == before


@pytest.mark.parametrize(
    "query",
    ["direction=sideways", "depth=-1", "depth=x", "limit=0", "limit=1e9", "quality=perhaps", "depth=" + "9" * 5000],
)
def test_bad_parameters(server: Any, query: str) -> None:
    answer = server.operator.get(f"/trace/(01)09521000010017(10)L1?{query}")
    assert answer.status_code == 400
    assert answer.json()["type"] == "epcisException:QueryParameterException"
    assert "QUERY" in answer.json()["detail"].upper()
