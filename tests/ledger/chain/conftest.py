"""Both kinds of chain, each with the two contracts deployed and a funded carrier."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.chain import Chain, connect
from ledger.chain.contracts import Deployment, deploy
from ledger.chain.transactions import address_of


@dataclass(frozen=True)
class Site:
    chain: Chain
    carrier_key: bytes
    deployment: Deployment

    @property
    def carrier(self) -> bytes:
        return address_of(self.carrier_key)

    @property
    def registry(self) -> bytes:
        return self.deployment.registry

    @property
    def ledger(self) -> bytes:
        return self.deployment.ledger


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    key = secrets.token_bytes(32)
    path: Path = tmp_path_factory.mktemp("chain") / "chain.sqlite"
    chain = connect("embedded", path=path, carrier=address_of(key))
    yield Site(chain, key, deploy(chain, key))
    chain.close()


@pytest.fixture(scope="module")
def anvil(anvil_url: str) -> Site:
    key = secrets.token_bytes(32)
    chain = connect(anvil_url)
    chain.make_request("anvil_setBalance", ["0x" + address_of(key).hex(), hex(10**21)])
    return Site(chain, key, deploy(chain, key))


@pytest.fixture(scope="module", params=["embedded", "anvil"])
def site(request: pytest.FixtureRequest) -> Site:
    """A chain with the contracts, of either kind."""
    found: Site = request.getfixturevalue(request.param)
    return found
