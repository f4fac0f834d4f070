"""Events as hypothesis makes them: any JSON object, with the fields that are never hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def gs1_events(shared: Path) -> list[dict[str, Any]]:
    """The events of GS1's example documents, each with its document's context."""
    found = []
    for path in sorted((shared / "epcis" / "examples").glob("*.jsonld")):
        document = json.loads(path.read_text(encoding="utf-8"))
        body = document["epcisBody"]
        events = body.get("eventList") or body.get("queryResults", {}).get("resultsBody", {}).get("eventList")
        found += [{**event, "@context": document["@context"]} for event in events or [body["event"]]]
    return found
