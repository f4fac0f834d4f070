"""Opening: schema, pragmas, pairs of files, what a newer version or a killed capture left."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.errors import Conflict, InvalidInput
from ledger.store import Store, live_tables, meta, quality_tables, secrets, tables

#: what they add to the tables of the content
REGISTERED = (quality_tables, live_tables)


def schema(connection: sa.Connection) -> dict[str, list[str]]:
    """Each table's and index's definition, whatever the order of its constraints."""
    rows = connection.exec_driver_sql("select name, sql from sqlite_master where sql is not null")
    return {name: sorted(re.split(r"[,\s]+", sql)) for name, sql in rows if name != "alembic_version"}


@pytest.mark.parametrize("database", ["content", "secrets"])
def test_migrations_make_exactly_the_tables(database: str, tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    fresh = sa.create_engine("sqlite://")
    with fresh.begin() as connection:
        getattr(tables, database).create_all(connection)
        expected = schema(connection)
    migrated = sa.create_engine(f"sqlite:///{tmp_path / database}.sqlite")
    with migrated.connect() as connection:
        assert schema(connection) == expected
    fresh.dispose()
    migrated.dispose()


def test_a_committed_transaction_is_durable_and_foreign_keys_hold(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    for engine in (store.engine, store.secrets):
        with engine.connect() as connection:
            pragmas = {
                name: connection.exec_driver_sql(f"pragma {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            }
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    store.close()
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("*.sqlite")} == {0o600}


def test_opening_again_finds_the_same_store(tmp_path: Path) -> None:
    first = Store.open(tmp_path)
    with first.begin() as connection:
        meta.put(connection, "chain_id", "1")
        meta.put(connection, "chain_id", "2")
    first.close()
    again = Store.open(tmp_path)
    assert again.identity_key == first.identity_key
    with again.read() as connection:
        assert meta.get(connection, "chain_id") == "2"
        assert meta.get(connection, "nothing") is None
    again.close()


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = 'content_9999'")
    store.close()
    with pytest.raises(InvalidInput, match=r"content.sqlite: was written by a newer version .*content_9999"):
        Store.open(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "content.sqlite").write_bytes(b"not a database, but long enough to look like a header" * 20)
    with pytest.raises(InvalidInput, match="cannot be opened as an SQLite database"):
        Store.open(tmp_path)


def test_secrets_without_content_are_refused_and_kept(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.begin_secrets() as connection:
        secrets.add(connection, [(b"c" * 32, b"s" * 32)])
    store.close()
    content = tmp_path / "content.sqlite"
    content.unlink()
    with pytest.raises(InvalidInput, match="content file is missing"):
        Store.open(tmp_path)
    assert not content.exists()


def test_files_of_two_stores_do_not_go_together(tmp_path: Path) -> None:
    for name in ("a", "b"):
        Store.open(tmp_path / name).close()
    (tmp_path / "a" / "secrets.sqlite").rename(tmp_path / "b" / "secrets.sqlite")
    with pytest.raises(Conflict, match="not of the same store"):
        Store.open(tmp_path / "b")


def test_secrets_whose_event_was_never_committed_are_forgotten(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.begin_secrets() as connection:
        secrets.add(connection, [(bytes([n]) * 32, b"s" * 32) for n in range(10)])
    store.close()
    again = Store.open(tmp_path)
    with again.read_secrets() as connection:
        assert secrets.get(connection, [bytes([n]) * 32 for n in range(10)]) == {}
    again.close()


def test_an_exception_rolls_back(tmp_path: Path) -> None:
    store = Store.open(tmp_path)

    def fail() -> None:
        with store.begin() as connection:
            meta.put(connection, "half", "done")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as connection:
        assert meta.get(connection, "half") is None
    store.close()


def test_writers_of_many_threads_take_turns_and_lose_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path)

    def count() -> None:
        for _ in range(20):
            with store.begin() as connection:
                meta.put(connection, "count", str(int(meta.get(connection, "count") or 0) + 1))

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        assert meta.get(connection, "count") == "160"
    store.close()


def test_a_reader_sees_one_state_while_others_write(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.read() as reader:
        assert meta.get(reader, "count") is None
        with store.begin() as writer:
            meta.put(writer, "count", "1")
        assert meta.get(reader, "count") is None
    with store.read() as reader:
        assert meta.get(reader, "count") == "1"
    store.close()


def test_an_error_shows_no_content(tmp_path: Path) -> None:
    """Errors are logged with all that they say."""
    store = Store.open(tmp_path)
    with pytest.raises(sa.exc.IntegrityError) as raised, store.begin() as connection:
        connection.execute(tables.meta.insert(), [{"name": "a", "value": "sealed"}] * 2)
    assert "sealed" not in str(raised.value)
    store.close()


@pytest.mark.parametrize("name", ["with space", "what?mode=memory", "50%", "#1", "ünï"])
def test_any_directory_name_will_do(tmp_path: Path, name: str) -> None:
    Store.open(tmp_path / name).close()
    assert (tmp_path / name / "content.sqlite").is_file()
