"""The join of readings, inspections and results with the genealogy: what belongs to which item, and when."""

from __future__ import annotations
