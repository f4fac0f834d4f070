"""A demonstration: two supply chains, wholly invented, that a person of either trade recognises.

Leafy salad from Californian fields to Texan stores, with a reefer that warms up and a logger that falls silent; pumps
from castings and bearings to waterworks, with one bad lot of bearings. Everything is marked synthetic, in names and in
events.
"""

from __future__ import annotations

from api.demonstration.demonstration import demonstration
from api.demonstration.model import DemoDocument, Demonstration, DemoOrganisation, Showcase

__all__ = ["DemoDocument", "DemoOrganisation", "Demonstration", "Showcase", "demonstration"]
