"""A store with one organisation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.store import Store, organisations
from ledger.store.organisations import Organisation

ORGANISATION = Organisation(b"o" * 32, "https://id.gs1.org/417/9506000134352", "Maker", ("9506000",), custodial=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "store")
    with store.begin() as connection:
        organisations.put(connection, ORGANISATION)
    yield store
    store.close()


@pytest.fixture
def organisation() -> Organisation:
    return ORGANISATION
