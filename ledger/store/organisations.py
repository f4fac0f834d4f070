"""Organisations known to this store: ours, and those whose records the follower met and whose URI is known."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Row, select

from ledger.errors import NotFound
from ledger.store.insert import insert
from ledger.store.tables import organisation


@dataclass(frozen=True, slots=True)
class Organisation:
    id: bytes
    uri: str
    name: str
    #: digits that its own items begin with
    company_prefixes: tuple[str, ...] = ()
    #: 'sealed' or 'open': how its events are captured unless a document says otherwise
    policy: str = "sealed"
    #: this home signs for it
    custodial: bool = False

    @classmethod
    def from_row(cls, row: Row[tuple[object, ...]]) -> Organisation:
        values = row._asdict()
        prefixes = tuple(filter(None, values.pop("company_prefixes").split(",")))
        return cls(company_prefixes=prefixes, **values)


def put(connection: Connection, new: Organisation) -> None:
    """Add the organisation, or bring what is known of it up to date."""
    values = {
        "name": new.name,
        "company_prefixes": ",".join(new.company_prefixes),
        "policy": new.policy,
        "custodial": new.custodial,
    }
    statement = insert(connection, organisation).values(id=new.id, uri=new.uri, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def get(connection: Connection, organisation_id: bytes) -> Organisation:
    row = connection.execute(select(organisation).where(organisation.c.id == organisation_id)).one_or_none()
    if row is None:
        raise NotFound(f"no organisation 0x{organisation_id.hex()}", advice="Add it with `lotmark org add`")
    return Organisation.from_row(row)


def list_all(connection: Connection) -> list[Organisation]:
    return [Organisation.from_row(row) for row in connection.execute(select(organisation).order_by(organisation.c.uri))]
