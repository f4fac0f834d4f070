"""A local time without its zone says no point in time."""

from __future__ import annotations

import pytest

from ledger.errors import InvalidDocument
from ledger.events import read_document

EVENT = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T08:15:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sgtin:9506000.013435.12345"],
}


@pytest.mark.parametrize("time", ["2026-03-01T08:15:00", "2026-03-01T08:15:00.123"])
def test_is_refused(time: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_document({**EVENT, "eventTime": time})
    [problem] = caught.value.problems
    assert (problem.where, problem.message) == ("/eventTime", f'"{time}" has no time zone')
    assert "with its zone" in problem.expected


@pytest.mark.parametrize(
    "time",
    ["22-07-2026", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01", "2.26-03-01T00:00:00Z", "x" * 999, 7],
)
def test_other_times_that_are_none(time: object) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_document({**EVENT, "eventTime": time})
    [problem] = caught.value.problems
    assert problem.where == "/eventTime"
    assert len(str(problem)) < 300
