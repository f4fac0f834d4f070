"""The store: two SQLite files through SQLAlchemy Core. It knows no chain, no keys and no HTTP."""

from __future__ import annotations

from ledger.store.store import Store

__all__ = ["Store"]
