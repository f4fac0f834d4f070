"""A real server over a real home on the embedded chain, and documents to send to it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import demo_home
from api.server import running
from ledger.home import Settings
from ledger.ledger import Ledger

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
ORCHARD = "https://id.gs1.org/417/9521000000001"
CARRIER = "https://carrier.example/"
PLACE = "https://id.gs1.org/414/9521000000018"
GTIN = "https://id.gs1.org/01/09521000010017"


class Make:
    """Documents and events, valid unless told otherwise."""

    orchard, carrier, place, gtin = ORCHARD, CARRIER, PLACE, GTIN

    @staticmethod
    def event(lot: str = "L1", **fields: Any) -> dict[str, Any]:
        return {
            "type": "ObjectEvent",
            "eventTime": "2026-06-01T05:12:00Z",
            "eventTimeZoneOffset": "+02:00",
            "action": "OBSERVE",
            "bizStep": "inspecting",
            "bizLocation": {"id": PLACE},
            "quantityList": [{"epcClass": f"{GTIN}/10/{lot}", "quantity": 5, "uom": "KGM"}],
        } | fields

    @classmethod
    def document(cls, *events: dict[str, Any]) -> dict[str, Any]:
        return {
            "@context": [CONTEXT],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-06-01T06:00:00Z",
            "epcisBody": {"eventList": list(events) or [cls.event()]},
        }

    @classmethod
    def mixing(cls, inputs: list[str], output: str) -> dict[str, Any]:
        return {
            "type": "TransformationEvent",
            "eventTime": "2026-06-02T05:12:00Z",
            "eventTimeZoneOffset": "+02:00",
            "bizStep": "creating_class_instance",
            "bizLocation": {"id": PLACE},
            "inputQuantityList": [{"epcClass": f"{GTIN}/10/{lot}", "quantity": 5, "uom": "KGM"} for lot in inputs],
            "outputQuantityList": [{"epcClass": f"{GTIN}/10/{output}", "quantity": 9, "uom": "KGM"}],
        }


@dataclass(slots=True)
class Server:
    """A server under test, and clients of it."""

    url: str
    token: str = field(repr=False)
    _open: ExitStack
    home: Path
    _operator: httpx.Client | None = None

    @property
    def operator(self) -> httpx.Client:
        if self._operator is None:
            self._operator = self.client(self.token)
        return self._operator

    def client(self, key: str | None = None) -> httpx.Client:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        # no certificates are needed, and loading them takes longer than most tests
        client = httpx.Client(base_url=self.url, headers=headers, timeout=60, trust_env=False, verify=False)
        return self._open.enter_context(client)

    def key(self, scope: str, organisation: str | None = None) -> str:
        made = self.operator.post("/keys", json={"scope": scope, "organisation": organisation})
        assert made.status_code == 201, made.text
        return str(made.json()["key"])

    def capture(self, document: Any, organisation: str = ORCHARD, **params: str) -> dict[str, Any]:
        """Capture, and wait until the job is finished."""
        http = self.operator
        answer = http.post("/capture", json=document, params={"organisation": organisation, **params})
        assert answer.status_code == 202, answer.text
        return self.finished(answer.headers["location"])

    def finished(self, location: str) -> dict[str, Any]:
        http, deadline = self.operator, time.monotonic() + 20
        while (job := http.get(location).json())["running"]:
            assert time.monotonic() < deadline, job
            time.sleep(0.02)
        return dict(job)

    def settle(self) -> dict[str, int]:
        """Wait until every event is final; how many events are in each state."""
        http, deadline = self.operator, time.monotonic() + 30
        while True:
            health = http.get("/health").json()
            counts = dict(health["events"])
            if not health["jobs"]["unfinished"] and sum(counts.values()) == counts["final"]:
                return counts
            assert time.monotonic() < deadline, health
            time.sleep(0.05)


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Serve a new home with the organisations `orchard` (sealed) and `carrier` (open), under these settings."""
    with ExitStack() as stack:

        def start(**settings: Any) -> Server:
            home: Path = tmp_path_factory.mktemp("served") / "home"
            chosen = Settings(**({"batch_seconds": 0.05} | settings))
            Ledger.create(home, chosen)
            note = stack.enter_context(running(home, chosen))
            server = Server(note.url, note.token, stack.enter_context(ExitStack()), home)
            for uri, name, policy in ((ORCHARD, "orchard", "sealed"), (CARRIER, "carrier", "open")):
                new = {"uri": uri, "name": name, "company_prefixes": ["9521000"], "policy": policy}
                assert server.operator.post("/organisations", json=new).status_code == 201
            return server

        yield start


@pytest.fixture(scope="module")
def server(serving: Callable[..., Server]) -> Server:
    """One server for a module, that asks for keys and takes documents up to 200,000 bytes."""
    return serving(max_document_bytes=200_000)


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration, served to those with a key; whoever changes it puts it back."""
    home, settings = tmp_path_factory.mktemp("shown") / "home", Settings()
    Ledger.create(home, settings)
    with Ledger.open(home, settings) as ledger:
        demo_home.fill(ledger, lambda what, done, total: None)
    with running(home, settings) as note, ExitStack() as clients:
        (home / "server.json").write_text(json.dumps(asdict(note)))  # so that commands find it
        yield Server(note.url, note.token, clients, home)


@pytest.fixture
def raw() -> Callable[[Any], bytes]:
    """JSON text as bytes, with what Python's encoder takes and JSON does not."""
    return lambda value: json.dumps(value).encode()
