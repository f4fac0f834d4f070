"""POST /capture and its jobs: EPCIS 2.0 §12.6. A 202 means that the document is durable, whatever happens next."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from starlette.exceptions import HTTPException

from api.access import Caller, Reader, Writer
from api.bodies import JSON, body, documented
from api.models.capture import CaptureJob, ErrorBehaviour, capture_job
from api.problem import responses
from api.state import State, StateDependency
from ledger.errors import Forbidden, InvalidInput, NotFound
from ledger.store import jobs, organisations
from ledger.store.organisations import Organisation

router = APIRouter(tags=["capture"])

_EXAMPLE = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-06-01T05:30:00Z",
    "epcisBody": {
        "eventList": [
            {
                "type": "ObjectEvent",
                "eventTime": "2026-06-01T05:12:00Z",
                "eventTimeZoneOffset": "+02:00",
                "action": "ADD",
                "bizStep": "commissioning",
                "disposition": "active",
                "readPoint": {"id": "https://id.gs1.org/414/9521000000018"},
                "bizLocation": {"id": "https://id.gs1.org/414/9521000000018"},
                "quantityList": [
                    {
                        "epcClass": "https://id.gs1.org/01/09521000010017/10/H26-114",
                        "quantity": 1840,
                        "uom": "KGM",
                    }
                ],
            }
        ]
    },
}
_DOCUMENT = {
    "type": "object",
    "description": "an EPCISDocument, an EPCISQueryDocument or one event, valid under EPCIS 2.0's JSON Schema",
    "required": ["type"],
}


@router.post(
    "/capture",
    status_code=202,
    response_model=CaptureJob,
    summary="Capture a document of events",
    responses=responses(400, 401, 403, 413, 415),
    openapi_extra=documented(JSON, _DOCUMENT, _EXAMPLE),
)
def post_capture(
    state: StateDependency,
    caller: Writer,
    response: Response,
    document: Annotated[bytes, body(JSON)],
    organisation: Annotated[
        str | None,
        Query(
            max_length=500,
            description="URI, id or name of who vouches for the events; may be left out where the key belongs to one, "
            "or this server holds the key of only one",
        ),
    ] = None,
    policy: Annotated[
        Literal["sealed", "open"] | None, Query(description="instead of the organisation's own policy")
    ] = None,
    duplicate_keys: Annotated[
        Literal["refuse", "last"], Query(description="what a key that comes twice in one object means")
    ] = "refuse",
    error_behaviour: Annotated[
        ErrorBehaviour,
        Header(
            alias="GS1-Capture-Error-Behaviour",
            description="`rollback`: all events or none; `proceed`: those that are valid",
        ),
    ] = "rollback",
) -> CaptureJob:
    """The whole document is checked before the answer; a 202 says that it and its job are on disk."""
    vouching = _vouching(state, caller, organisation)
    job_id = state.ledger.jobs.accept(
        document, vouching.id, policy=policy, error_behaviour=error_behaviour, duplicate_keys=duplicate_keys
    )
    state.worker.wake()
    response.headers["Location"] = f"/capture/{job_id}"
    response.headers["GS1-EPCIS-Version"] = "2.0.0"
    with state.ledger.store.read() as connection:
        return capture_job(jobs.get(connection, job_id), vouching.uri)


@router.get(
    "/capture", response_model=list[CaptureJob], summary="The newest capture jobs", responses=responses(400, 401, 403)
)
def get_capture(
    state: StateDependency,
    caller: Reader,
    per_page: Annotated[int, Query(alias="perPage", ge=1, le=1000)] = 30,
) -> list[CaptureJob]:
    with state.ledger.store.read() as connection:
        found = jobs.list_newest(connection, per_page, organisation_id=caller.organisation_id)
        uris = {each.id: each.uri for each in organisations.list_all(connection)}
    return [capture_job(job, uris[job.organisation_id]) for job in found]


@router.get(
    "/capture/{captureID}",
    response_model=CaptureJob,
    summary="What became of a document",
    responses=responses(400, 401, 403, 404),
)
def get_capture_job(captureID: str, state: StateDependency, caller: Reader) -> CaptureJob:
    with state.ledger.store.read() as connection:
        job = jobs.get(connection, captureID)
        if caller.organisation_id not in (None, job.organisation_id):
            raise NotFound(f"no capture job {captureID} of your organisation")
        return capture_job(job, organisations.get(connection, job.organisation_id).uri)


def _vouching(state: State, caller: Caller, named: str | None) -> Organisation:
    """The organisation whose events they are: the key's, never another one's that a request names."""
    if caller.organisation_id is not None:
        with state.ledger.store.read() as connection:
            own = organisations.get(connection, caller.organisation_id)
        if named not in (None, own.uri, own.name, f"0x{own.id.hex()}"):
            raise HTTPException(403, f"this API key captures for {own.name} only")
        found = own
    else:
        found = state.ledger.organisation(named) if named is not None else _only_one(state)
    if not found.custodial:
        raise Forbidden(f"this server holds no key of {found.name}", advice="Capture where its key is.")
    return found


def _only_one(state: State) -> Organisation:
    custodial = [one for one in state.ledger.organisations() if one.custodial]
    if len(custodial) != 1:
        raise InvalidInput(
            "the request does not say whose events these are",
            expected="?organisation= one of " + ", ".join(one.uri for one in custodial) if custodial else "",
            advice="" if custodial else "Add an organisation with `lotmark org add`.",
        )
    return custodial[0]
