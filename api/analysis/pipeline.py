"""The cleaning pipeline that is in force here, and readings as it leaves them."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from api.analysis.archive import with_archived
from api.analysis.quality_store import frame_of
from api.quality.cleaning import DEFAULT, Pipeline, clean, pipeline_of
from api.quality.columns import READING
from ledger.errors import NotFound
from ledger.events import format_time
from ledger.store import Store, pipelines, quality

#: a reading as the store has it
STORED = ("id", *READING, "imported_at")


def pipeline_in_force(connection: Connection) -> Pipeline:
    """The one that was set last, else the default."""
    found = pipelines.in_force(connection)
    return DEFAULT if found is None else pipeline_of(json.loads(found[0]))


def shown(store: Store, digest: str | None = None) -> dict[str, Any]:
    """The pipeline in force, or the one of this digest (hex): digest, steps, since and by (None: the default)."""
    with store.read() as connection:
        found = pipelines.in_force(connection)
        pipeline = pipeline_in_force(connection)
        if digest is not None and digest not in (pipeline.digest, DEFAULT.digest):
            steps = pipelines.by_digest(connection, bytes.fromhex(digest))
            if steps is None:
                raise NotFound(f"no pipeline {digest}", expected="the digest of a pipeline that was in force here")
            return _form(pipeline_of(json.loads(steps)), None)
    if digest is not None and digest != pipeline.digest:
        return _form(DEFAULT, None)
    return _form(pipeline, found)


def put(store: Store, document: Any, *, by: str) -> dict[str, Any]:
    """Put a pipeline in force. Raises InvalidInput for what is none."""
    pipeline = pipeline_of(document)
    with store.begin() as connection:
        pipelines.put(connection, bytes.fromhex(pipeline.digest), pipeline.canonical.decode(), by=by)
    return shown(store)


def cleaned_readings(connection: Connection, spans: pd.DataFrame) -> pd.DataFrame:
    """A frame with the columns `READING`, `id`, `imported_at`, and what `clean` adds; `spans` is a frame SPAN."""
    named = {
        what: list(zip(some["key"], some["start"].tolist(), some["end"].tolist(), strict=True))
        for what, some in spans.groupby("what")
    }
    rows = quality.readings_within(connection, items=named.get("item", ()), places=named.get("place", ()))
    found = with_archived(connection, frame_of(rows, STORED), spans)
    return clean(found, pipeline_in_force(connection)).readings


def _form(pipeline: Pipeline, since: tuple[str, int, str] | None) -> dict[str, Any]:
    return {
        "digest": pipeline.digest,
        "steps": pipeline.as_json(),
        "since": None if since is None else format_time(since[1]),
        "by": None if since is None else since[2],
    }
