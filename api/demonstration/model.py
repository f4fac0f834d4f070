"""What a demonstration consists of, and how it is written to a folder for the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """An organisation to be registered, with a key of its own; `policy` is 'open' or 'sealed'."""

    uri: str
    name: str
    company_prefixes: tuple[str, ...]
    policy: str


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """An EPCISDocument that one organisation captures."""

    organisation_uri: str
    name: str
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Showcase:
    """An item worth tracing, and why."""

    item: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DemoHold:
    """A lot that must not go on, and why."""

    item: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Everything; `names` says what the URIs are called."""

    organisations: tuple[DemoOrganisation, ...]
    documents: tuple[DemoDocument, ...]
    #: kind of quality data → CSV as `lotmark import` takes it, in the order to import it
    tables: Mapping[str, str]
    holds: tuple[DemoHold, ...]
    showcase: tuple[Showcase, ...]
    names: Mapping[str, str]

    @property
    def events(self) -> list[dict[str, Any]]:
        """All events of all documents, in the order of the documents."""
        return [event for document in self.documents for event in document.document["epcisBody"]["eventList"]]

    def write(self, folder: Path) -> Path:
        """Write documents, CSV files and `index.json` into `folder`; returns the index."""
        (folder / "documents").mkdir(parents=True, exist_ok=True)
        listed = []
        for number, document in enumerate(self.documents, start=1):
            path = folder / "documents" / f"{number:02d}-{document.name}.json"
            path.write_text(_json(document.document), encoding="utf-8")
            listed.append({"organisation": document.organisation_uri, "path": f"documents/{path.name}"})
        for name, text in self.tables.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        index = folder / "index.json"
        content = {
            "synthetic": True,
            "organisations": [asdict(organisation) for organisation in self.organisations],
            "documents": listed,
            "tables": {name: f"{name}.csv" for name in self.tables},
            "holds": [asdict(held) for held in self.holds],
            "showcase": [asdict(shown) for shown in self.showcase],
            "names": dict(self.names),
        }
        index.write_text(_json(content), encoding="utf-8")
        return index


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
