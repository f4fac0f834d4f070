"""A cleaning pipeline as a document: the steps in order, each with its version and all of its parameters.

Written as canonical JSON (RFC 8785) and named by its SHA-256, so that a figure can say by which rules its inputs were
chosen. The same rules give the same digest, in whatever order the parameters were written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pandas as pd
import rfc8785

from api.quality.cleaning import drift, duplicates, gaps, impossible, missing, spikes, stuck
from api.quality.cleaning.ordered import Flags
from ledger.errors import InvalidInput

StepFunction = Callable[[pd.DataFrame, Mapping[str, Any]], Flags]

#: name → where its function, version and parameters are
_MODULES: dict[str, tuple[ModuleType, StepFunction]] = {
    "missing": (missing, missing.missing),
    "impossible": (impossible, impossible.impossible),
    "duplicates": (duplicates, duplicates.duplicates),
    "contradictions": (duplicates, duplicates.contradictions),
    "spikes": (spikes, spikes.spikes),
    "stuck": (stuck, stuck.stuck),
    "drift": (drift, drift.drift),
    "gaps": (gaps, gaps.gaps),
}

#: what these steps flag still speaks for its time: a repeated reading says the same, a gap comes after its reading
SPEAKING = frozenset({"duplicates", "gaps"})


@dataclass(frozen=True, slots=True)
class Step:
    """One rule with its parameters."""

    name: str
    version: int
    parameters: Mapping[str, Any]

    @property
    def function(self) -> StepFunction:
        return _MODULES[self.name][1]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Steps in the order in which they are applied."""

    steps: tuple[Step, ...]

    def as_json(self) -> list[dict[str, Any]]:
        return [{"step": each.name, "version": each.version, "parameters": each.parameters} for each in self.steps]

    @property
    def canonical(self) -> bytes:
        return rfc8785.dumps(self.as_json())

    @property
    def digest(self) -> str:
        """SHA-256 of its canonical form, hex."""
        return hashlib.sha256(self.canonical).hexdigest()


def pipeline_of(document: Any) -> Pipeline:
    """A pipeline from JSON: a list of {step, version, parameters}; what is left out is as it is now.

    Raises InvalidInput that names the step: an unknown name or parameter, a version this release does not have, a value
    of the wrong kind, a step twice.
    """
    if not isinstance(document, list):
        raise InvalidInput(
            "a cleaning pipeline is a list of steps", expected='[{"step": "stuck", "parameters": {}}, …]'
        )
    steps = tuple(_step(each, f"step {number}") for number, each in enumerate(document, 1))
    names = [step.name for step in steps]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidInput(f"the step {twice!r} comes twice", advice="Give it once, with the parameters that count.")
    return Pipeline(steps)


def _step(entry: Any, where: str) -> Step:
    if not isinstance(entry, dict) or not isinstance(entry.get("step"), str):
        raise InvalidInput("a step is an object with a name", where=where, expected='{"step": "stuck"}')
    name = entry["step"]
    if name not in _MODULES:
        raise InvalidInput(f"unknown step {name!r}", where=where, expected=", ".join(_MODULES))
    odd = entry.keys() - {"step", "version", "parameters"}
    if odd:
        raise InvalidInput(f"unknown field {min(odd)!r}", where=where, expected="step, version, parameters")
    module = _MODULES[name][0]
    version, given = entry.get("version", module.VERSION), entry.get("parameters", {})
    if version is True or version != module.VERSION:
        raise InvalidInput(f"{name} has no version {version!r} here", where=where, expected=str(module.VERSION))
    if not isinstance(given, dict) or given.keys() - module.PARAMETERS.keys():
        raise InvalidInput(
            f"unknown parameters of {name}", where=where, expected=", ".join(module.PARAMETERS) or "no parameters"
        )
    parameters = {
        key: _value(given.get(key, usual), usual, f"{where}, {key}") for key, usual in module.PARAMETERS.items()
    }
    return Step(name, int(version), parameters)


def _value(given: Any, usual: Any, where: str) -> Any:
    """A value of the kind of the usual one: a positive number, or an object of such."""
    if isinstance(usual, dict):
        if not isinstance(given, dict):
            raise InvalidInput(f"{given!r} is no object", where=where, expected="an object by quantity kind")
        shape = next(iter(usual.values()))
        return {str(key): _entry(each, shape, f"{where}, {key}") for key, each in given.items()}
    return _positive(given, where, whole=isinstance(usual, int))


def _entry(given: Any, shape: Any, where: str) -> Any:
    if not isinstance(shape, list):
        return None if given is None else _positive(given, where, whole=False)
    fits = isinstance(given, list) and len(given) == 3 and isinstance(given[2], str)
    if not fits or not all(bound is None or _is_number(bound) for bound in given[:2]):
        raise InvalidInput(f"{given!r} is no range", where=where, expected='[low or null, high or null, "unit"]')
    return [None if bound is None else float(bound) for bound in given[:2]] + [given[2]]


def _positive(given: Any, where: str, *, whole: bool) -> int | float:
    if not _is_number(given) or not 0 < given < 1e15 or (whole and given != int(given)):
        raise InvalidInput(f"{given!r} does not do", where=where, expected=f"a positive {'whole ' * whole}number")
    return int(given) if whole else float(given)


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


#: what is applied where nothing else was decided; drift needs a pair of sensors that belong together, and is asked for
DEFAULT = pipeline_of(
    [{"step": name} for name in ("missing", "impossible", "duplicates", "contradictions", "spikes", "stuck", "gaps")]
)
