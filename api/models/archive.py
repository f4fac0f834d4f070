"""What became of a file of readings that went into the archive."""

from __future__ import annotations

from pydantic import Field

from api.models.common import Model, example


class ArchiveAnswer(Model):
    """All of the file was taken, and is durable; or, with an error, nothing."""

    model_config = example({"imported": 10_000_000, "known": 0})

    imported: int = Field(ge=0, description="readings that are new in the archive")
    known: int = Field(ge=0, description="readings of a sensor, kind and time that were there: the first stands")
