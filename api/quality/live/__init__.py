"""Rules over readings as they arrive, and incidents as a state machine: pure, without clock, store or network.

`Evaluator` turns readings, in whatever batches, into findings; `incidents` turns findings and people's decisions into
incidents, one live one per cause. What reads the store, tells webhooks and keeps time is `api.live`.
"""

from __future__ import annotations

from api.quality.live.arrivals import Arrivals
from api.quality.live.evaluator import Evaluator
from api.quality.live.findings import Cleared, Finding, Raised
from api.quality.live.incidents import CAUSE_CODES, Incident
from api.quality.live.modelled import Model
from api.quality.live.rules import KINDS, SEVERITIES, Rule, rule_from

__all__ = [
    "CAUSE_CODES",
    "KINDS",
    "SEVERITIES",
    "Arrivals",
    "Cleared",
    "Evaluator",
    "Finding",
    "Incident",
    "Model",
    "Raised",
    "Rule",
    "rule_from",
]
