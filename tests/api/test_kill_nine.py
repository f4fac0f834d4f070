"""A served home survives kill -9 at any moment: whatever was acknowledged is recorded exactly once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

DRIVER = Path(__file__).resolve().parents[2] / "scripts" / "bench" / "kill_nine.py"


def test_kill_nine_during_a_submit() -> None:
    ran = subprocess.run(
        [sys.executable, str(DRIVER), "--events", "160", "--kills", "2"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = json.loads(ran.stdout)
    assert 0 < found["acknowledged_before_kills"][0] < found["acknowledged"] == 160
    assert (found["recorded_once"], found["recorded_more_than_once"], found["others_on_chain"]) == (160, 0, 0)
    assert found["exit_of_last_server"] == 0
