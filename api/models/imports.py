"""What became of an imported file of quality data, and the list of those that were imported."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.models.common import Hash, Model, Time, example


class ImportAnswer(Model):
    """What became of a file: all of it was taken, or, with an error, nothing."""

    model_config = example({"imported": 4032, "known": 0, "conflicting": 0, "import_id": 7})

    imported: int = Field(ge=0, description="rows that are new, or change a limit, equipment, or what they replace")
    known: int = Field(ge=0, description="rows that were there already")
    conflicting: int = Field(
        ge=0, description="rows left out, for another value of the same measurement was there: the first stands"
    )
    import_id: int = Field(ge=1, description="the import that its rows remember")


class ImportedFile(Model):
    """Where rows came from."""

    model_config = example(
        {
            "id": 7,
            "digest": "0x3b1f4f6d8a7c5e2d1b0a99887766554433221100ffeeddccbbaa998877665544",
            "kind": "readings",
            "file": "logger-17.xlsx",
            "format": "xlsx",
            "rows": 4032,
            "imported": 4032,
            "conflicting": 0,
            "imported_at": "2026-06-01T09:30:00.000Z",
            "imported_by": "operator",
        }
    )

    id: int
    digest: Hash = Field(description="SHA-256 of the file's bytes")
    kind: str
    file: str = Field(description="the name that it was sent with; empty: none was")
    format: Literal["csv", "xlsx", "parquet", "json"]
    rows: int = Field(description="different ones in the file")
    imported: int
    conflicting: int
    imported_at: Time
    imported_by: str = Field(description="the operator, or an API key's id; empty: nobody in particular")
