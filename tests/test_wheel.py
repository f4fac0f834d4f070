"""The wheel holds what a user needs to run: the packages, the contracts' artifacts, the page and the migrations."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_is_complete_and_holds_no_more(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("lotmark-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        "contracts/__init__.py",
        "contracts/artifacts/OrganisationRegistry.json",
        "contracts/artifacts/ProvenanceLedger.json",
        "api/pages/index.html",
        "api/pages/app.js",
        "ledger/store/migrations/content/0001_initial.py",
    }
    assert needed <= names
    tracked = subprocess.run(
        ["git", "ls-files", "api", "ledger"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert set(tracked) <= names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.startswith("lotmark-")} == {"api", "contracts", "ledger"}
    assert not [name for name in names if "node_modules" in name or name.endswith(".sol")]
