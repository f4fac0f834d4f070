"""`lotmark quality rules`: what is watched as readings arrive."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import click
from rich.text import Text

from api.cli.client import client
from api.cli.context import Context, pass_context
from api.cli.exits import Usage
from api.cli.tables import table


@click.group("rules")
def command() -> None:
    """List, add and remove the rules that run as readings arrive."""


@command.command("list")
@pass_context
def list_(context: Context) -> None:
    """Show all rules."""
    with client(context.home, context.settings) as http:
        found = http.get("/quality/rules")
    shown = table("name", "kind", "severity", "figures")
    for one in found:
        rule = dict(one["rule"])
        kind, severity = rule.pop("kind"), rule.pop("severity", "major")
        rule.pop("name")
        shown.add_row(one["name"], kind, severity, ", ".join(f"{name} {value}" for name, value in rule.items()))
    context.show(found, [shown if found else Text("No rule yet.")], rows=[one["rule"] for one in found])


@command.command("add")
@click.argument("name")
@click.argument("kind")
@click.argument("figures", nargs=-1, metavar="[FIELD=VALUE]...")
@pass_context
def add(context: Context, name: str, kind: str, figures: tuple[str, ...]) -> None:
    """Add the rule NAME of this KIND, such as: cold specification quantity_kind=Temperature high=5 unit=CEL

    docs/quality-live.md says which fields each kind needs.
    """
    rule: dict[str, Any] = {"name": name, "kind": kind} | dict(_figure(each) for each in figures)
    with client(context.home, context.settings) as http:
        made = http.request("POST", "/quality/rules", json=rule).json()
    context.show(made, [Text(f"Rule {name} judges what arrives from now on.")])


@command.command("remove")
@click.argument("name")
@pass_context
def remove(context: Context, name: str) -> None:
    """Remove the rule NAME; its incidents are cleared."""
    with client(context.home, context.settings) as http:
        http.request("DELETE", f"/quality/rules/{quote(name, safe='')}")
    context.show({"removed": name}, [Text(f"Rule {name} is removed.")])


_TEXTS = {
    "severity", "sensor", "item", "place", "quantity_kind", "unit", "rules", "model", "card", "per", "arrives",
    "characteristic", "equipment", "chart", "market",
}  # fmt: skip


def _figure(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Usage(f"{text!r} is no FIELD=VALUE", advice="Write, for example, high=5.")
    if name in _TEXTS:
        return name, value
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
