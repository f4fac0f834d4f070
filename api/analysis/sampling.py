"""Acceptance sampling as the API and the command line answer it; nothing here needs a ledger."""

from __future__ import annotations

from typing import Any

from api.quality.manufacturing.sampling.double import double_plan
from api.quality.manufacturing.sampling.find import RiskPoint, find_plan
from api.quality.manufacturing.sampling.operating import (
    Model,
    acceptance_probability,
    average_outgoing_quality_limit,
    operating_curve,
    quality_accepted_with,
)
from api.quality.manufacturing.sampling.plans import DoublePlan, Plan, SinglePlan
from api.quality.manufacturing.sampling.single import Severity, standard_plan
from api.quality.manufacturing.sampling.variables import find_variables_plan, variables_acceptance
from api.quality.plain import plain
from ledger.errors import InvalidInput

#: between Ac1 and Re1 of a double plan; the standard's largest is 5
MOST_UNDECIDED = 100

#: how a quality is measured: by attributes, or by variables with the process's σ known or estimated
METHODS = ("attributes", "sigma_known", "sigma_unknown")


def plan_for_lot(lot_size: int, aql: float, level: str, severity: str, *, double: bool) -> dict[str, Any]:
    """The standard's plan for a lot, and what it lets pass. Raises InvalidInput."""
    asked = standard_plan(lot_size, aql, level, severity)
    plan: Plan = asked.plan
    if double:
        if asked.severity is not Severity.NORMAL:
            raise InvalidInput(
                f"double plans of {severity} inspection are not tabulated here", expected="normal inspection"
            )
        plan = double_plan(lot_size, aql, level)
    drawn = plan.n1 + plan.n2 if isinstance(plan, DoublePlan) else plan.n
    # of a sample as large as the lot no more than the lot is drawn, and can let anything pass
    judged = SinglePlan(min(plan.n, lot_size), plan.ac, plan.re) if isinstance(plan, SinglePlan) else plan
    return {
        "lot_size": lot_size, "level": level, "aql": aql, "severity": asked.severity.value,
        "code_letter": asked.code_letter, "plan_letter": asked.plan_letter, "plan": plan_as_lists(plan),
        "sample_size": min(drawn, lot_size), "inspect_all": drawn >= lot_size,
        **_summary(judged, Model.BINOMIAL, None),
        "accepted_at_aql": float(acceptance_probability(judged, aql / 100)),
    }  # fmt: skip


def operating_characteristic(plan: Plan, model: str, lot_size: int | None) -> dict[str, Any]:
    """The curve of any plan, with the qualities that pass in 95 % and 10 % of cases, and AOQL. Raises InvalidInput."""
    chosen = Model(model)
    return {
        "plan": plan_as_lists(plan), "model": chosen.value, "lot_size": lot_size,
        **_summary(plan, chosen, lot_size), "curve": plain(operating_curve(plan, chosen, lot_size)),
    }  # fmt: skip


def plan_through(
    producer: RiskPoint, consumer: RiskPoint, *, method: str, model: str, lot_size: int | None
) -> dict[str, Any]:
    """The smallest plan that keeps both promises, and what it reaches. Raises InvalidInput."""
    points = [producer.quality, consumer.quality]
    plan: dict[str, list[int]] | None = None
    variables: dict[str, float] | None = None
    if method == "attributes":
        attributes = find_plan(producer, consumer, model, lot_size)
        reached = acceptance_probability(attributes, points, model, lot_size)
        plan = plan_as_lists(attributes)
    else:
        measured = find_variables_plan(producer, consumer, sigma_known=method == "sigma_known")
        reached = variables_acceptance(measured, points)
        variables = {"n": measured.n, "k": measured.k}
    return {
        "method": method, "model": Model(model).value if method == "attributes" else None, "lot_size": lot_size,
        "plan": plan, "variables": variables,
        "producer": {"quality": producer.quality, "promised": producer.probability, "reached": float(reached[0])},
        "consumer": {"quality": consumer.quality, "promised": consumer.probability, "reached": float(reached[1])},
    }  # fmt: skip


def plan_of(n: list[int], ac: list[int], re: list[int]) -> Plan:
    """A single plan from one number each, a double plan from two. Raises InvalidInput."""
    if len(n) == len(ac) == 1 and len(re) <= 1:
        return SinglePlan(n[0], ac[0], re[0] if re else ac[0] + 1)
    if len(n) == len(ac) == 2 and 1 <= len(re) <= 2 and (len(re) == 1 or re[1] == ac[1] + 1):
        if re[0] - ac[0] > MOST_UNDECIDED:
            raise InvalidInput(
                f"Re1 {re[0]} lies {re[0] - ac[0]} above Ac1 {ac[0]}", expected=f"at most {MOST_UNDECIDED} between them"
            )
        return DoublePlan(n[0], n[1], ac[0], re[0], ac[1])
    raise InvalidInput(
        "these numbers make neither a single nor a double plan",
        expected="n, Ac and Re once, or n and Ac twice with the first Re (the second is Ac2 + 1)",
    )


def plan_as_lists(plan: Plan) -> dict[str, list[int]]:
    """One number each, or two: n, Ac, Re."""
    if isinstance(plan, DoublePlan):
        return {"n": [plan.n1, plan.n2], "ac": [plan.ac1, plan.ac2], "re": [plan.re1, plan.re2]}
    return {"n": [plan.n], "ac": [plan.ac], "re": [plan.re]}


def _summary(plan: Plan, model: Model, lot_size: int | None) -> dict[str, float]:
    limit, at = average_outgoing_quality_limit(plan, model, lot_size)
    return {
        "quality_95": quality_accepted_with(plan, 0.95, model, lot_size),
        "quality_10": quality_accepted_with(plan, 0.10, model, lot_size),
        "aoql": limit,
        "aoql_at": at,
    }
