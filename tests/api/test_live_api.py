"""Incidents, holds, rules, webhooks and the stream through the real application."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

GTIN = "https://id.gs1.org/01/09521000010017"
NOW = datetime.now(UTC)


def eventually(what: Callable[[], Any], seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def readings(server: Any, sensor: str, lot: str, *values: float, minutes: int = 0) -> None:
    rows = [
        f"{(NOW + timedelta(minutes=minutes, seconds=10 * n)).isoformat()},{sensor},{GTIN}/10/{lot},Temperature,{v},CEL"
        for n, v in enumerate(values)
    ]
    body = "\n".join(["time,sensor,item,quantity_kind,value,unit", *rows])
    answer = server.operator.post("/quality/readings", content=body, headers={"content-type": "text/csv"})
    assert answer.status_code == 200, answer.text


def live(server: Any, lot: str) -> list[Any]:
    params = {"live": True, "item": f"{GTIN}/10/{lot}"}
    return list(server.operator.get("/quality/incidents", params=params).json()["incidents"])


@pytest.fixture(scope="module")
def ruled(server: Any) -> Any:
    rule = {"name": "cold", "kind": "specification", "quantity_kind": "Temperature", "high": 5, "unit": "CEL"}
    assert server.operator.post("/quality/rules", json=rule).status_code == 201
    eventually(lambda: server.client().get("/health").json()["live"]["rules"])
    return server


def test_an_incident_from_opening_to_closing(ruled: Any) -> None:
    readings(ruled, "s1", "L1", 4, 6, 7)
    (incident,) = eventually(lambda: live(ruled, "L1"))
    assert (incident["state"], incident["count"], incident["severity"]) == ("active_unacknowledged", 2, "major")
    assert incident["evidence"]["worst"]["value"] == 7
    base = f"/quality/incidents/{incident['id']}"
    assert ruled.operator.post(f"{base}/acknowledge").json()["state"] == "active_acknowledged"
    owned = ruled.operator.post(f"{base}/owner", json={"owner": "Ann", "due_at": "2026-06-01T08:00:00Z"}).json()
    assert (owned["owner"], owned["due_at"]) == ("Ann", "2026-06-01T08:00:00.000Z")
    readings(ruled, "s1", "L1", 8, minutes=1)
    eventually(lambda: ruled.operator.get(base).json()["count"] == 3)
    closing = {"cause_code": "door", "corrective_action": "Shut it."}
    closed = ruled.operator.post(f"{base}/close", json=closing).json()
    assert (closed["state"], closed["cause_code"], closed["closed_by"]) == ("cleared_acknowledged", "door", "operator")
    assert ruled.operator.post(f"{base}/close", json=closing).status_code == 409
    readings(ruled, "s1", "L1", 9, minutes=2)
    (again,) = eventually(lambda: live(ruled, "L1"))
    assert again["id"] != incident["id"]
    readings(ruled, "s1", "L1", 3, minutes=3)
    eventually(lambda: not live(ruled, "L1"))


def test_a_silent_sensor_is_told_by_the_clock(ruled: Any) -> None:
    rule = {"name": "silent", "kind": "missing", "seconds": 1.0, "sensor": "quiet"}
    assert ruled.operator.post("/quality/rules", json=rule).status_code == 201
    eventually(lambda: ruled.client().get("/health").json()["live"]["rules"] == 2)
    at = datetime.now(UTC)
    row = f"{at.isoformat()},quiet,{GTIN}/10/QUIET,Temperature,4,CEL"
    body = f"time,sensor,item,quantity_kind,value,unit\n{row}\n"
    ruled.operator.post("/quality/readings", content=body, headers={"content-type": "text/csv"})

    def silent(live: bool) -> list[Any]:
        params = {"live": live, "kind": "missing"}
        return list(ruled.operator.get("/quality/incidents", params=params).json()["incidents"])

    (incident,) = eventually(lambda: silent(True))
    due = datetime.fromisoformat(incident["opened_at"])
    assert timedelta(seconds=0.9) < due - at < timedelta(seconds=1.1)
    again = body.replace(at.isoformat(), datetime.now(UTC).isoformat())
    ruled.operator.post("/quality/readings", content=again, headers={"content-type": "text/csv"})
    eventually(lambda: any(one["id"] == incident["id"] for one in silent(False)))
    assert ruled.operator.delete("/quality/rules/silent").status_code == 204
    eventually(lambda: ruled.client().get("/health").json()["live"]["rules"] == 1)


def test_pages(ruled: Any) -> None:
    for number in range(5):
        readings(ruled, f"p{number}", "PAGE", 9)
    eventually(lambda: len(live(ruled, "PAGE")) == 5)
    seen, before = [], None
    while True:
        params = {"limit": 2, "item": f"{GTIN}/10/PAGE"} | ({"before": before} if before else {})
        page = ruled.operator.get("/quality/incidents", params=params).json()
        seen += [one["sensor"] for one in page["incidents"]]
        before = page["next"]
        if before is None:
            break
    assert seen == ["p4", "p3", "p2", "p1", "p0"]
    assert ruled.operator.get("/quality/incidents", params={"kind": "forecast"}).json()["incidents"] == []


def test_removing_a_rule_clears_what_it_found(ruled: Any) -> None:
    rule = {"name": "odd name ü", "kind": "rate", "quantity_kind": "Temperature", "rate": 10, "over": 10}
    assert ruled.operator.post("/quality/rules", json=rule).status_code == 201
    assert ruled.operator.post("/quality/rules", json=rule).status_code == 409
    eventually(lambda: ruled.client().get("/health").json()["live"]["rules"] == 2)
    readings(ruled, "r1", "RATE", 1, 4)
    (incident,) = eventually(lambda: live(ruled, "RATE"))
    assert incident["kind"] == "rate"
    assert ruled.operator.delete("/quality/rules/odd%20name%20%C3%BC").status_code == 204
    assert not live(ruled, "RATE")
    assert ruled.operator.delete("/quality/rules/odd%20name%20%C3%BC").status_code == 404


def test_who_may_do_what(ruled: Any) -> None:
    anyone, reader, writer = ruled.client(), ruled.client(ruled.key("read")), ruled.client(ruled.key("write"))
    paths = ("incidents", "holds", "rules", "stream", "dead-letters")
    assert {anyone.get(f"/quality/{path}").status_code for path in paths} == {401}
    assert reader.post("/quality/rules", json={"name": "x", "kind": "missing", "seconds": 5}).status_code == 403
    assert reader.post("/quality/holds", json={"item": f"{GTIN}/10/X", "reason": "no"}).status_code == 403
    assert writer.get("/quality/webhooks").status_code == 403
    assert writer.post("/quality/webhooks", json={"url": "http://10.0.0.1/"}).status_code == 403


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x/", "http://", "http://user:word@x/", "nonsense", "http://x/#y"]
)
def test_webhooks_that_are_refused(ruled: Any, url: str) -> None:
    answer = ruled.operator.post("/quality/webhooks", json={"url": url})
    assert answer.status_code == 400, answer.text
    assert answer.json()["problems"][0]["where"] == "/url"


def test_a_hold_is_shown_in_every_trace(server: Any, make: Any) -> None:
    server.capture(make.document(make.event("H1"), make.event("H2"), make.mixing(["H1", "H2"], "H3")))
    assert server.operator.get(f"/trace/{GTIN}/10/H3").json()["holds"] == []
    new = {"item": "(01)09521000010017(10)H1", "reason": "Above 5 °C.", "cause_code": "cooling"}
    placed = server.operator.post("/quality/holds", json=new)
    assert placed.status_code == 201, placed.text
    assert server.operator.post("/quality/holds", json=new).status_code == 409
    for lot, direction in (("H1", "forward"), ("H3", "forward"), ("H3", "both"), ("H2", "forward")):
        (hold,) = server.operator.get(f"/trace/{GTIN}/10/{lot}?direction={direction}").json()["holds"]
        assert hold["held_by"] == f"{GTIN}/10/H1"
        assert f"{GTIN}/10/H3" in hold["items"]
        assert f"{GTIN}/10/H2" not in hold["items"]
    assert server.operator.get(f"/trace/{GTIN}/10/H2?direction=backward").json()["holds"] == []
    (hold,) = server.operator.get(f"/quality/{GTIN}/10/H3").json()["holds"]
    assert hold["reason"] == "Above 5 °C."
    assert server.client().get(f"/trace/{GTIN}/10/H3").json()["holds"] == []  # all of it is sealed
    released = server.operator.post(
        f"/quality/holds/{hold['id']}/release", json={"reason": "The laboratory cleared it."}
    )
    assert released.json()["released_by"] == "operator"
    assert server.operator.get(f"/trace/{GTIN}/10/H3").json()["holds"] == []
    assert server.operator.get("/quality/holds", params={"live": False}).json()["holds"][0]["id"] == hold["id"]


def test_a_hold_on_open_goods_is_for_everyone(server: Any, make: Any) -> None:
    server.capture(make.document(make.event("OPEN1")), organisation=make.carrier)
    server.operator.post("/quality/holds", json={"item": f"{GTIN}/10/OPEN1", "reason": "recalled"})
    (hold,) = server.client().get(f"/trace/{GTIN}/10/OPEN1").json()["holds"]
    assert hold["reason"] == "recalled"


@contextmanager
def stream(server: Any, after: int | None = None) -> Iterator[Iterator[dict[str, Any]]]:
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    with server.operator.stream("GET", "/quality/stream", headers=headers, timeout=30) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")

        def events() -> Iterator[dict[str, Any]]:
            event: dict[str, Any] = {}
            for line in answer.iter_lines():
                if line.startswith(("id: ", "event: ", "data: ")):
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif not line and "event" in event:
                    yield event
                    event = {}

        yield events()


def test_followers_are_told_and_resume(ruled: Any) -> None:
    with stream(ruled) as events:
        time.sleep(0.3)  # a follower without an id begins when it is answered
        readings(ruled, "st", "STREAM", 6)
        first = next(events)
        assert first["event"] == "incident.opened"
        incident = json.loads(first["data"])
        ruled.operator.post(f"/quality/incidents/{incident['id']}/acknowledge")
        assert next(events)["event"] == "incident.acknowledged"
    readings(ruled, "st", "STREAM", 4, minutes=1)
    eventually(lambda: not live(ruled, "STREAM"))
    with stream(ruled, after=int(first["id"])) as events:
        assert [next(events)["event"] for _ in range(2)] == ["incident.acknowledged", "incident.cleared"]
    with stream(ruled, after=10**9) as events:
        assert next(events)["event"] == "reset"


def test_a_stream_ends_with_its_key(ruled: Any) -> None:
    key = ruled.key("read")
    with ruled.client(key).stream("GET", "/quality/stream", timeout=30) as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith("retry")
        time.sleep(0.3)
        assert ruled.operator.delete(f"/keys/{key.partition('.')[0].removeprefix('lm_')}").is_success
        readings(ruled, "key", "REVOKED", 6)
        assert "".join(lines) == ""
    assert live(ruled, "REVOKED")


class Receiver(ThreadingHTTPServer):
    """Takes deliveries; fails the first `failing` of them, or hangs."""

    daemon_threads = True

    def __init__(self, failing: int = 0, hangs: bool = False, to: str = "", endless: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.failing, self.hangs, self.released = failing, hangs, threading.Event()
        self.to, self.endless = to, endless
        self.taken: list[tuple[dict[str, str], bytes]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.server.hangs:
            self.server.released.wait(30)
        if self.server.to:
            self.server.taken.append((dict(self.headers), body))
            self.send_response(307)
            self.send_header("location", self.server.to)
        elif self.server.endless:
            self.server.taken.append((dict(self.headers), body))
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while not self.server.released.is_set():
                    self.wfile.write(b"x" * 65536)
            return
        elif self.server.failing > 0:
            self.server.failing -= 1
            self.send_response(503)
        else:
            self.server.taken.append((dict(self.headers), body))
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver(request: pytest.FixtureRequest) -> Iterator[Callable[..., Receiver]]:
    made: list[Receiver] = []

    def make(**options: Any) -> Receiver:
        made.append(Receiver(**options))
        return made[-1]

    yield make
    for one in made:
        one.released.set()
        one.shutdown()
        one.server_close()


def test_webhooks_are_told_in_order_although_some_fail_or_hang(ruled: Any, receiver: Any) -> None:
    failing, hanging = receiver(failing=2), receiver(hangs=True)
    hooks = [ruled.operator.post("/quality/webhooks", json={"url": one.url}).json() for one in (failing, hanging)]
    try:
        for value in (6, 4, 7, 3):
            readings(ruled, "wh", "HOOK", value, minutes=value if value > 4 else 10 + value)
        for number, value in enumerate((6, 4, 7, 3)):
            readings(ruled, "wh2", "HOOK2", value, minutes=number)
            eventually(lambda value=value: bool(live(ruled, "HOOK2")) == (value > 5))
        eventually(lambda: len(failing.taken) >= 5, 30)
        numbers = [json.loads(body)["id"] for _, body in failing.taken]
        assert numbers == sorted(set(numbers))
        headers, body = failing.taken[0]
        seconds, _, digest = headers["Lotmark-Signature"].removeprefix("t=").partition(",v1=")
        expected = hmac.new(hooks[0]["secret"].encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
        assert digest == expected
        assert abs(int(seconds) - time.time()) < 60

        def waiting() -> dict[str, int]:
            return {one["url"]: one["waiting"] for one in ruled.operator.get("/quality/webhooks").json()}

        eventually(lambda: waiting()[failing.url] == 0)
        assert waiting()[hanging.url] >= 5
        shown = ruled.operator.get("/quality/webhooks").text
        assert hooks[0]["secret"] not in shown
    finally:
        for hook in hooks:
            assert ruled.operator.delete(f"/quality/webhooks/{hook['id']}").status_code == 204


def test_a_webhook_that_redirects_or_never_stops_answering(ruled: Any, receiver: Any) -> None:
    target, endless = receiver(), receiver(endless=True)
    redirecting = receiver(to=target.url)
    hooks = [ruled.operator.post("/quality/webhooks", json={"url": one.url}).json() for one in (redirecting, endless)]
    try:
        readings(ruled, "rd", "REDIRECT", 6)

        def told() -> dict[str, Any]:
            return {one["url"]: one for one in ruled.operator.get("/quality/webhooks").json()}

        eventually(lambda: told()[redirecting.url]["last_error"] == "answered 307")
        eventually(lambda: endless.taken and told()[endless.url]["waiting"] == 0)
        assert told()[redirecting.url]["waiting"] == 1
        assert target.taken == []
    finally:
        for hook in hooks:
            assert ruled.operator.delete(f"/quality/webhooks/{hook['id']}").status_code == 204


def test_the_stream_ends_with_the_server(serving: Any) -> None:
    server = serving()
    with httpx.Client(base_url=server.url, trust_env=False, timeout=5) as http:
        headers = {"Authorization": f"Bearer {server.token}"}
        with http.stream("GET", "/quality/stream", headers=headers) as answer:
            assert next(answer.iter_lines()).startswith("retry")
