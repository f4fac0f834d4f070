"""What the package settles before the Ethereum libraries are imported, seen from a fresh process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_keccak_is_the_one_in_c():
    code = "import ledger, eth_hash.auto as auto; auto.keccak(b''); print(auto.keccak.hasher)"
    assert "PySha3Backend" in run(code)


@pytest.mark.parametrize("first", ["", "import web3, eth_tester; "])
def test_deep_json_is_an_error_and_not_the_end(first):
    """With py-ecc's recursion limit this ends the process with a segmentation fault."""
    parse = "\ntry:\n json.loads('[' * 200_000)\nexcept RecursionError:\n print('refused')"
    code = f"{first}import json; import ledger.chain.embedded.node, ledger.chain.contracts, ledger.keys{parse}"
    assert run(code) == "refused"
