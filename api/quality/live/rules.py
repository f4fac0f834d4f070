"""Rules that are run as readings arrive: what they are about, and the figures that each kind needs.

| kind | its condition |
|---|---|
| specification | a value below `low` or above `high`; without either, what the specifications say |
| excursion | the same, without a break for `seconds` |
| forecast | the line through the last `readings` values (least squares) leaves the limits within `horizon` seconds |
| rate | since a reading at least `over` seconds before the value changes by more than `rate` per minute |
| stuck | for `seconds`, and in at least `readings` readings, the value changes by no more than `tolerance` |
| missing | no reading for `seconds`, or for `intervals` times the usual interval |
| spc | a run rule of the set `rules` fires against `center` and `sigma`, each reading a point; or: a point of the chart
of `characteristic` (with `item`, `equipment`, `place`, `sensor` as they were frozen) does against its frozen limits |
| model | of the latest values of its inputs, all within `seconds`, it gives `threshold` (else its card's) or more |
| shelf_life | the life that is left at `reference` degrees is shorter than the time until `arrives` |

Severities are ThingsBoard's. A rule is data: it is stored and sent as JSON, with the field names of `Rule`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, get_args, get_type_hints

import numpy as np

from api.quality.kinds import KINDS as QUANTITY_KINDS
from api.quality.kinds import is_kind, kind_advice
from api.quality.spc.rules import rule_set
from api.quality.units import compatible, convert, require_unit
from ledger.errors import InvalidDocument, InvalidInput, Problem
from ledger.events import parse_time

SEVERITIES = ("critical", "major", "minor", "warning")
#: kind → the fields that it needs; of a tuple within it, at least one
KINDS: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "specification": ("quantity_kind",),
    "excursion": ("quantity_kind", "seconds"),
    "forecast": ("quantity_kind", ("low", "high"), "horizon"),
    "rate": ("quantity_kind", "rate"),
    "stuck": ("seconds",),
    "missing": (("seconds", "intervals"),),
    "spc": ("quantity_kind", "center", "sigma"),  # none of them with a characteristic
    "model": ("model", "seconds"),
    "shelf_life": ("life", "reference", "q10", "arrives"),
}
_WHOLE = ("readings", "version")
#: how many of a series' last readings a rule can look back on
MEMORY = 32


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Patterns are as of a shell (`*`, `?`); an empty one fits all. Figures in `unit`, times in seconds."""

    name: str
    kind: str
    severity: str = "major"
    sensor: str = ""
    item: str = ""
    place: str = ""
    quantity_kind: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    #: whose specifications count before those for all markets, where neither low nor high is given
    market: str = ""
    #: it is over only once the value (or rate) is this far within the limits, for `clear_after` seconds
    hysteresis: float = 0.0
    clear_after: float = 0.0
    seconds: float | None = None
    intervals: float | None = None
    readings: int = 6
    horizon: float | None = None
    rate: float | None = None
    over: float = 60.0
    tolerance: float = 0.0
    center: float | None = None
    sigma: float | None = None
    rules: str = "nelson"
    #: whose limits are frozen; then the patterns are names, and `chart` and `version` say which limits
    characteristic: str = ""
    equipment: str = ""
    chart: str = ""
    version: int | None = None
    model: str = ""
    #: the model's card, filled in when the rule is added
    card: str = ""
    #: what a model's inputs are gathered by: the item or place they are of, or `sensor`
    per: str = ""
    threshold: float | None = None
    life: float | None = None
    reference: float | None = None
    q10: float | None = None
    arrives: str = ""

    def applies(self, sensor: str, quantity_kind: str, item: str | None, place: str | None) -> bool:
        """Whether the rule is about such readings."""
        pairs = ((self.sensor, sensor), (self.item, item), (self.place, place), (self.quantity_kind, quantity_kind))
        if self.kind == "shelf_life" and quantity_kind != "Temperature":
            return False
        return all(not pattern or (text is not None and fnmatchcase(text, pattern)) for pattern, text in pairs)

    def point(self, value: float | None) -> float:
        """A value of this rule in the unit in which its quantity kind is compared; NaN where there is none."""
        if value is None:
            return math.nan
        if not self.unit or not reference_unit(self.quantity_kind):
            return value
        return float(convert(np.array([value]), self.unit, reference_unit(self.quantity_kind))[0])

    def span(self, value: float) -> float:
        """A difference of two values, likewise."""
        return self.point(value) - self.point(0.0)

    @property
    def arrival(self) -> int:
        """`arrives` in microseconds."""
        return parse_time(self.arrives)


def reference_unit(quantity_kind: str) -> str:
    """The unit in which values of this kind are compared; empty where they stay as they come."""
    return QUANTITY_KINDS.get(quantity_kind, "")


def rule_from(value: Mapping[str, Any]) -> Rule:
    """A rule from its JSON form. Raises InvalidDocument with every problem."""
    problems = [*_shape(value)]
    if problems:
        raise InvalidDocument(problems)
    integral = {name: float(each) for name, each in value.items() if isinstance(each, int) and name not in _WHOLE}
    rule = Rule(**{**value, **integral})
    problems = [*_needs(rule), *_figures(rule), *_words(rule)]
    if problems:
        raise InvalidDocument(problems)
    return rule


def _shape(value: Mapping[str, Any]) -> list[Problem]:
    """Unknown fields, and values of the wrong type."""
    types = get_type_hints(Rule)
    known = {field.name for field in fields(Rule)}
    found = [Problem("unknown field", f"/{name}", ", ".join(sorted(known))) for name in value if name not in known]
    for name in ("name", "kind"):
        if not value.get(name):
            found.append(Problem("is missing", f"/{name}", "a text"))
    for name, each in value.items():
        if name in known and not _fits(each, types[name]):
            found.append(Problem(f"{type(each).__name__} does not fit", f"/{name}", _expected(types[name])))
    return found


def _fits(value: Any, kind: Any) -> bool:
    allowed = get_args(kind) or (kind,)
    if isinstance(value, bool):
        return False
    if isinstance(value, int) and float in allowed:
        return abs(value) < 2**53
    return isinstance(value, allowed) and not (isinstance(value, float) and not math.isfinite(value))


def _expected(kind: Any) -> str:
    words = {str: "a text", int: "a whole number", float: "a finite number", type(None): "null"}
    return " or ".join(words[each] for each in get_args(kind) or (kind,))


def _needs(rule: Rule) -> list[Problem]:
    if rule.kind not in KINDS:
        return [Problem(f"unknown kind {rule.kind!r}", "/kind", ", ".join(KINDS))]
    found = []
    for need in () if rule.characteristic and rule.kind == "spc" else KINDS[rule.kind]:
        names = (need,) if isinstance(need, str) else need
        if all(getattr(rule, name) in (None, "") for name in names):
            found.append(Problem(f"a rule of kind {rule.kind} needs {' or '.join(names)}", f"/{names[0]}"))
    return found


def _figures(rule: Rule) -> list[Problem]:
    found = []
    for name in ("seconds", "intervals", "horizon", "rate", "sigma", "life", "over"):
        value = getattr(rule, name)
        if value is not None and value <= 0:
            found.append(Problem(f"{value:g} is not above 0", f"/{name}", "a number above 0"))
    for name in ("hysteresis", "clear_after", "tolerance"):
        if getattr(rule, name) < 0:
            found.append(Problem("is below 0", f"/{name}", "0 or more"))
    if not 2 <= rule.readings <= MEMORY:
        found.append(Problem(f"{rule.readings} readings", "/readings", f"2 to {MEMORY}"))
    if rule.low is not None and rule.high is not None and rule.low > rule.high:
        found.append(Problem("low is above high", "/low", f"at most {rule.high:g}"))
    if rule.q10 is not None and rule.q10 < 1:
        found.append(Problem("is below 1", "/q10", "1 or more"))
    return found


def _words(rule: Rule) -> list[Problem]:
    found = []
    if not (rule.name.isprintable() and not {"|", "/"} & {*rule.name} and len(rule.name) <= 100):
        found.append(Problem("is no name", "/name", "up to 100 printable characters without | and /"))
    if rule.severity not in SEVERITIES:
        found.append(Problem(f"unknown severity {rule.severity!r}", "/severity", ", ".join(SEVERITIES)))
    if rule.per not in ("", "sensor"):
        found.append(Problem(f"unknown {rule.per!r}", "/per", "sensor, or nothing: by item or place"))
    checks: list[tuple[str, Callable[[], object]]] = [("/rules", partial(rule_set, rule.rules))]
    if rule.arrives:
        checks.append(("/arrives", partial(parse_time, rule.arrives)))
    if rule.quantity_kind and not is_kind(rule.quantity_kind):
        found.append(Problem("unknown quantity kind", "/quantity_kind", advice=kind_advice(rule.quantity_kind)))
    if rule.unit:
        checks.append(("/unit", partial(require_unit, rule.unit)))
    for where, check in checks:
        try:
            check()
        except InvalidInput as error:
            found.extend(problem.within(where) for problem in error.problems)
    reference = reference_unit(rule.quantity_kind)
    if not found and rule.unit and reference and not compatible(rule.unit, reference):
        found.append(Problem(f"{rule.quantity_kind} cannot be in {rule.unit}", "/unit", f"such as {reference}"))
    return found
