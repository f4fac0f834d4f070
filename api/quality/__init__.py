"""Quality measured along the way: readings, inspections and limits, joined with the steps of a trace.

Plain pandas in and out. Nothing here knows the server, the store or the chain: frames come in with the columns that
`columns` names, frames go out with the columns that each module names, and everything runs in a notebook.
"""

from __future__ import annotations

from api.quality.containment import containment
from api.quality.excursions import Excursion, excursion
from api.quality.inspections_csv import read_inspections
from api.quality.join import QUALITY_COLUMNS, quality_by_step
from api.quality.limits import resolve_limits
from api.quality.limits_csv import read_limits
from api.quality.readings_csv import read_readings
from api.quality.sensor_elements import sensor_readings
from api.quality.steps import steps
from api.quality.temperature import mean_kinetic_temperature

__all__ = [
    "QUALITY_COLUMNS",
    "Excursion",
    "containment",
    "excursion",
    "mean_kinetic_temperature",
    "quality_by_step",
    "read_inspections",
    "read_limits",
    "read_readings",
    "resolve_limits",
    "sensor_readings",
    "steps",
]
