"""A real home on the embedded chain, with two organisations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.home import Settings
from ledger.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger with the organisations `orchard` (sealed) and `carrier` (open)."""
    path = tmp_path / "home"
    Ledger.create(path, Settings())
    with Ledger.open(path, Settings()) as opened:
        opened.add_organisation("https://id.gs1.org/417/9521000000001", "orchard", company_prefixes=["9521000"])
        opened.add_organisation("https://carrier.example/", "carrier", policy="open")
        yield opened
