"""A trace's edges as a tree on the terminal: what an item comes from, or what it went into."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from rich.tree import Tree

from api.cli.wording import amount
from api.names import called, short

_BREADTH, _DEPTH = 12, 12


@dataclass(frozen=True, slots=True)
class _Link:
    """Why one item hangs from another, in words."""

    words: str
    doubt: str


def lineage(found: dict[str, Any], names: dict[str, str], title: str, here: str, there: str) -> Tree | Text:
    """The items reached one way from `here` to `there` of each edge; one shown already is not opened again."""
    links: dict[str, dict[str, _Link]] = defaultdict(dict)
    for edge in found["edges"]:
        links[edge[here]].setdefault(edge[there], _link(edge))
    root = found["item"]["uri"]
    if not links[root]:
        return Text(f"{title}: nothing known", style="dim")
    tree = Tree(Text(title, style="bold"))
    _grow(tree, root, links, names, {root}, 0)
    return tree


def _grow(
    tree: Tree, uri: str, links: dict[str, dict[str, _Link]], names: dict[str, str], seen: set[str], depth: int
) -> None:
    others = sorted(links[uri].items())
    for other, link in others[:_BREADTH]:
        is_again = other in seen and bool(links[other])
        again = ", see above" if is_again else ""
        name = called(other, names)
        branch = tree.add(
            Text.assemble(
                short(other),
                (f"  {link.words}", "dim"),
                (link.doubt, "yellow"),
                (again, "dim"),
                (f"  {name}" if name else "", "cyan"),
            )
        )
        if other not in seen and depth < _DEPTH:
            seen.add(other)
            _grow(branch, other, links, names, seen, depth + 1)
    if len(others) > _BREADTH:
        tree.add(Text(f"… and {len(others) - _BREADTH} more", style="dim"))


def _link(edge: dict[str, Any]) -> _Link:
    words = edge["relation"].replace("_", " ")
    if edge["quantity"] is not None:
        words += f" {amount(edge['quantity'], edge['uom'])}"
    doubt = ", possible" if edge["certainty"] == "possible" else ""
    if edge["verdict"] == "stranger":
        doubt += f", by the word of {edge['claimant']['name']} alone"
    return _Link(words, doubt)
