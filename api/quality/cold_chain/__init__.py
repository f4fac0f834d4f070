"""What temperature did to goods: excursions, mean kinetic temperature, remaining shelf life."""

from __future__ import annotations
