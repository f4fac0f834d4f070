"""`lotmark trace`."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import quote

import click
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.wording import local_time, measured, short

_BREADTH, _DEPTH = 8, 12


@click.command("trace")
@click.argument("item")
@click.option("--direction", type=click.Choice(["both", "backward", "forward"]), default="both", show_default=True)
@click.option("--depth", type=click.IntRange(min=0), help="How many steps to follow each way; else all.")
@pass_context
def command(context: Context, item: str, direction: str, depth: int | None) -> None:
    """Show where ITEM comes from and where it went, with the quality measured on its way.

    ITEM is an element string such as "(01)09521000000018(21)7", an EPC URN, a GS1 Digital Link, or any URI.
    """
    with client(context.home, context.settings) as http:
        found = http.get(f"/trace/{quote(item, safe='')}", direction=direction, depth=depth)
    context.show(found, *_texts(found, direction))


def _texts(found: dict[str, Any], direction: str) -> list[Any]:
    head = Text(short(found["item"]["uri"]), style="bold")
    if not found["events"]:
        return [head, Text("No event in this ledger names it. That says nothing about whether it exists.")]
    texts: list[Any] = [head]
    if direction != "forward":
        texts.append(_tree(found, "made of", "target", "source"))
    if direction != "backward":
        texts.append(_tree(found, "went into", "source", "target"))
    texts.append(_events(found))
    texts += [Text(f"cut at {short(cut['item'])}: {cut['reason']}", style="yellow") for cut in found["cuts"]]
    if found.get("withheld"):
        texts.append(Text("Sealed events are withheld without an API key.", style="yellow"))
    return texts


def _tree(found: dict[str, Any], title: str, here: str, there: str) -> Tree | Text:
    """The genealogy one way; a node that was shown already is not opened again."""
    links: dict[str, dict[str, str]] = defaultdict(dict)
    for edge in found["edges"]:
        links[edge[here]][edge[there]] = _edge_words(edge)
    root = found["item"]["uri"]
    if not links[root]:
        return Text(f"{title}: nothing known", style="dim")
    tree = Tree(title)
    _grow(tree, root, links, {root}, 0)
    return tree


def _grow(tree: Tree, uri: str, links: dict[str, dict[str, str]], seen: set[str], depth: int) -> None:
    others = sorted(links[uri].items())
    for other, words in others[:_BREADTH]:
        branch = tree.add(Text.assemble(short(other), (f"  {words}", "dim")))
        if other not in seen and depth < _DEPTH:
            seen.add(other)
            _grow(branch, other, links, seen, depth + 1)
    if len(others) > _BREADTH:
        tree.add(Text(f"… and {len(others) - _BREADTH} more", style="dim"))


def _edge_words(edge: dict[str, Any]) -> str:
    amount = "" if edge["quantity"] is None else f" {edge['quantity']:g} {edge['uom'] or ''}".rstrip()
    doubt = "" if edge["certainty"] == "certain" else " (possible)"
    return f"{edge['relation'].replace('_', ' ')}{amount}{doubt}, {edge['verdict'].replace('_', ' ')}"


def _events(found: dict[str, Any]) -> Table:
    steps: dict[str, list[str]] = defaultdict(list)
    for step in found["quality"]:
        steps[step["commitment"]].append(measured(step))
    table = Table("when", "what", "where", "who", "state", "measured", box=None, pad_edge=False)
    for event in sorted(found["events"], key=lambda one: str(one["event_time"])):
        wrong = " (declared wrong)" if event["corrected_by"] else ""
        table.add_row(
            local_time(event["event_time"], event["event_time_zone_offset"]),
            (event["biz_step"] or event["type"]).replace("_", " ") + wrong,
            short(event["biz_location"] or event["read_point"] or ""),
            event["organisation"]["name"],
            event["state"],
            "\n".join(steps[event["commitment"]]),
        )
    return table
