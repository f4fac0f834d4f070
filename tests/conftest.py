"""Fixtures for all tests: the reference data beside the checkout, and a real node, anvil, ended by its id."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
NODE_MODULES = Path(__file__).resolve().parents[1] / "contracts" / "node_modules"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference documents, vectors and data sets; elsewhere its tests are skipped, never in CI."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the reference data must be at {SHARED} in CI")
        pytest.skip(f"reference data not found at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def pango() -> None:
    """The system's library that lays out text for PDF; elsewhere its tests are skipped, never in CI."""
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        if os.environ.get("CI"):
            pytest.fail(f"Pango must be installed in CI: scripts/setup-debian ({error})")
        pytest.skip("Pango is not installed: scripts/setup-debian brings it")


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
