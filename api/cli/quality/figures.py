"""What the commands about production runs share: the time that is meant, and shares in percent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def during(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which time is meant."""
    function = click.option("--end", help="Only before this time (RFC 3339).")(function)
    return click.option("--start", help="Only from this time on (RFC 3339).")(function)


def percent(share: float | None) -> str:
    """A fraction; None is not known."""
    return "unknown" if share is None else f"{share:.2%}"
