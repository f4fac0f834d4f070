"""A chain that is not the home's own is refused, and the refusal says what differs."""

from __future__ import annotations

import dataclasses
import secrets

import pytest

from ledger.chain import connect
from ledger.chain.contracts import deploy
from ledger.chain.guard import check, identify
from ledger.chain.transactions import address_of
from ledger.errors import WrongChain


def test_same_chain_passes(site):
    identity = identify(site.chain, site.ledger)
    assert identity.registry == site.registry
    assert identity.code_hash == site.deployment.ledger_code_hash
    check(site.chain, identity)


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("chain_id", 1, "chain id"),
        ("genesis_hash", bytes(32), "first block"),
        ("code_hash", bytes(32), "ledger's code"),
        ("registry", bytes(20), "registry"),
        ("ledger", bytes(20), "no contract"),
    ],
)
def test_difference_is_named(site, field, value, named):
    identity = dataclasses.replace(identify(site.chain, site.ledger), **{field: value})
    with pytest.raises(WrongChain, match=named) as caught:
        check(site.chain, identity)
    assert caught.value.problem.advice


def test_node_is_not_the_embedded_chain(embedded, anvil):
    with pytest.raises(WrongChain, match="chain id"):
        check(anvil.chain, identify(embedded.chain, embedded.ledger))


def test_homes_with_the_same_carrier_differ(tmp_path):
    """Same carrier, so the contracts have the same addresses and code on both."""
    key = secrets.token_bytes(32)
    chains = [connect("embedded", path=tmp_path / f"{n}.sqlite", carrier=address_of(key)) for n in range(2)]
    first, second = (deploy(chain, key) for chain in chains)
    assert first == second
    with pytest.raises(WrongChain, match="first block"):
        check(chains[1], identify(chains[0], first.ledger))
    for chain in chains:
        chain.close()


def test_no_ledger_has_no_identity(site):
    with pytest.raises(WrongChain, match="no contract"):
        identify(site.chain, b"\x01" * 20)
