"""The compiled contracts, shipped inside the package: no compiler is needed to deploy or to verify them.

The artifacts are written by scripts/compile and checked fresh by the tests. This package deploys nothing and knows no
chain.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def artifact(name: str) -> dict[str, Any]:
    """The artifact of `OrganisationRegistry` or `ProvenanceLedger`; do not change what it returns.

    `abi`, `bytecode` and `deployedBytecode` (0x-hex), `immutableReferences` (name of the immutable → places in the
    deployed bytecode), `storageSlots` (name → slot), `compiler` (version and settings) and `sourceHash`.
    """
    text = resources.files(__name__).joinpath("artifacts", f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
