"""Opening the store: `content.sqlite` and `secrets.sqlite` in one directory, with guarantees that the rest relies on.

- Durable: WAL with `synchronous=FULL`; what a committed transaction wrote survives a power cut.
- One writer at a time: `begin` takes the write lock at once (BEGIN IMMEDIATE), so that what a transaction reads before
  it writes cannot change under it. Readers never wait and see one consistent state.
- Threads: every transaction has a connection of its own from a pool.

What this does not do: keep a second process away. That is the lock of the home.
"""

from __future__ import annotations

import secrets as random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event

from ledger.errors import Conflict, InvalidInput
from ledger.store import meta, migrate, secrets

_WRITES = "lotmark_writes"
_BUSY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. Use `with store.begin() as connection` to write and `with store.read() as connection` to read."""

    directory: Path
    engine: Engine = field(repr=False)
    secrets: Engine = field(repr=False)
    #: the key of the events' identity digests
    identity_key: bytes = field(repr=False)

    @classmethod
    def open(cls, directory: Path) -> Store:
        """Open, and if need be create or migrate, the store in `directory`. Repairs what a killed capture left."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        content_file, secrets_file = directory / "content.sqlite", directory / "secrets.sqlite"
        if secrets_file.exists() and not content_file.exists():
            raise InvalidInput(
                "the content file is missing, but its secrets are there",
                where=str(content_file),
                expected="both files of a store, or neither",
                advice="Restore content.sqlite from its backup, or move secrets.sqlite away",
            )
        content_engine, secrets_engine = _engine(content_file), _engine(secrets_file)
        try:
            migrate.upgrade(content_engine, "content", content_file)
            migrate.upgrade(secrets_engine, "secrets", secrets_file)
            identity_key = _pair(content_engine, secrets_engine, directory)
            _forget_orphans(content_engine, secrets_engine)
        except BaseException:
            content_engine.dispose()
            secrets_engine.dispose()
            raise
        return cls(directory, content_engine, secrets_engine, identity_key)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction on the content: committed at the end of the block, rolled back by any exception."""
        with _begin(self.engine) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction on the content: one consistent state, never blocked by a writer."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def begin_secrets(self) -> Iterator[Connection]:
        """A write transaction on the secrets. Never inside one on the content: the secret is committed first."""
        with _begin(self.secrets) as connection:
            yield connection

    @contextmanager
    def read_secrets(self) -> Iterator[Connection]:
        with self.secrets.connect() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()
        self.secrets.dispose()


@contextmanager
def _begin(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        yield connection


def _engine(file: Path) -> Engine:
    existed = file.exists()
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(file)),
        connect_args={"timeout": _BUSY_SECONDS},
        pool_size=8,
        max_overflow=-1,
        hide_parameters=True,  # errors are logged; secrets and sealed content must not be
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _start_transaction)
    try:
        engine.connect().close()
    except sa.exc.DatabaseError as error:
        engine.dispose()
        raise InvalidInput(
            f"cannot be opened as an SQLite database ({error.orig})",
            where=str(file),
            expected="a file that Lotmark wrote, in a directory it may write",
            advice="Restore it from a backup" if existed else "Choose another directory",
        ) from error
    file.chmod(0o600)
    return engine


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # this module starts transactions, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _start_transaction(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _pair(content_engine: Engine, secrets_engine: Engine, directory: Path) -> bytes:
    """Make sure that the two files belong together; the identity key."""
    with _begin(secrets_engine) as connection:
        store_id = secrets.home_key(connection, "store", random.token_bytes(32)).hex()
        identity_key = secrets.home_key(connection, "identity", random.token_bytes(32))
    with _begin(content_engine) as connection:
        known = meta.get(connection, "store")
        if known is None:
            meta.put(connection, "store", store_id)
        elif known != store_id:
            raise Conflict(
                "content.sqlite and secrets.sqlite are not of the same store",
                where=str(directory),
                advice="Restore both from backups of the same home",
            )
    return identity_key


def _forget_orphans(content_engine: Engine, secrets_engine: Engine) -> None:
    """Delete the secrets of events that a killed capture never committed; they can only be the newest ones."""
    before: int | None = None
    while True:
        with secrets_engine.connect() as connection:
            newest = secrets.newest(connection, before)
        if not newest:
            return
        with content_engine.connect() as connection:
            orphans = secrets.orphans(connection, newest)
        if not orphans:
            return
        with _begin(secrets_engine) as connection:
            secrets.erase(connection, orphans)
        before = min(newest)
