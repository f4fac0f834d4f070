"""A load that is killed at any moment leaves nothing or all of it, and can be done again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from api.quality.archive import ReadingArchive, windows_over

PLACE = "https://id.gs1.org/414/9521000000018"
COUNT = 60_000
LOAD = """
import sys
from pathlib import Path
from api.quality.archive import ReadingArchive
archive = ReadingArchive(Path(sys.argv[1]), threads=1)
print("ready", flush=True)
archive.load(Path(sys.argv[2]))
print("loaded", flush=True)
"""


def count(folder: Path) -> int:
    return len(ReadingArchive(folder).readings_within(windows_over([PLACE], None, None)))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("source") / "readings.csv"
    times = pd.date_range("2026-01-01T00:00Z", periods=COUNT, freq="min")
    frame = pd.DataFrame({"time": times.strftime("%Y-%m-%dT%H:%M:%SZ"), "sensor": "S1", "place": PLACE})
    frame.assign(quantity_kind="Temperature", value=np.arange(COUNT) / 7, unit="CEL").to_csv(file, index=False)
    return file


@pytest.mark.parametrize("after", [0.0, 0.1, 0.2, 0.3, 0.5])
def test_a_killed_load_is_nothing_or_all(tmp_path: Path, file: Path, after: float) -> None:
    folder = tmp_path / "readings"
    with subprocess.Popen([sys.executable, "-c", LOAD, folder, file], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        said = process.stdout.read()
    left = count(folder)
    assert left == COUNT if "loaded" in said else left in (0, COUNT)
    assert not list(folder.glob(".draft-*"))
    ReadingArchive(folder).load(file)
    assert count(folder) == COUNT


def test_a_kill_between_writing_and_renaming_leaves_nothing(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "readings"

    class Killed(BaseException):
        """As a kill ends a process: nothing behind it runs."""

    def killed(self: Path, target: Path) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        patch.setattr("shutil.rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            ReadingArchive(folder).load(file)
    assert list(folder.glob(".draft-*/import.json"))
    assert count(folder) == 0
    assert not list(folder.iterdir())
