"""What fields, laboratories and mills say of goods: residues, certificates, mass, water, pests, footprints."""

from __future__ import annotations
