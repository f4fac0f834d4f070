"""A store with events in it, without a server and a chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.batch import organisation_id
from ledger.capture import capture
from ledger.events import read_document
from ledger.store import Store, organisations
from ledger.store.organisations import Organisation

Captures = Callable[..., None]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def capturing(store: Store, make: Any) -> Captures:
    """Capture the bodies of events for an organisation, sealed unless told otherwise."""

    def captures(*bodies: dict[str, Any], by: str = "https://orchard.example/", is_open: bool = False) -> None:
        with store.begin() as connection:
            organisations.put(connection, Organisation(organisation_id(by), by, "orchard", ("9521000",)))
        capture(store, organisation_id(by), read_document(make.document(*bodies)), is_open=is_open)

    return captures
