"""Quality measured along the way: readings, inspections and limits, joined with the steps of a trace.

Plain pandas in and out. Nothing here knows the server, the store or the chain: frames come in with the columns that
`columns` names, frames go out with the columns that each module names, and everything runs in a notebook.
"""

from __future__ import annotations

from api.quality.cold_chain.excursions import Excursion, excursion
from api.quality.cold_chain.temperature import mean_kinetic_temperature
from api.quality.intake.files import (
    read_activities,
    read_equipment,
    read_factors,
    read_inspections,
    read_limits,
    read_readings,
    read_results,
    read_runs,
    read_specifications,
)
from api.quality.intake.ilmd import lot_attributes
from api.quality.intake.sensor_elements import sensor_readings
from api.quality.join.by_step import QUALITY_COLUMNS, quality_by_step
from api.quality.join.containment import containment
from api.quality.join.limits import resolve_limits
from api.quality.join.steps import steps

__all__ = [
    "QUALITY_COLUMNS",
    "Excursion",
    "containment",
    "excursion",
    "lot_attributes",
    "mean_kinetic_temperature",
    "quality_by_step",
    "read_activities",
    "read_equipment",
    "read_factors",
    "read_inspections",
    "read_limits",
    "read_readings",
    "read_results",
    "read_runs",
    "read_specifications",
    "resolve_limits",
    "sensor_readings",
    "steps",
]
