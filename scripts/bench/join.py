#!/usr/bin/env python
"""The join against plain Python on random supply chains: how many differ (none may), and how long the join takes.

The chains and the reference are those of tests/api/quality/join/test_join_reference.py, of which the tests run a few.

    python scripts/bench/join.py [--chains 500] [--first 0]
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chains", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    arguments = parser.parse_args()
    reference = _reference()
    begun, different = time.perf_counter(), 0
    for seed in range(arguments.first, arguments.first + arguments.chains):
        found = reference.differences(seed)
        different += bool(found)
        for each in found[:3]:
            print(each)
    seconds = time.perf_counter() - begun
    print(f"{arguments.chains} chains, {different} with differences, {seconds:.0f} s with the reference")
    return 1 if different else 0


def _reference() -> ModuleType:
    file = ROOT / "tests/api/quality/join/test_join_reference.py"
    spec = importlib.util.spec_from_file_location("join_reference", file)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
