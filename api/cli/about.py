"""What an event is about, in words that cannot mislead in a recall: what moved, and into or from what.

An item of the trace is always named, the traced one first; others are counted, or called other items where there is
nothing else to name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from rich.text import Text

from api.cli.wording import counted
from api.names import short

_MOVES = {"ADD": "into", "OBSERVE": "in", "DELETE": "from"}


def about(event: dict[str, Any], traced: str, of_trace: Collection[str]) -> Text:
    """`A, B into C`, `A from C`, `A`; `of_trace` are the URIs of the trace's items, `traced` the one asked for."""

    def named(*roles: str) -> Text:
        items = dict.fromkeys(one["item"] for one in event["mentions"] if one["role"] in roles)
        return _named(items, traced, of_trace)

    if event["type"] in ("AggregationEvent", "AssociationEvent"):
        return _moved(event, named)
    if event["type"] == "TransformationEvent":
        inputs, outputs = named("input"), named("output")
        if inputs and outputs:
            return _joined(inputs, "into", outputs)
        return (
            inputs.append(" goes in", "dim") if inputs else outputs.append(" comes out", "dim") if outputs else inputs
        )
    return named("parent", "epc")


def _moved(event: dict[str, Any], named: Callable[..., Text]) -> Text:
    children, parent = named("child"), named("parent")
    if not parent:
        return children
    if not children and event["action"] != "DELETE":
        return parent
    return _joined(children or Text("everything", "dim"), _MOVES.get(event["action"], "in"), parent)


def _named(items: Collection[str], traced: str, of_trace: Collection[str]) -> Text:
    inside = sorted((item for item in items if item in of_trace), key=lambda item: item != traced)
    outside = [item for item in items if item not in of_trace]
    if inside:
        names = [Text(short(item), "bold" if item == traced else "dim") for item in inside]
        return Text(", ", "dim").join(names).append(f" +{counted(len(outside), 'other')}" if outside else "", "dim")
    if not outside:
        return Text()
    more = f" +{len(outside) - 1}" if len(outside) > 1 else ""
    return Text(f"({'other items' if more else 'another item'}: {short(outside[0])}{more})", "dim")


def _joined(one: Text, word: str, other: Text) -> Text:
    return Text.assemble(one, (f" {word} ", "dim"), other)
