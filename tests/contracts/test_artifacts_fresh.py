"""The shipped artifacts are those of the sources, and their ABI is that of the interfaces."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contracts import artifact

ROOT = Path(__file__).resolve().parents[2]
INTERFACES = ROOT / "contracts" / "src" / "interfaces"
#: what a contract inherits beyond its interface: EIP-5267, and Ownable2Step of the registry
INHERITED = {
    "ProvenanceLedger": {"eip712Domain", "EIP712DomainChanged"},
    "OrganisationRegistry": {
        *("eip712Domain", "EIP712DomainChanged"),
        *("owner", "pendingOwner", "transferOwnership", "acceptOwnership", "renounceOwnership"),
        *("OwnershipTransferred", "OwnershipTransferStarted"),
        *("OwnableInvalidOwner", "OwnableUnauthorizedAccount"),
    },
}
#: thrown by OpenZeppelin's ShortStrings in a constructor, for names longer than ours
LIBRARY_ERRORS = {"StringTooLong", "InvalidShortString"}


def test_artifacts_are_fresh() -> None:
    if shutil.which("node") is None and not os.environ.get("CI"):
        pytest.skip("Node.js is not installed, so the compiler cannot run")
    subprocess.run([ROOT / "scripts" / "setup-contracts"], check=True)
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "compile", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def declared(name: str) -> list[tuple[str, str]]:
    """Kind and name of each function, event and error that an interface declares, overloads repeated."""
    text = (INTERFACES / f"I{name}.sol").read_text(encoding="utf-8")
    return sorted(re.findall(r"^\s*(function|event|error)\s+(\w+)\s*\(", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["OrganisationRegistry", "ProvenanceLedger"])
def test_abi_is_that_of_the_interface(name: str) -> None:
    ours = [
        (entry["type"], entry["name"])
        for entry in artifact(name)["abi"]
        if entry["type"] != "constructor" and entry["name"] not in INHERITED[name] | LIBRARY_ERRORS
    ]
    assert sorted(ours) == declared(name)


def signature(entry: dict) -> str:  # type: ignore[type-arg]  # an ABI entry is plain JSON
    def kind(parameter: dict) -> str:  # type: ignore[type-arg]
        if not parameter["type"].startswith("tuple"):
            return str(parameter["type"])
        return "(" + ",".join(kind(part) for part in parameter["components"]) + ")" + parameter["type"][5:]

    return f"{entry['name']}({','.join(kind(p) for p in entry['inputs'])})"


def test_signatures_never_change_unseen() -> None:
    """What is on a chain stays there: topics and selectors are part of the format."""
    events = {
        signature(entry): [p["indexed"] for p in entry["inputs"]]
        for name in INHERITED
        for entry in artifact(name)["abi"]
        if entry["type"] == "event" and entry["name"] not in INHERITED[name]
    }
    assert events == {
        "BatchRecorded(bytes32,uint64,address,bytes32,uint32,bytes32,bytes32)": [True] * 3 + [False] * 4,
        "OpenItemRecorded(bytes32,bytes32,bytes32)": [True] * 3,
        "OrganisationRegistered(bytes32,string,uint256)": [True, False, False],
        "RolesChanged(bytes32,uint256)": [True, False],
        "KeyAdded(bytes32,address,uint64)": [True, True, False],
        "KeyRevoked(bytes32,address,uint64)": [True, True, False],
    }


def test_storage_of_header_hashes_is_where_state_proofs_look() -> None:
    assert artifact("ProvenanceLedger")["storageSlots"]["headerHash"] == 2
