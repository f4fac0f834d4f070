"""A made-up line that fails by known rules, small enough to train on within a test."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits


def make_line(rows: int = 600, seed: int = 0) -> pd.DataFrame:
    """Rows of 60 lots from three suppliers; hot, worn machines make bad goods, in the supplier's own way or not."""
    rng = np.random.default_rng(seed)
    lot = np.repeat(np.arange(60), rows // 60)
    heat = rng.normal(size=rows) + rng.normal(size=60)[lot] * 0.5
    wear = rng.uniform(0, 1, rows)
    noise = rng.normal(size=rows)
    risk = 1 / (1 + np.exp(-(2.2 * heat + 3 * wear - 4)))
    return pd.DataFrame(
        {
            "lot": [f"L{number}" for number in lot],
            "supplier": np.array(["alder", "birch", "cedar"])[lot % 3],
            "shift": np.where(rng.random(rows) < 0.5, "day", "night"),
            "heat": heat,
            "wear": wear,
            "noise": noise,
            "grade": rng.choice(["H", "L", "M"], rows),
            "bad": (rng.random(rows) < risk).astype(int),
        }
    )


@pytest.fixture(scope="session")
def line() -> pd.DataFrame:
    return make_line()


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads that wait for each other in a spin slow each other down where test processes share the cores."""
    with threadpool_limits(limits=1):
        yield
