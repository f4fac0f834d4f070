"""The names of a table's columns, checked before its rows are read."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import InvalidDocument, Problem


def checked_header(
    first: Sequence[object], required: Sequence[str], optional: Sequence[str], *, where: str = "", advice: str = ""
) -> list[str]:
    """The names as this package writes them: 'Quantity kind' is quantity_kind. InvalidDocument names every problem."""
    names = [str(name or "").strip().lower().replace(" ", "_") for name in first]
    expected = "columns " + ", ".join(required) + (f" (and perhaps {', '.join(optional)})" if optional else "")
    problems = [Problem(f"column {name} is missing", where, expected, advice) for name in required if name not in names]
    problems += [
        Problem(f"unknown column {_shown(first[at])}", where, expected, "Remove or rename it.")
        for at, name in enumerate(names)
        if name not in required and name not in optional
    ]
    problems += [
        Problem(f"column {name} occurs twice", where, expected)
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise InvalidDocument(problems[:100])
    return names


def _shown(name: object) -> str:
    text = str(name or "")
    return repr(text if len(text) <= 80 else text[:80] + "…")
