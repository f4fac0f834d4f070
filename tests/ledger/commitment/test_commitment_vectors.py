"""The published vectors and the worked example in docs/commitment.md are what the code computes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ledger.batch import Domain, Header, organisation_id, recover_signer
from ledger.commitment import Disclosure, RedactedEvent, check_shape, commit, rebuild
from ledger.commitment.merkle import leaf_hash, root_from_path

ROOT = Path(__file__).resolve().parents[3]
PATH = ROOT / "tests" / "vectors" / "commitment.json"


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


@pytest.fixture(scope="module")
def vectors() -> Any:
    return json.loads(PATH.read_text(encoding="utf-8"))


def test_the_file_is_fresh() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "vectors"), "--print"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == PATH.read_text()


def test_events_as_read_from_the_file(vectors: Any) -> None:
    organisation, secret = organisation_id(vectors["organisation"]["uri"]), unhex(vectors["secret"])
    assert organisation == unhex(vectors["organisation"]["id"])
    for vector in vectors["events"]:
        committed = commit(vector["event"], organisation, secret)
        assert committed.value == unhex(vector["commitment"])
        event = RedactedEvent(tuple(Disclosure.parse(leaf["disclosure"].encode()) for leaf in vector["leaves"]))
        assert event.hashes == [unhex(leaf["hash"]) for leaf in vector["leaves"]]
        body = {name: value for name, value in vector["event"].items() if name != "recordTime"}
        assert rebuild(event) == body


def test_trees_as_read_from_the_file(vectors: Any) -> None:
    for tree in vectors["trees"]:
        size = len(tree["entries"])
        for index, (entry, path) in enumerate(zip(tree["entries"], tree["paths"], strict=True)):
            assert root_from_path(leaf_hash(unhex(entry)), index, size, [*map(unhex, path)]) == unhex(tree["root"])


def test_the_redaction_as_read_from_the_file(vectors: Any) -> None:
    leaves = vectors["redaction"]["leaves"]
    event = RedactedEvent(tuple(unhex(x) if isinstance(x, str) else Disclosure.from_json(x) for x in leaves))
    check_shape(event)
    whole = next(vector for vector in vectors["events"] if vector["name"] == vectors["redaction"]["event"])
    assert event.commitment(unhex(vectors["organisation"]["id"])).value == unhex(whole["commitment"])


def test_the_header_as_read_from_the_file(vectors: Any) -> None:
    found = vectors["header"]
    names = ("organisation", "sequence", "root", "size", "itemsHash", "indexRoot")
    values = [unhex(found[name]) if isinstance(found[name], str) else found[name] for name in names]
    domain = Domain(found["chainId"], unhex(found["ledger"]))
    assert recover_signer(Header(*values), domain, unhex(found["signature"])) == unhex(found["signer"])


def test_the_worked_example_of_the_documentation(vectors: Any) -> None:
    text = (ROOT / "docs" / "commitment.md").read_text(encoding="utf-8")
    small = vectors["events"][0]
    quoted = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert quoted
    assert json.loads(quoted[1]) == small["event"]
    for leaf in small["leaves"]:
        assert leaf["disclosure"] in text
        assert leaf["hash"].removeprefix("0x") in text
    for value in (small["root"], small["commitment"], vectors["organisation"]["id"], vectors["secret"]):
        assert value.removeprefix("0x") in text
    assert vectors["organisation"]["uri"] in text
