"""What goes in comes out: organisations, API keys, jobs, quality rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.errors import InvalidInput, NotFound, Problem
from ledger.store import Store, api_keys, batches, events, jobs, organisations, quality
from ledger.store.organisations import Organisation


def test_an_organisation_is_found_by_id_and_can_change(store: Store, organisation: Organisation) -> None:
    with store.begin() as connection:
        changed = replace(organisation, policy="open", name="Grower")
        organisations.put(connection, changed)
        assert organisations.get(connection, organisation.id) == changed
        organisations.put(connection, organisation)
        assert organisations.list_all(connection) == [organisation]
        with pytest.raises(NotFound):
            organisations.get(connection, bytes(32))


def test_an_api_key_works_until_it_is_revoked_and_is_not_stored(store: Store, organisation: Organisation) -> None:
    with store.begin() as connection:
        key = api_keys.create(connection, "write", organisation_id=organisation.id, note="till 3")
        found = api_keys.authenticate(connection, key)
        assert found is not None
        assert (found.scope, found.organisation_id, found.note) == ("write", organisation.id, "till 3")
        secret = key.partition(".")[2]
        everything = connection.exec_driver_sql("select * from api_key").all()
        assert secret not in str(everything)
        api_keys.revoke(connection, found.id)
        assert api_keys.authenticate(connection, key) is None
        with pytest.raises(NotFound):
            api_keys.revoke(connection, found.id)
        assert [k.revoked_at is None for k in api_keys.list_all(connection)] == [False]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: key.removeprefix("lm_"),
        lambda key: key.partition(".")[0],
        lambda key: key.replace("lm_", "lm_0"),
        lambda key: "",
        lambda key: "lm_.\ud800",
    ],
)
def test_another_key_is_refused(store: Store, spoil) -> None:
    with store.begin() as connection:
        key = api_keys.create(connection, "read")
        assert api_keys.authenticate(connection, spoil(key)) is None


def test_an_unknown_scope_is_refused(store: Store) -> None:
    with store.begin() as connection, pytest.raises(InvalidInput, match="unknown scope"):
        api_keys.create(connection, "admin")


def test_a_job_is_unfinished_until_it_is_finished(store: Store, organisation: Organisation) -> None:
    with store.begin() as connection:
        first = jobs.create(connection, organisation.id, b'{"a": 1}')
        second = jobs.create(connection, organisation.id, b"[]", policy="open", error_behaviour="proceed")
    with store.read() as connection:
        assert [job.id for job in jobs.unfinished(connection)] == [first, second]
        assert jobs.document(connection, first) == b'{"a": 1}'
    problems = (Problem("too late", "event 0 /eventTime", "a time", "Set the clock"),)
    with store.begin() as connection:
        jobs.finish(connection, first, captured=3, known=1, problems=problems, success=False)
    with store.read() as connection:
        assert [job.id for job in jobs.unfinished(connection)] == [second]
        job = jobs.get(connection, first)
        assert (job.captured, job.known, job.success, job.problems) == (3, 1, False, problems)
        assert job.finished_at is not None
        newest = jobs.list_newest(connection)
        assert {job.id for job in newest} == {first, second}
        assert jobs.list_newest(connection, before=newest[-1].created_at) == []
        with pytest.raises(NotFound):
            jobs.get(connection, "none")
        with pytest.raises(NotFound):
            jobs.document(connection, "none")


def reading(time: int, **other: object) -> dict[str, object]:
    return {"time": time, "sensor": "s", "item": "urn:a", "quantity_kind": "T", "value": 4.0, "unit": "CEL"} | other


def test_readings_are_stored_once_and_selected_by_item_or_place_and_time(store: Store) -> None:
    with store.begin() as connection:
        rows = [reading(t) for t in range(10)] + [reading(3, sensor="other", item=None, place="urn:p")]
        assert quality.add_readings(connection, rows) == 11
        assert quality.add_readings(connection, [*rows, reading(99)]) == 1
        assert quality.add_readings(connection, []) == 0
        assert [r.time for r in quality.readings(connection, items=["urn:a"], start=2, end=5)] == [2, 3, 4]
        assert [r.sensor for r in quality.readings(connection, places=["urn:p"])] == ["other"]


@pytest.mark.parametrize("belongs", [{"place": "urn:p"}, {"item": None}])
def test_a_reading_belongs_to_an_item_or_to_a_place(store: Store, belongs: dict[str, object]) -> None:
    with store.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        quality.add_readings(connection, [reading(1, **belongs)])


def test_inspections_and_limits(store: Store) -> None:
    with store.begin() as connection:
        check = {"time": 1, "item": "urn:a", "characteristic": "length", "value": 2.0, "unit": "MMT"}
        gone = {"time": 2, "item": "urn:b", "characteristic": "look", "passed": True, "inspector": "Ada"}
        assert quality.add_inspections(connection, [check, gone]) == 2
        assert quality.add_inspections(connection, [check]) == 0
        found = quality.inspections_of(connection, ["urn:b", "urn:a", "urn:c"])
        assert [(row.item, row.passed) for row in found] == [("urn:a", None), ("urn:b", True)]
        quality.set_limit(connection, "urn:a", "T", low=0.0, high=8.0, unit="CEL")
        quality.set_limit(connection, "urn:a", "T", low=2.0, high=8.0, unit="CEL")
        quality.set_limit(connection, quality.ANY_ITEM, "T", low=None, high=30.0, unit="CEL")
        quality.set_limit(connection, "urn:z", "T", low=0.0, high=1.0, unit="CEL")
        assert [(row.item, row.low) for row in quality.limits(connection, ["urn:a"])] == [("", None), ("urn:a", 2.0)]
        assert len(quality.limits(connection)) == 3


def test_what_is_asked_every_round_needs_no_scan(store: Store, organisation: Organisation) -> None:
    """However many batches, transactions and jobs there have been."""
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        rows = connection.connection.cursor().execute("explain query plan " + statement, parameters)
        plans.extend(f"{row[3]}: {statement}" for row in rows)

    with store.read() as connection:
        sa.event.listen(connection, "before_cursor_execute", explain)
        batches.transactions_from(connection, b"s" * 20, 7)
        batches.in_flight(connection)
        batches.overtaken(connection, 7)
        batches.recorded_up_to(connection, 7)
        events.without_batch(connection, organisation.id, 10)
        jobs.list_newest(connection, 10)
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN") and "INDEX" not in plan] == []
