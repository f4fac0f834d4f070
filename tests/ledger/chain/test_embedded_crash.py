"""A process killed while it writes leaves a whole chain with everything that it acknowledged."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_killed_writers_lose_nothing_acknowledged(tmp_path):
    driver = Path(__file__).with_name("crash_driver.py")
    result = subprocess.run(
        [sys.executable, str(driver), str(tmp_path / "chain.sqlite"), "25", "20"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("25 kills")
