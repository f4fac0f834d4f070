"""A workshop for recording: a store, a chain with the contracts, two organisations with their keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ledger.batch import Domain, organisation_id, signer_address
from ledger.capture import CapturedEvent, capture
from ledger.chain import Chain, connect
from ledger.chain.contracts import Deployment, deploy, register_organisation
from ledger.errors import ChainUnavailable
from ledger.events import StandaloneEvent
from ledger.recording import Limits, Progress, Recorder
from ledger.store import Store, events, organisations
from ledger.store.organisations import Organisation
from ledger.store.states import State

CARRIER = b"\x11" * 32
MAKER_URI, OTHER_URI = "https://id.gs1.org/417/9506000134352", "urn:other"
MAKER, OTHER = organisation_id(MAKER_URI), organisation_id(OTHER_URI)
_serial = iter(range(10**9))


def body(**fields: Any) -> dict[str, Any]:
    return {
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "ObjectEvent",
        "eventTime": "2026-03-01T08:15:00Z",
        "eventTimeZoneOffset": "+01:00",
        "action": "OBSERVE",
        "epcList": [f"urn:epc:id:sgtin:9506000.013435.{next(_serial)}"],
    } | fields


@dataclass
class Keys:
    """Unlocked keys by organisation; b"" is the carrier."""

    held: dict[bytes, list[bytes]] = field(
        default_factory=lambda: {b"": [CARRIER], MAKER: [b"\x22" * 32], OTHER: [b"\x33" * 32]}
    )

    def addresses(self, organisation: bytes) -> list[bytes]:
        return [signer_address(key) for key in self.held.get(organisation, [])]

    def unlocked(self, address: bytes) -> bytes | None:
        return next((key for keys in self.held.values() for key in keys if signer_address(key) == address), None)


@dataclass
class Workshop:
    store: Store
    chain: Chain
    deployment: Deployment
    keys: Keys = field(default_factory=Keys)
    limits: Limits = field(default_factory=Limits)

    @property
    def domain(self) -> Domain:
        return Domain(self.chain.chain_id, self.deployment.ledger)

    def recorder(self, chain: Chain | None = None) -> Recorder:
        return Recorder(self.store, chain or self.chain, self.deployment, self.keys, self.limits)

    def capture(self, *bodies: dict[str, Any], by: bytes = MAKER, is_open: bool = False) -> list[CapturedEvent]:
        events_ = [StandaloneEvent(index, "", one) for index, one in enumerate(bodies)]
        return capture(self.store, by, events_, is_open=is_open).new

    def states(self) -> dict[str, int]:
        with self.store.read() as connection:
            return {state: count for state, count in events.counts_by_state(connection).items() if count}

    def state_of(self, event: CapturedEvent) -> State:
        with self.store.read() as connection:
            stored = events.by_commitment(connection, event.commitment)
        assert stored is not None
        return stored.state

    def mine(self, count: int = 1) -> None:
        self.chain.make_request("anvil_mine", [hex(count)])

    def reorganise(self, depth: int) -> None:
        """Replace the last `depth` blocks by empty ones."""
        response = self.chain.make_request("anvil_reorg", [depth, []])
        assert "error" not in response, response

    def settle(self, *, rounds: int = 50) -> Progress:
        """Rounds until nothing is under way."""
        recorder = self.recorder()
        for _ in range(rounds):
            progress = recorder.step()
            if progress.is_settled:
                return progress
        raise AssertionError(f"not settled after {rounds} rounds: {progress}")


def prepare_store(directory: Path) -> Store:
    store = Store.open(directory)
    with store.begin() as connection:
        organisations.put(connection, Organisation(MAKER, MAKER_URI, "Maker", custodial=True))
        organisations.put(connection, Organisation(OTHER, OTHER_URI, "Other", custodial=True))
    return store


def deploy_contracts(chain: Chain) -> Deployment:
    deployment = deploy(chain, CARRIER)
    keys = Keys()
    for uri, organisation in ((MAKER_URI, MAKER), (OTHER_URI, OTHER)):
        [address] = keys.addresses(organisation)
        register_organisation(chain, deployment.registry, CARRIER, uri, address)
    return deployment


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """On an embedded chain, where every block is final at once."""
    chain = connect("embedded", path=tmp_path / "chain.sqlite", carrier=signer_address(CARRIER))
    store = prepare_store(tmp_path / "store")
    yield Workshop(store, chain, deploy_contracts(chain))
    store.close()
    chain.close()


@pytest.fixture
def finality_depth() -> int:
    """After how many further blocks a node's block is final."""
    return 4


@pytest.fixture
def node_workshop(anvil_url: str, finality_depth: int, tmp_path: Path) -> Iterator[Workshop]:
    chain = connect(anvil_url, finality_depth=finality_depth)
    chain.make_request("anvil_setBalance", ["0x" + signer_address(CARRIER).hex(), hex(10**21)])
    store = prepare_store(tmp_path / "store")
    yield Workshop(store, chain, deploy_contracts(chain))
    store.close()
    chain.close()


@pytest.fixture
def faulty() -> type[Faulty]:
    return Faulty


class Faulty:
    """A chain whose `send_raw` fails as told: 'refuse' before the node has it, 'lose' after."""

    def __init__(self, chain: Chain, *faults: str) -> None:
        self._chain = chain
        self.faults = list(faults)
        self.sent: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chain, name)

    def send_raw(self, raw: bytes) -> bytes:
        fault = self.faults.pop(0) if self.faults else ""
        self.sent.append(raw)
        if fault == "refuse":
            raise ChainUnavailable("refused by the test")
        hash_ = self._chain.send_raw(raw)
        if fault == "lose":
            raise ChainUnavailable("the answer was lost by the test")
        return hash_
