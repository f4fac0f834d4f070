"""The rules that run as readings arrive, and the messages that could not be read."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from api.access import Reader, Writer
from api.bodies import documented_model, json_body
from api.live import book, charts
from api.live.forms import to_json
from api.live.installed import card_for
from api.models.live import DeadLetter, NewRule, RuleAnswer
from api.problem import responses
from api.quality.live import rule_from
from api.state import StateDependency
from ledger.events import format_time
from ledger.store import dead_letters, live_rules

router = APIRouter(tags=["live"])
_SHOWN = 100


@router.get("/quality/rules", response_model=list[RuleAnswer], summary="All rules", responses=responses(401, 403))
def get_rules(state: StateDependency, _: Reader) -> list[RuleAnswer]:
    with state.ledger.store.read() as connection:
        rows = live_rules.list_all(connection)
    return [
        RuleAnswer(name=row.name, rule=json.loads(row.rule), created_at=format_time(row.created_at)) for row in rows
    ]


@router.post(
    "/quality/rules",
    status_code=201,
    response_model=RuleAnswer,
    summary="Add a rule",
    responses=responses(400, 401, 403, 404, 409, 413, 415),
    openapi_extra=documented_model(NewRule),
)
def post_rule(state: StateDependency, _: Writer, new: Annotated[NewRule, json_body(NewRule)]) -> JSONResponse:
    """It judges what arrives from now on. A rule is never changed: remove it, and add another."""
    given = new.model_dump()
    rule = rule_from(given)
    if rule.kind == "model":
        given |= {"card": card_for(state.ledger.home.path, rule)}
    with state.ledger.store.begin() as connection:
        if charts.is_charted(rule):
            fixed = charts.begin(connection, rule)
            given |= {"chart": fixed.chart, "version": fixed.version}
        live_rules.add(connection, rule.name, to_json(given))
        row = next(each for each in live_rules.list_all(connection) if each.name == rule.name)
    state.worker.live.engine.reload()
    return JSONResponse({"name": rule.name, "rule": given, "created_at": format_time(row.created_at)}, 201)


@router.delete(
    "/quality/rules/{name}",
    status_code=204,
    response_class=Response,
    summary="Remove a rule; its incidents are cleared",
    responses=responses(400, 401, 403, 404),
)
def delete_rule(
    state: StateDependency, _: Writer, name: Annotated[str, Path(max_length=300, examples=["cold"])]
) -> None:
    with state.ledger.store.begin() as connection:
        live_rules.remove(connection, name)
        book.clear_rule(connection, name)
    state.worker.live.engine.reload()
    state.worker.live.changed()


@router.get(
    "/quality/dead-letters",
    response_model=list[DeadLetter],
    summary="Messages that could not be read, the newest first",
    responses=responses(401, 403),
)
def get_dead_letters(state: StateDependency, _: Reader) -> list[DeadLetter]:
    with state.ledger.store.read() as connection:
        rows = dead_letters.newest(connection, _SHOWN)
    return [
        DeadLetter(
            id=row.id,
            at=format_time(row.at),
            source=row.source,
            payload=row.payload.decode("utf-8", "backslashreplace"),
            size=row.size,
            reason=row.reason,
        )
        for row in rows
    ]
