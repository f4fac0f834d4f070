"""A real home on the embedded chain, with two organisations; and a real node, anvil, ended by its id."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.home import Settings
from ledger.ledger import Ledger

NODE_MODULES = Path(__file__).resolve().parents[2] / "contracts" / "node_modules"


@pytest.fixture(scope="session")
def anvil_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a fresh Prague chain, a block per transaction; what is two blocks deep counts as finalized."""
    binary = next(NODE_MODULES.glob("@foundry-rs/anvil-*/bin/anvil"), None)
    if binary is None:
        if os.environ.get("CI"):
            pytest.fail(f"anvil must be in {NODE_MODULES} in CI")
        pytest.skip("anvil is not installed: npm ci in contracts/ brings it")
    home = tmp_path_factory.mktemp("anvil")
    output = home / "output"  # a file, for a full pipe would stop the node
    command = [str(binary), "--host", "127.0.0.1", "--port", "0", "--hardfork", "prague", "--slots-in-an-epoch", "1"]
    with (
        output.open("wb") as writing,
        subprocess.Popen(command, stdout=writing, stderr=writing, cwd=home, env={"HOME": str(home)}) as process,
    ):
        try:
            while not (found := re.search(r"Listening on (\S+)", output.read_text())):
                assert process.poll() is None, output.read_text()
                time.sleep(0.05)
            yield "http://" + found.group(1)
        finally:
            process.kill()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger with the organisations `orchard` (sealed) and `carrier` (open)."""
    path = tmp_path / "home"
    Ledger.create(path, Settings())
    with Ledger.open(path, Settings()) as opened:
        opened.add_organisation("https://id.gs1.org/417/9521000000001", "orchard", company_prefixes=["9521000"])
        opened.add_organisation("https://carrier.example/", "carrier", policy="open")
        yield opened
