"""The thread that evaluates readings: whatever is committed in the store and was not evaluated yet, in order.

Readings come by HTTP, from files and over MQTT; all of them are rows in the store before they are looked at here. How
far we have come is stored with what was found, in one transaction: after a kill at any point the next start goes on
with the next reading, and nothing is found twice. What the rules remember is brought back by going through the last
readings once more, without telling anyone.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, func, select

from api.live import book, charts
from api.live.installed import Installed, models_of
from api.live.specified import Specifications, fingerprint
from api.quality.live import Arrivals, Cleared, Evaluator, Finding, Raised, Rule, rule_from
from ledger.errors import Problem
from ledger.store import Store, incidents, live_rules, meta
from ledger.store.clock import now
from ledger.store.quality_tables import reading

_CURSOR = "live_reading"
_BATCH = 20_000
#: readings that are gone through again at a start
_REMEMBERED = 100_000
#: the clock ticks so often, seconds
_TICK = 0.2
_RECHECK = 60_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the engine is, for `/health`."""

    rules: int = 0
    evaluated: int = 0
    late: int = 0


class Engine:
    """`told` is called after a commit that others are to be told of."""

    def __init__(self, store: Store, told: Callable[[], None], home: Path) -> None:
        self._store, self._told, self._home = store, told, home
        self._models: dict[str, Installed] = {}
        self._wake = threading.Event()
        self._stale = True
        self._started = now()
        self._cursor = 0
        self._evaluator = Evaluator([])
        self._fingerprint: tuple[Any, ...] = ()
        self._checked = 0
        self.progress = Progress()
        self._charted: list[Rule] = []
        self._model_problems: list[Problem] = []
        self._chart_problems: dict[str, list[Problem]] = {}

    @property
    def problems(self) -> list[Problem]:
        """What keeps rules from being run."""
        return [*self._model_problems, *(problem for each in [*self._chart_problems.values()] for problem in each)]

    def begin(self) -> None:
        """Note where we are, before anything can arrive: what arrives from now on will be evaluated."""
        with self._store.begin() as connection:
            known = meta.get(connection, _CURSOR)
            if known is None:
                known = str(connection.scalar(select(func.max(reading.c.id))) or 0)
                meta.put(connection, _CURSOR, known)
            self._cursor = int(known)

    def arrived(self) -> None:
        """Readings were committed."""
        self._wake.set()

    def reload(self) -> None:
        """Rules were added or removed, or incidents closed."""
        self._stale = True
        self._wake.set()

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            if not self.step():
                self._wake.wait(_TICK)
                self._wake.clear()

    def step(self) -> bool:
        """Evaluate one batch, and the clock; whether there may be more to do at once."""
        try:
            if self._stale:
                self._rebuild()
            with self._store.read() as connection:
                rows = _rows(connection, self._cursor, _BATCH)
                self._look_at_specifications(connection)
            self._look_at_charts()
            findings = self._evaluator.evaluate(_arrivals(rows)) if rows else []
            findings += self._evaluator.tick(now())
            if rows or findings:
                self._commit(findings, int(rows[-1].id) if rows else self._cursor)
        except BaseException:
            self._stale = True  # what it remembers is ahead of what is written
            raise
        self.progress = replace(self.progress, evaluated=self.progress.evaluated + len(rows), late=self._evaluator.late)
        return len(rows) == _BATCH

    def _commit(self, findings: Sequence[Finding], cursor: int) -> None:
        told_why = self._explained(findings)
        with self._store.begin() as connection:
            told = book.write(connection, told_why) if findings else 0
            if cursor != self._cursor:
                meta.put(connection, _CURSOR, str(cursor))
        self._cursor = cursor
        if told:
            self._told()

    def _look_at_charts(self) -> None:
        for rule in self._charted:
            with self._store.read() as connection:
                looked = charts.look(connection, rule, now())
            if looked is not None:
                with self._store.begin() as connection:
                    told = book.write(connection, looked.findings)
                    charts.put_mark(connection, rule, looked.mark)
                self._chart_problems[rule.name] = [looked.problem] if looked.problem else []
                if told:
                    self._told()

    def _explained(self, findings: Sequence[Finding]) -> list[Finding]:
        """What moved a model's verdict, where an incident opens or gets worse: too dear for every reading."""
        causes = sorted({one.cause for one in findings if isinstance(one, Raised) and one.kind == "model"})
        if not causes:
            return [*findings]
        with self._store.read() as connection:
            rows = incidents.live_by_cause(connection, causes)
        known: dict[str, float] = {cause: json.loads(row.evidence)["worst"]["badness"] for cause, row in rows.items()}
        explained: list[Finding] = []
        for one in findings:
            if isinstance(one, Cleared):
                known.pop(one.cause, None)
            elif one.kind == "model" and one.evidence["worst"]["badness"] > known.get(one.cause, -math.inf):
                worst = one.evidence["worst"]
                known[one.cause] = worst["badness"]
                moved = {"moved_by": self._models[one.evidence["model"]].moved_by(worst["inputs"])}
                one = replace(one, evidence=one.evidence | {"worst": worst | moved})
            explained.append(one)
        return explained

    def _rebuild(self) -> None:
        self._stale = False
        with self._store.read() as connection:
            rules = [rule_from(json.loads(row.rule)) for row in live_rules.list_all(connection)]
            self._fingerprint, specified = fingerprint(connection), Specifications(connection, now())
            self._specified = specified
            self._models, self._model_problems = models_of(self._home, rules)
            models = {name: one.model for name, one in self._models.items()}
            self._charted = [rule for rule in rules if charts.is_charted(rule)]
            self._chart_problems = {rule.name: [] for rule in self._charted}
            evaluator = Evaluator(
                [rule for rule in rules if not charts.is_charted(rule)], specified=self._now_specified, models=models
            )
            rows = _rows(connection, self._cursor - _REMEMBERED, _REMEMBERED, self._cursor) if rules else []
            live = incidents.live_causes(connection)
        self._clear_orphans({rule.name for rule in rules}, live)
        if rows:
            evaluator.evaluate(_arrivals(rows))
        evaluator.resume(live, heard=int(rows[-1].imported_at) if rows else 0, listening=self._started)
        evaluator.late = 0
        self._evaluator = evaluator
        self.progress = replace(self.progress, rules=len(rules))

    def _clear_orphans(self, names: set[str], live: Sequence[str]) -> None:
        """Of a rule that was removed while it was being run."""
        for name in {cause.partition("|")[0] for cause in live} - names - {""}:
            with self._store.begin() as connection:
                book.clear_rule(connection, name)

    def _now_specified(self, subject: str, kind: str, market: str) -> tuple[float, float]:
        return self._specified(subject, kind, market)

    def _look_at_specifications(self, connection: Connection) -> None:
        """Again once they change, and every minute, for some begin or end."""
        at = now()
        found = fingerprint(connection)
        if found != self._fingerprint or at - self._checked > _RECHECK:
            self._fingerprint, self._checked = found, at
            self._specified = Specifications(connection, at)
            self._evaluator.forget_bounds()


def _rows(connection: Connection, after: int, limit: int, last: int | None = None) -> Sequence[Row[Any]]:
    statement = select(reading).where(reading.c.id > after).order_by(reading.c.id).limit(limit)
    return connection.execute(statement if last is None else statement.where(reading.c.id <= last)).all()


def _arrivals(rows: Sequence[Row[Any]]) -> Arrivals:
    return Arrivals(
        np.array([row.time for row in rows], dtype=np.int64),
        [row.sensor for row in rows],
        [row.item for row in rows],
        [row.place for row in rows],
        [row.quantity_kind for row in rows],
        np.array([row.value for row in rows], dtype=np.float64),
        [row.unit for row in rows],
        np.array([row.imported_at for row in rows], dtype=np.int64),
    )
