"""API keys; the key itself is in the answer that makes it and nowhere else."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models.common import Model, Time, example


class KeyAnswer(Model):
    """What is known of a key."""

    model_config = example(
        {
            "id": "5f2a9c01d3e4",
            "scope": "write",
            "organisation": "https://id.gs1.org/417/9521000000001",
            "note": "packing line 2",
            "created_at": "2026-06-01T05:00:00.000Z",
            "revoked_at": None,
        }
    )

    id: str
    scope: Literal["read", "write"] = Field(description="`write` includes `read`")
    organisation: str | None = Field(description="URI of the only organisation it captures for; null: any")
    note: str
    created_at: Time
    revoked_at: Time | None


class MadeKey(KeyAnswer):
    """A key just made."""

    model_config = example(
        {
            "id": "5f2a9c01d3e4",
            "scope": "write",
            "organisation": None,
            "note": "",
            "created_at": "2026-06-01T05:00:00.000Z",
            "revoked_at": None,
            "key": "lm_5f2a9c01d3e4.dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgc2VjcmV0ISE",
        }
    )

    key: str = Field(description="shown this once; send it as `Authorization: Bearer <key>`")


class NewKey(BaseModel):
    """A key to make."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"scope": "write", "organisation": "https://id.gs1.org/417/9521000000001", "note": "packing line 2"}
            ]
        },
    )

    scope: Literal["read", "write"]
    organisation: str | None = Field(None, max_length=500, description="URI, id or name")
    note: str = Field("", max_length=200)
