"""Organisations: who vouches for events, and which keys sign for it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models.common import Address, Hash, Model, example

Policy = Literal["sealed", "open"]


class OrganisationAnswer(Model):
    """An organisation as this ledger knows it."""

    model_config = example(
        {
            "id": "0x62f9f12b28b3a5c0a9f3b7d8a7a1f3d9d2c1f7a35b8ad11a4fa3a8f31e6f0c11",
            "uri": "https://id.gs1.org/417/9521000000001",
            "name": "Sunny Fields",
            "company_prefixes": ["9521000"],
            "policy": "sealed",
            "custodial": True,
            "keys": ["0x5aa6f5a1c6b1b2e3d4c5f6a7b8091a2b3c4d5e6f"],
        }
    )

    id: Hash
    uri: str
    name: str
    company_prefixes: list[str] = Field(description="GS1 company prefixes: items under them are its own")
    policy: Policy = Field(description="how its events are captured unless a request says otherwise")
    custodial: bool = Field(description="this server holds a key of it and signs for it")
    keys: list[Address] = Field(description="addresses of the keys that this server holds")


class NewOrganisation(BaseModel):
    """An organisation that this home shall hold a key of."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "uri": "https://id.gs1.org/417/9521000000001",
                    "name": "Sunny Fields",
                    "company_prefixes": ["9521000"],
                    "policy": "sealed",
                }
            ]
        },
    )

    uri: str = Field(min_length=1, max_length=500, description="a PGLN in any form, or any URI")
    name: str = Field(min_length=1, max_length=200)
    company_prefixes: list[str] = Field(default_factory=list, max_length=100)
    policy: Policy = "sealed"
