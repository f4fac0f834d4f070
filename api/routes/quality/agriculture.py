"""Residues, certificates of analysis, mass balances and footprints of lots. For callers with a key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.access import Reader
from api.analysis.laboratory import certificate_of, residues_of, retests_of, shown
from api.analysis.lot_masses import footprints_of, mass_balance_of
from api.analysis.subject import subject_of
from api.models.laboratory import CertificateAnswer, ResiduesAnswer, RetestAnswer
from api.models.lot_masses import FootprintAnswer, MassBalanceAnswer
from api.paths import ItemInPath
from api.problem import responses
from api.quality.agriculture.residues import RELATIVE_UNCERTAINTY
from api.quality.plain import plain
from api.routes.quality.moments import timestamp
from api.state import StateDependency
from ledger.identifiers import parse_item

router = APIRouter(tags=["quality"])

Market = Annotated[str, Query(max_length=64, description="where the goods are to be sold", examples=["EU"])]
Uncertainty = Annotated[
    float, Query(ge=0, le=1, allow_inf_nan=False, description="share of the value, where the laboratory states none")
]
Digest = Annotated[str | None, Query(pattern="^[0-9a-fA-F]{64}$", description="SHA-256, hex")]


@router.get(
    "/quality/residues/{item:path}",
    response_model=ResiduesAnswer,
    summary="Laboratory results of one item against its limits",
    responses=responses(400, 401, 403, 404),
)
def get_residues(
    state: StateDependency,
    _: Reader,
    item: ItemInPath,
    market: Market = "",
    default_limit: Annotated[
        float | None,
        Query(gt=0, le=1e6, allow_inf_nan=False, description="mg/kg where no limit is set; the EU's: 0.01"),
    ] = None,
    relative_uncertainty: Uncertainty = RELATIVE_UNCERTAINTY,
) -> JSONResponse:
    """A limit is exceeded when the value less its expanded uncertainty lies above it (SANTE/11312/2021).

    What lies below its limit of quantification is censored, never 0; if that limit lies above the MRL, it is unknown.
    """
    with state.ledger.store.read() as connection:
        subject = subject_of(connection, item)
        found = residues_of(
            connection,
            subject.uri,
            subject.lot,
            market=market,
            default_limit=default_limit,
            relative_uncertainty=relative_uncertainty,
        )
    return JSONResponse({"item": subject.uri, **found})


@router.get(
    "/quality/certificates/{item:path}",
    response_model=list[CertificateAnswer],
    summary="The certificates of analysis of one item, re-checked",
    responses=responses(400, 401, 403, 404),
)
def get_certificates(
    state: StateDependency,
    _: Reader,
    item: ItemInPath,
    certificate: Digest = None,
    document: Digest = None,
    market: Market = "",
    required: Annotated[list[Annotated[str, Query(max_length=200)]] | None, Query(max_length=100)] = None,
    relative_uncertainty: Uncertainty = RELATIVE_UNCERTAINTY,
) -> JSONResponse:
    """Each result against specification, unit, method, sample and accreditation; the document against its hash."""
    with state.ledger.store.read() as connection:
        subject = subject_of(connection, item)
        checks = certificate_of(
            connection,
            subject.uri,
            subject.lot,
            certificate=(certificate or "").lower(),
            document=document,
            market=market,
            required=required or (),
            relative_uncertainty=relative_uncertainty,
        )
    return JSONResponse([shown(check) for check in checks])


@router.get(
    "/quality/retests",
    response_model=list[RetestAnswer],
    summary="Stated results against your own retests",
    responses=responses(400, 401, 403, 404),
)
def get_retests(
    state: StateDependency,
    _: Reader,
    own: Annotated[str, Query(min_length=1, max_length=500, description="your own laboratory, as results name it")],
    analyte: Annotated[str | None, Query(max_length=200)] = None,
) -> JSONResponse:
    """Per analyte: paired differences (stated − own), a paired t test, and the EWMA of the differences."""
    with state.ledger.store.read() as connection:
        return JSONResponse(retests_of(connection, own, analyte))


@router.get(
    "/quality/mass-balance",
    response_model=MassBalanceAnswer,
    summary="Mass in against mass out, per process and per lot",
    responses=responses(400, 401, 403),
)
def get_mass_balance(
    state: StateDependency,
    _: Reader,
    item: Annotated[str | None, Query(max_length=2000, description="only its processes, and its own balance")] = None,
    history_until: Annotated[
        str | None,
        Query(max_length=64, description="RFC 3339; earlier steps set the limits", examples=["2026-06-01T00:00:00Z"]),
    ] = None,
) -> JSONResponse:
    """Closure is judged by an individuals chart of each process's own history, not by a fixed percentage."""
    only = None if item is None else parse_item(item).uri
    with state.ledger.store.read() as connection:
        return JSONResponse(mass_balance_of(connection, only=only, history_until=timestamp(history_until)))


@router.get(
    "/quality/footprint/{item:path}",
    response_model=FootprintAnswer,
    summary="Energy, water, carbon … of one lot",
    responses=responses(400, 401, 403, 404),
)
def get_footprint(state: StateDependency, _: Reader, item: ItemInPath) -> JSONResponse:
    """Activities times the factors on file, carried through mixing and splitting by mass.

    A missing factor or mass makes the lots concerned incomplete; it is never counted as 0.
    """
    uri = parse_item(item).uri
    with state.ledger.store.read() as connection:
        found = footprints_of(connection)
    lots = found.lots[found.lots["item"] == uri]
    return JSONResponse({"item": uri, "lots": plain(lots), "unallocated": plain(found.unallocated)})
