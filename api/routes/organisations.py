"""Organisations: listed for everyone, as the chain's registry lists them; added by the operator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from api.access import Operator
from api.bodies import documented_model, json_body
from api.models.organisations import NewOrganisation, OrganisationAnswer
from api.problem import responses
from api.state import State, StateDependency
from ledger.hexadecimal import hex_of
from ledger.store.organisations import Organisation

router = APIRouter(tags=["organisations"])


@router.get("/organisations", response_model=list[OrganisationAnswer], summary="Who is known here")
def get_organisations(state: StateDependency) -> list[OrganisationAnswer]:
    """Needs no key: their URIs and keys stand in the chain's registry."""
    return [_answer(state, one) for one in state.ledger.organisations()]


@router.post(
    "/organisations",
    status_code=201,
    response_model=OrganisationAnswer,
    summary="Make an organisation with a key, and register it on the chain",
    responses=responses(400, 401, 403, 409, 413, 415, 503),
    openapi_extra=documented_model(NewOrganisation),
)
def post_organisation(
    state: StateDependency, _: Operator, new: Annotated[NewOrganisation, json_body(NewOrganisation)]
) -> OrganisationAnswer:
    """For the operator only. Doing it again brings name, prefixes and policy up to date."""
    made = state.ledger.add_organisation(new.uri, new.name, company_prefixes=new.company_prefixes, policy=new.policy)
    return _answer(state, made)


def _answer(state: State, one: Organisation) -> OrganisationAnswer:
    return OrganisationAnswer(
        id=hex_of(one.id),
        uri=one.uri,
        name=one.name,
        company_prefixes=list(one.company_prefixes),
        policy="open" if one.policy == "open" else "sealed",
        custodial=one.custodial,
        keys=[hex_of(address) for address in state.ledger.keys.addresses(one.id)],
    )
