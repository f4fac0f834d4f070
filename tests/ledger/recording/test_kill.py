"""kill -9 at any point: every acknowledged event is recorded exactly once (DESIGN §4)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
DRIVER = Path(__file__).parent / "kill_driver.py"


def kill(directory: Path, rounds: int, seed: int) -> dict[str, dict[str, object]]:
    command = [sys.executable, str(DRIVER), str(directory), str(rounds), str(seed)]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, dict[str, object]] = json.loads(done.stdout)
    return found


def check(found: dict[str, dict[str, object]]) -> None:
    result = found["result"]
    stored = result["stored"]
    assert isinstance(stored, int)
    assert stored >= result["acknowledged"]  # type: ignore[operator]
    assert result["new on repetition"] == 0
    assert result["recorded"] == result["recorded once"] == stored
    assert result["states"] == {"final": stored}
    assert result["corrections on chain"] == stored // 7
    assert result["sequences"] is True
    assert result["with secret"] == result["secrets"] == stored


def test_every_acknowledged_event_is_recorded_exactly_once_however_often_it_is_killed(tmp_path: Path) -> None:
    found = kill(tmp_path, 12, seed=1)
    check(found)
    assert len(found["points"]) >= 3  # different named points were hit
