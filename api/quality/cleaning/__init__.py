"""Cleaning as an explicit, recorded pipeline: which readings do not count, by which rule, with which parameters.

Nothing is changed and nothing dropped: a reading that does not count keeps its row and its value, and its time becomes
unknown, never in range.
"""

from __future__ import annotations

from api.quality.cleaning.clean import Cleaned, StepRecord, clean
from api.quality.cleaning.pipeline import DEFAULT, Pipeline, Step, pipeline_of

__all__ = ["DEFAULT", "Cleaned", "Pipeline", "Step", "StepRecord", "clean", "pipeline_of"]
