"""The assembled ledger: one home's store, chain and keys, opened together.

    Ledger.create(path, settings)                  a new home: keys, chain, contracts, store
    with Ledger.open(path, settings) as ledger:    the only process that has it
        ledger.add_organisation("https://id.gs1.org/417/9521000000008", "Sunny Fields")
        ledger.jobs.accept(document, organisation_id)
        ledger.trace(item)

Knows no HTTP. Everything here may block; threads may share one Ledger.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any, Self

from ledger.batch import Domain, organisation_id
from ledger.capture_jobs import CaptureJobs
from ledger.chain import Chain, connect, contracts
from ledger.chain.contracts import Deployment
from ledger.chain.guard import ChainIdentity, check, identify
from ledger.chain.refusals import Reason, TransactionRefused
from ledger.errors import Forbidden, InvalidInput
from ledger.home import Home, Settings
from ledger.home.settings import FILE_NAME
from ledger.identifiers import parse_item
from ledger.keys import CARRIER, KeyStore, find_password
from ledger.proof.bundle import Bundle
from ledger.proof.prove import prove
from ledger.recording import Limits, Recorder
from ledger.store import Store, meta, organisations
from ledger.store.organisations import Organisation

_ATTEMPTS = 5


class Ledger:
    """An open home. Made by `open`; closing it gives the home back."""

    def __init__(self, home: Home, settings: Settings, store: Store, chain: Chain, keys: KeyStore) -> None:
        self.home = home
        self.settings = settings
        self.store = store
        self.chain = chain
        self.keys = keys
        self._registering = Lock()
        self.identity, self.deployment = _read_identity(store)
        self.jobs = CaptureJobs(store, settings.max_document_bytes)
        self.recorder = Recorder(store, chain, self.deployment, keys, Limits(commitments=settings.batch_size))

    @classmethod
    def create(
        cls, path: Path, settings: Settings, *, carrier_key: bytes | None = None, ledger: bytes | None = None
    ) -> None:
        """Make a home at `path`: all of it, or nothing.

        On a node, `carrier_key` is the private key of an account with funds; `ledger` is the address of contracts that
        are there already, else new ones are deployed. Raises Conflict where something is, ChainUnavailable, WrongChain.
        """

        def prepare(draft: Path) -> None:
            keys = KeyStore(draft / "keys")
            carrier, _ = keys.create_with_password_file(CARRIER, private_key=carrier_key)
            chain = _connect(draft, settings, carrier)
            try:
                deployment = _attach(chain, ledger) if ledger else contracts.deploy(chain, _unlocked(keys, carrier))
                _write_identity(draft, identify(chain, deployment.ledger), deployment)
            finally:
                chain.close()
            _write_settings(draft, settings)

        Home.create(path, prepare)

    @classmethod
    def open(cls, path: Path, settings: Settings) -> Self:
        """Take the home, unlock its keys, connect to its chain.

        Raises NotFound, HomeBusy, Forbidden for a wrong password, ChainUnavailable, WrongChain.
        """
        with ExitStack() as undo:
            home = Home.open(path)
            undo.callback(home.close)
            keys = KeyStore(path / "keys")
            _unlock(keys, CARRIER, "the account that carries transactions")
            (carrier,) = keys.addresses(CARRIER)
            store = Store.open(path)
            undo.callback(store.close)
            chain = _connect(path, settings, carrier)
            undo.callback(chain.close)
            opened = cls(home, settings, store, chain, keys)
            check(chain, opened.identity)
            opened._unlock_organisations()
            undo.pop_all()
        return opened

    def close(self) -> None:
        self.keys.lock()
        self.store.close()
        self.chain.close()
        self.home.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def domain(self) -> Domain:
        """Which ledger on which chain: what headers are signed for, and bundles speak of."""
        return Domain(self.identity.chain_id, self.identity.ledger)

    # organisations

    def add_organisation(
        self,
        uri: str,
        name: str,
        *,
        company_prefixes: Sequence[str] = (),
        policy: str = "sealed",
        password: str | None = None,
    ) -> Organisation:
        """Make an organisation whose key this home holds, and register it. Doing it again brings it up to date.

        Without a `password` a random one is kept in a file beside the key. Raises InvalidInput for a URI that is none.
        """
        uri = parse_item(uri).uri
        for prefix in company_prefixes:
            if not re.fullmatch("[0-9]{4,12}", prefix):
                raise InvalidInput(f"{prefix!r} is no GS1 company prefix", expected="4 to 12 digits")
        new = Organisation(organisation_id(uri), uri, name, tuple(company_prefixes), policy, custodial=True)
        with self._registering:
            if not self.keys.addresses(new.id):
                if password is None:
                    self.keys.create_with_password_file(new.id)
                else:
                    self.keys.create(new.id, password)
            with self.store.begin() as connection:
                organisations.put(connection, new)
            self._register(new)
        return new

    def organisations(self) -> list[Organisation]:
        with self.store.read() as connection:
            return organisations.list_all(connection)

    def organisation(self, name: str) -> Organisation:
        """The organisation of this URI, id or name. Raises InvalidInput where none or more than one is meant."""
        known = self.organisations()
        found = [one for one in known if name in (one.uri, one.name, "0x" + one.id.hex())]
        if len(found) != 1:
            raise InvalidInput(
                f"{'no' if not found else 'more than one'} organisation is called {name!r}",
                expected="one of " + ", ".join(f"{one.name} ({one.uri})" for one in known) if known else "",
                advice="Add one with `lotmark org add`." if not known else "",
            )
        return found[0]

    def _register(self, organisation: Organisation) -> None:
        """Make the registry know the organisation with its key, unless it does: safe after a kill at any point."""
        (carrier,) = self.keys.addresses(CARRIER)
        registry, key = self.deployment.registry, self.keys.addresses(organisation.id)[0]
        for last in (False,) * _ATTEMPTS + (True,):
            if contracts.is_registered(self.chain, registry, organisation.uri):
                return
            try:
                carrier_key = _unlocked(self.keys, carrier)
                contracts.register_organisation(self.chain, registry, carrier_key, organisation.uri, key)
            except TransactionRefused as refusal:
                # the recorder sends from the same account, and took the nonce
                if last or refusal.reason not in (Reason.NONCE_TOO_LOW, Reason.UNDERPRICED, Reason.ALREADY_KNOWN):
                    raise

    def _unlock_organisations(self) -> None:
        for organisation in self.organisations():
            if organisation.custodial:
                _unlock(self.keys, organisation.id, f"the keys of {organisation.name}")
                self._register(organisation)

    # proofs

    def prove(self, commitments: Sequence[bytes], *, hide: Collection[str] = ()) -> Bundle:
        """A bundle of these events, see `ledger.proof.prove`."""
        return prove(self.store, self.domain, commitments, hide=hide)


def _connect(path: Path, settings: Settings, carrier: bytes) -> Chain:
    return connect(
        settings.chain,
        path=path / "chain.sqlite",
        carrier=carrier,
        finality_depth=settings.finality_depth,
        timeout=settings.rpc_timeout,
    )


def _unlocked(keys: KeyStore, address: bytes) -> bytes:
    key = keys.unlocked(address)
    if key is None:
        raise Forbidden(f"the key of 0x{address.hex()} is locked", advice="Give its password.")
    return key


def _unlock(keys: KeyStore, organisation: bytes, what: str) -> None:
    """Unlock all its keys: with the password beside them, in the file that the environment names, or asked for."""
    addresses = keys.addresses(organisation)
    if addresses:
        beside = keys.password_file(organisation)
        password = find_password(what, file=beside if beside.exists() else None)
        for address in addresses:
            keys.unlock(address, password)


def _attach(chain: Chain, address: bytes) -> Deployment:
    """Contracts that are there already; their block is not known, so that the follower looks from the first one on."""
    registry = contracts.registry_of(chain, address)
    return Deployment(registry, address, 0, contracts.code_hash(chain, registry), contracts.code_hash(chain, address))


def _write_identity(directory: Path, identity: ChainIdentity, deployment: Deployment) -> None:
    store = Store.open(directory)
    try:
        with store.begin() as connection:
            meta.put(connection, "chain", _to_json(identity))
            meta.put(connection, "deployment", _to_json(deployment))
    finally:
        store.close()


def _read_identity(store: Store) -> tuple[ChainIdentity, Deployment]:
    with store.read() as connection:
        chain, deployment = meta.get(connection, "chain"), meta.get(connection, "deployment")
    if chain is None or deployment is None:
        raise InvalidInput("the store does not say which chain it belongs to", where=str(store.directory))
    return ChainIdentity(**_from_json(chain)), Deployment(**_from_json(deployment))


def _to_json(value: ChainIdentity | Deployment) -> str:
    return json.dumps({name: v.hex() if isinstance(v, bytes) else v for name, v in asdict(value).items()})


def _from_json(text: str) -> dict[str, Any]:
    return {name: bytes.fromhex(v) if isinstance(v, str) else v for name, v in json.loads(text).items()}


def _write_settings(directory: Path, settings: Settings) -> None:
    """What was given at the start and is not a default stays with the home."""
    chosen = settings.model_dump(exclude_defaults=True)
    lines = [f"{name} = {json.dumps(value)}" for name, value in chosen.items()]
    (directory / FILE_NAME).write_text("\n".join(["# Settings of this home; see `lotmark config`", *lines]) + "\n")
