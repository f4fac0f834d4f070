"""Forms that every part of the API shares."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Hash = Annotated[str, Field(pattern="^0x[0-9a-f]{64}$", description="32 bytes, lower-case hex")]
Address = Annotated[str, Field(pattern="^0x[0-9a-f]{40}$", description="20 bytes, lower-case hex")]
Time = Annotated[str, Field(pattern="Z$", description="RFC 3339, UTC")]
State = Annotated[str, Field(pattern="^(captured|sent|recorded|final)$", description="how far the event has come")]


class Model(BaseModel):
    """An answer: nothing in it that is not documented."""

    model_config = ConfigDict(extra="forbid")


def example(value: dict[str, Any]) -> ConfigDict:
    """The configuration of a model with this example."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [value]})


class OrganisationName(Model):
    """Whose word it is."""

    id: Hash
    uri: str
    name: str
