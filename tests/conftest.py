"""Fixtures for all tests: the shared reference data, which is beside the checkout on the project's own machines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference documents, vectors and data sets; elsewhere its tests are skipped, never in CI."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the reference data must be at {SHARED} in CI")
        pytest.skip(f"reference data not found at {SHARED}")
    return SHARED
