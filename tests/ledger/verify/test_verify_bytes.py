"""Every bit of a bundle counts, and reading one needs little."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import rfc8785

from ledger.commitment import redact
from ledger.errors import VerificationFailed
from ledger.proof.bundle import Bundle
from ledger.verify import verify

ORCHARD = "https://orchard.example"


def test_every_single_bit_counts(world: Any, make_event: Callable[..., Any]) -> None:
    """A small bundle with hidden leaves and a path: each of its bits flipped in turn is refused."""
    recorded = world.record(ORCHARD, [make_event(n) for n in range(3)], open_=True)
    tree = recorded.trees[0]
    data = world.bundle(recorded.proof(0, redact(tree, ["/epcList/0"])))
    verify(data, world.trust, world)
    accepted = []
    for position in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[position // 8] ^= 1 << position % 8
        try:
            verify(bytes(flipped), world.trust, world)
        except VerificationFailed:
            continue
        accepted.append(position)
    assert accepted == []


def test_a_bundle_is_its_bytes(world: Any, parsed: Any) -> None:
    data = rfc8785.dumps(parsed)
    assert Bundle.decode(data).encode() == data


def test_verification_needs_no_database_network_or_web_framework() -> None:
    code = "import sys, ledger.verify; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sqlalchemy", "web3", "requests", "httpx", "fastapi", "aiohttp", "socketserver"} & set(loaded)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def test_any_other_value_at_any_place_is_refused_as_such(world: Any, parsed: Any) -> None:
    """No odd value escapes as another exception, and none is accepted."""
    odd: list[Any] = [None, True, 0, -1, 2.0**53, 1.5, "", "0x", "\U0001f33e", [], {}, [[]], {"": 1}]
    for container, key in list(places(parsed)):
        kept = container[key]
        for value in odd:
            container[key] = value
            if rfc8785.dumps(value) != rfc8785.dumps(kept):
                with pytest.raises(VerificationFailed):
                    verify(rfc8785.dumps(parsed), world.trust, world)
        container[key] = kept
    verify(rfc8785.dumps(parsed), world.trust, world)
