"""Organisations over HTTP: made with a key, registered on the chain, also while the same account carries records."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any


def test_adding_again_brings_up_to_date(server: Any) -> None:
    new = {"uri": "urn:epc:id:pgln:9521000.00002", "name": "press", "company_prefixes": ["9521000"]}
    first = server.operator.post("/organisations", json=new)
    assert first.status_code == 201
    made = first.json()
    assert made["uri"].startswith("https://id.gs1.org/417/")
    assert (made["custodial"], made["policy"], len(made["keys"])) == (True, "sealed", 1)
    again = server.operator.post("/organisations", json=new | {"name": "cider press", "policy": "open"}).json()
    assert again == made | {"name": "cider press", "policy": "open"}
    assert again in server.client().get("/organisations").json()


def test_registering_while_recording(server: Any, make: Any) -> None:
    def add(number: int) -> int:
        server.capture(make.document(make.event(f"busy-{number}")))
        new = {"uri": f"urn:example:busy:{number}", "name": f"busy {number}"}
        return int(server.operator.post("/organisations", json=new).status_code)

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(add, range(18))) == [201] * 18
    server.settle()
    for number in range(18):
        server.capture(make.document(make.event(f"theirs-{number}")), f"urn:example:busy:{number}")
    server.settle()
