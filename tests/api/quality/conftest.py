"""The worked examples: published figures that the analytics are held against."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Example = dict[str, Any]


@pytest.fixture(scope="session")
def worked_examples(shared: Path) -> dict[str, Example]:
    examples = json.loads((shared / "quality/worked_examples.json").read_text(encoding="utf-8"))["examples"]
    return {example["id"]: example for example in examples}


@pytest.fixture
def worked_example(worked_examples: dict[str, Example]) -> Callable[[str], Example]:
    """An example by its id; the inputs of one that refers to another are that one's, with its own on top."""

    def find(name: str) -> Example:
        example = worked_examples[name]
        inputs = dict(example["inputs"])
        if "same_as" in inputs:
            inputs = worked_examples[inputs.pop("same_as")]["inputs"] | inputs
        return example | {"inputs": inputs}

    return find


def assert_within(example: Example, found: Mapping[str, Any]) -> None:
    """Every expected value of the example lies within its tolerance of the one found under the same name."""
    tolerance = example["tolerance"]
    missing = set(example["expected"]) - set(found)
    assert not missing, f"{example['id']}: not computed: {sorted(missing)}"
    for name, expected in example["expected"].items():
        allowed = tolerance.get(name, tolerance)
        if isinstance(expected, str | bool) or _words(expected):
            assert found[name] == expected, name
            continue
        np.testing.assert_allclose(
            np.asarray(found[name], dtype=float),
            np.asarray(expected, dtype=float),
            atol=allowed.get("abs", 0) if isinstance(allowed, dict) else allowed,
            rtol=allowed.get("rel", 0) if isinstance(allowed, dict) else 0,
            err_msg=f"{example['id']}: {name}",
        )


def _words(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(each, str | bool) for each in value)


@pytest.fixture
def within() -> Callable[[Example, Mapping[str, Any]], None]:
    return assert_within
