"""One lot (or item) on one screen: what it is, what was decided, what calls for attention, and everything behind it."""

from __future__ import annotations

from api.analysis.lot.lot import lot_of

__all__ = ["lot_of"]
