"""Tables on the terminal: plain, and whole: an identifier that does not fit goes on in the next line."""

from __future__ import annotations

from collections.abc import Collection

from rich.table import Table


def table(*headings: str, unbroken: Collection[str] = ()) -> Table:
    """`unbroken` are the headings of columns that keep their lines, such as times."""
    made = Table(box=None, pad_edge=False)
    for heading in headings:
        made.add_column(heading, overflow="fold", no_wrap=heading in unbroken)
    return made
