"""Imports run one way: api → ledger → contracts; pure parts import no I/O, the store no chain, the chain no store."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IO = {"sqlalchemy", "sqlite3", "web3", "requests", "httpx", "socket", "subprocess", "fastapi", "uvicorn"}
HTTP = {"fastapi", "starlette", "uvicorn", "click", "rich"}

#: part → what it must not import; a name forbids everything beneath it
FORBIDDEN = {
    "contracts": {"ledger", "api"},
    "ledger": {"api", *HTTP},
    "ledger/identifiers": IO | {"ledger.store", "ledger.chain"},
    "ledger/events": IO | {"ledger.store", "ledger.chain"},
    "ledger/commitment": IO | {"ledger.store", "ledger.chain", "ledger.events"},
    "ledger/batch": IO | {"ledger.store", "ledger.chain"},
    "ledger/verify": IO | {"ledger.store", "ledger.chain", "ledger.keys"},
    "ledger/proof/bundle.py": IO | {"ledger.store", "ledger.chain"},
    "ledger/trace/graph.py": IO | {"ledger.store"},
    "ledger/store": {"web3", "eth_tester", "eth", "ledger.chain", "ledger.recording", "ledger.trace"},
    "ledger/chain": {"sqlalchemy", "ledger.store", "ledger.recording", "ledger.home"},
    "api/quality": HTTP
    | {"sqlalchemy", "httpx", "ledger.store", "ledger.chain", "ledger.trace"}
    | {"api.analysis", "api.live", "api.routes", "api.models", "api.cli", "api.mqtt"},
    "api/quality/live": {"time", "threading", "asyncio", "socket"},
    "api/analysis": HTTP | {"httpx", "ledger.chain", "ledger.recording", "api.routes", "api.models", "api.cli"},
    "api/live": {"fastapi", "click", "rich", "ledger.chain", "ledger.recording", "api.routes", "api.cli"},
    "api/models": {"sqlalchemy", "api.analysis", "api.routes", "api.cli"},
    "api/routes": {"click", "rich", "api.cli"},
    "api/cli": {"fastapi", "starlette", "sqlalchemy", "api.routes", "api.models", "api.app"},
    "api/demonstration": {"fastapi", "ledger.store", "ledger.chain"},
}


def imported(file: Path) -> set[str]:
    """The absolute names of all modules that `file` imports, anywhere in it."""
    names: set[str] = set()
    package = file.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names.update({module, *(f"{module}.{alias.name}" for alias in node.names)})
    return names


@pytest.mark.parametrize("part", FORBIDDEN)
def test_imports_run_one_way(part: str) -> None:
    path = ROOT / part
    files = [path] if path.is_file() else [file for file in path.rglob("*.py") if "node_modules" not in file.parts]
    assert files
    found = {
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imported(file)
        for forbidden in FORBIDDEN[part]
        if name == forbidden or name.startswith(f"{forbidden}.")
    }
    assert not found
