"""Every bit of a bundle counts, and reading one needs little."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

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
