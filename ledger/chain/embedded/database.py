"""The embedded chain's SQLite file: py-evm's keys and values, and the logs by block, written one block per transaction.

Writes are kept in memory until `commit`, which stores them all or none; a process killed at any point leaves the
previous block. The file belongs to one process at a time (SQLite's exclusive locking mode). Which keys there are is
py-evm's business.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from eth.db.backends.base import BaseDB

from ledger.errors import HomeBusy, InvalidInput

APPLICATION_ID = 0x4C4F544D  # "LOTM"
VERSION = 1

SCHEMA = f"""
begin immediate;
create table entry (key blob primary key, value blob not null) without rowid;
create table log (
    block integer not null,
    position integer not null,
    transaction_index integer not null,
    transaction_hash blob not null,
    address blob not null,
    topic0 blob, topic1 blob, topic2 blob, topic3 blob,
    data blob not null,
    primary key (block, position)
) without rowid;
create index log_topic1 on log (topic1, block);
pragma application_id = {APPLICATION_ID};
pragma user_version = {VERSION};
commit;
"""

LogRow = tuple[int, int, int, bytes, bytes, bytes | None, bytes | None, bytes | None, bytes | None, bytes]


class ChainDatabase(BaseDB):
    """A dictionary of bytes in SQLite with an explicit commit."""

    def __init__(self, path: Path) -> None:
        self._pending: dict[bytes, bytes | None] = {}
        self._pending_logs: list[LogRow] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
        try:
            self._prepare(path)
        except sqlite3.DatabaseError as error:
            self._connection.close()
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise HomeBusy(
                    "another process is using this embedded chain",
                    where=str(path),
                    advice="Use that process (for example through its server), or stop it first.",
                ) from error
            raise InvalidInput(
                f"the embedded chain's file cannot be read: {error}",
                where=str(path),
                expected="a file that Lotmark made",
                advice="Restore the file from a backup.",
            ) from error
        except InvalidInput:
            self._connection.close()
            raise

    def _prepare(self, path: Path) -> None:
        for pragma in ("locking_mode = exclusive", "journal_mode = wal", "synchronous = full", "cache_size = -32768"):
            self._connection.execute(f"pragma {pragma}")
        self._connection.execute("begin immediate")  # takes the file's lock, kept from here on
        self._connection.execute("rollback")
        version = self._pragma("user_version")
        if version == 0 and not self._connection.execute("select 1 from sqlite_master").fetchone():
            self._connection.executescript(SCHEMA)
        elif (self._pragma("application_id"), version) != (APPLICATION_ID, VERSION):
            raise InvalidInput(
                "this is not an embedded chain of this version",
                where=str(path),
                expected=f"application id {APPLICATION_ID:#x}, version {VERSION}",
                advice="Name another path, or open it with the version of Lotmark that made it.",
            )

    def _pragma(self, name: str) -> int:
        return int(self._connection.execute(f"pragma {name}").fetchone()[0])

    def __getitem__(self, key: bytes) -> bytes:
        if key in self._pending:
            value = self._pending[key]
            if value is None:
                raise KeyError(key)
            return value
        row = self._connection.execute("select value from entry where key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._pending[key] = value

    def __delitem__(self, key: bytes) -> None:
        if key not in self:
            raise KeyError(key)
        self._pending[key] = None

    def _exists(self, key: bytes) -> bool:
        if key in self._pending:
            return self._pending[key] is not None
        return self._connection.execute("select 1 from entry where key = ?", (key,)).fetchone() is not None

    def add_logs(self, rows: Iterable[LogRow]) -> None:
        """Keep the logs of the block that the next commit stores."""
        self._pending_logs.extend(rows)

    def logs(self, condition: str, values: Sequence[object], limit: int) -> list[LogRow]:
        """The stored logs that meet an SQL condition, in the chain's order."""
        query = f"select * from log where {condition} order by block, position limit {limit:d}"  # noqa: S608  # own text
        return self._connection.execute(query, values).fetchall()

    def commit(self) -> None:
        """Store everything written since the last commit in one transaction."""
        written = [(key, value) for key, value in self._pending.items() if value is not None]
        deleted = [(key,) for key, value in self._pending.items() if value is None]
        self._connection.execute("begin immediate")
        try:
            self._connection.executemany("insert or replace into entry values (?, ?)", written)
            self._connection.executemany("delete from entry where key = ?", deleted)
            self._connection.executemany("insert into log values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._pending_logs)
            self._connection.execute("commit")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
            raise
        self.discard()

    def discard(self) -> None:
        """Forget everything written since the last commit."""
        self._pending.clear()
        self._pending_logs.clear()

    def close(self) -> None:
        self._connection.close()
