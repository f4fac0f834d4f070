"""Readings through a pipeline: the same rows with flags beside them, and a record of what each step saw and flagged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from api.quality.cleaning.ordered import Flags
from api.quality.cleaning.pipeline import SPEAKING, Pipeline
from api.quality.columns import READING
from api.quality.frames import microseconds


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What one step did: how many rows it saw and flagged, and digests (SHA-256, hex) of what it saw and left."""

    step: str
    version: int
    parameters: Mapping[str, Any]
    input_digest: str
    rows: int
    flagged: int
    output_digest: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`readings` are those given, all of them, in their order, with columns beside them:

    one of booleans per step, under the step's name; `flag`, the first step that flagged the row, or None; `speaks`,
    whether the reading still says something of its time; and `counts`, whether it is one of the readings counted.
    """

    readings: pd.DataFrame
    record: tuple[StepRecord, ...]
    #: of the pipeline
    digest: str

    @property
    def flagged(self) -> dict[str, int]:
        """How many rows each step flagged, of those that flagged any."""
        return {each.step: each.flagged for each in self.record if each.flagged}


def clean(readings: pd.DataFrame, pipeline: Pipeline) -> Cleaned:
    """Readings (READING) through `pipeline`. A step does not see what one before it took out."""
    kept = readings.reset_index(drop=True)
    speaks = np.ones(len(kept), dtype=bool)
    counts = np.ones(len(kept), dtype=bool)
    flag = np.full(len(kept), None, dtype=object)
    columns: dict[str, Flags] = {}
    record = []
    digest = digest_of(kept)
    for step in pipeline.steps:
        seen = np.flatnonzero(counts)
        flags = np.zeros(len(kept), dtype=bool)
        flags[seen] = step.function(kept.iloc[seen], step.parameters) if len(seen) else False
        flag[flags & (flag == None)] = step.name  # noqa: E711  # element by element
        speaks &= ~flags if step.name not in SPEAKING else True
        counts &= ~flags if step.name != "gaps" else True
        columns[step.name] = flags
        after = hashlib.sha256(bytes.fromhex(digest) + step.name.encode() + np.packbits(flags).tobytes()).hexdigest()
        flagged = int(flags.sum())
        record.append(StepRecord(step.name, step.version, step.parameters, digest, len(seen), flagged, after))
        digest = after
    found = kept.assign(**columns, flag=pd.Series(flag, dtype=object), speaks=speaks, counts=counts)
    return Cleaned(found.set_index(readings.index), tuple(record), pipeline.digest)


def digest_of(readings: pd.DataFrame) -> str:
    """SHA-256 of the rows in their order (times in microseconds, values as doubles, words in UTF-8), hex."""
    found = hashlib.sha256()
    for name in READING:
        column = readings[name]
        if name == "time":
            found.update(microseconds(column, 0).astype("<i8").tobytes())
        elif name == "value":
            found.update(np.asarray(column, dtype="<f8").tobytes())
        else:
            found.update("\0".join(column.astype(object).where(column.notna(), "\1")).encode())
        found.update(b"\2")
    return found.hexdigest()
