"""Keys in files: encrypted, private to their owner, and in no message, log or repr."""

from __future__ import annotations

import copy
import io
import json
import os
import pickle
import stat
import sys
from pathlib import Path

import pytest
from eth_account import Account

from ledger.batch import organisation_id, signer_address
from ledger.errors import Conflict, Forbidden, InvalidInput, NotFound
from ledger.keys import CARRIER, PASSWORD_FILE_VARIABLE, KeyStore, find_password, make_password_file, read_password
from ledger.keys.key_files import STRONG, new_private_key

ORGANISATION = organisation_id("https://example.org/orchard")
KEY = bytes([7] * 32)


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys", cost=2**10)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_created_key_unlocks_with_its_password(store: KeyStore) -> None:
    address = store.create(ORGANISATION, "pässword", private_key=KEY)
    store.lock()
    assert store.unlocked(address) is None
    assert store.unlock(address, "pässword") == KEY
    assert store.unlocked(address) == KEY
    assert store.addresses(ORGANISATION) == [address] == [signer_address(KEY)]
    assert store.addresses(CARRIER) == []


def test_files_and_folders_are_closed_to_others(store: KeyStore, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store.create(ORGANISATION, "password")
        store.create_with_password_file(CARRIER)
    finally:
        os.umask(old)
    paths = [tmp_path / "keys", *(tmp_path / "keys").rglob("*")]
    assert {mode(path) for path in paths if path.is_dir()} == {0o700}
    assert {mode(path) for path in paths if path.is_file()} == {0o600}
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == sorted([ORGANISATION.hex()[:16], "carrier"])


def test_a_key_outlasts_a_power_cut(store: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry remembers a key for ever: its file's name must be on disk too before anyone is told its address."""
    synced: list[Path] = []
    fsync = os.fsync

    def noting(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").resolve())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noting)
    store.create(ORGANISATION, "password")
    folder = tmp_path / "keys" / ORGANISATION.hex()[:16]
    assert {tmp_path, folder.parent, folder} <= set(synced)
    assert synced[-1] == folder


def test_files_are_keystores_of_version_3_that_eth_account_reads(store: KeyStore, tmp_path: Path) -> None:
    address = store.create(ORGANISATION, "password", private_key=KEY)
    text = (tmp_path / "keys" / ORGANISATION.hex()[:16] / f"{address.hex()}.json").read_text()
    assert json.loads(text)["version"] == 3
    assert bytes(Account.decrypt(text, "password")) == KEY
    assert KEY.hex() not in text


def test_new_files_are_costly_to_guess(tmp_path: Path) -> None:
    strong = KeyStore(tmp_path / "keys")
    address = strong.create(CARRIER, "password")
    stored = json.loads((tmp_path / "keys" / "carrier" / f"{address.hex()}.json").read_text())
    assert stored["crypto"]["kdf"] == "scrypt"
    assert stored["crypto"]["kdfparams"]["n"] == STRONG == 2**18


def test_a_wrong_password_is_forbidden_and_not_repeated_in_the_message(store: KeyStore) -> None:
    address = store.create(ORGANISATION, "password")
    store.lock()
    with pytest.raises(Forbidden, match="wrong password") as raised:
        store.unlock(address, "guess-me")
    assert "guess-me" not in str(raised.value)


def test_an_unknown_address_is_not_found(store: KeyStore) -> None:
    with pytest.raises(NotFound, match="no key"):
        store.unlock(bytes(20), "password")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"version": 3}', '{"version": 1}', '{"version": 3, "crypto": 1}']
)
def test_what_is_no_keystore_is_refused(store: KeyStore, tmp_path: Path, content: str) -> None:
    address = store.create(ORGANISATION, "password")
    store.lock()
    (tmp_path / "keys" / ORGANISATION.hex()[:16] / f"{address.hex()}.json").write_text(content)
    with pytest.raises(InvalidInput, match="not a key file"):
        store.unlock(address, "password")


def test_a_file_under_another_keys_name_is_refused(store: KeyStore, tmp_path: Path) -> None:
    address = store.create(ORGANISATION, "password")
    folder = tmp_path / "keys" / ORGANISATION.hex()[:16]
    (folder / f"{address.hex()}.json").rename(folder / f"{'00' * 20}.json")
    store.lock()
    with pytest.raises(Forbidden, match="another key"):
        store.unlock(bytes(20), "password")


def test_a_key_is_never_overwritten(store: KeyStore) -> None:
    store.create(ORGANISATION, "password", private_key=KEY)
    with pytest.raises(Conflict, match="exists already"):
        store.create(ORGANISATION, "other", private_key=KEY)
    store.lock()
    assert store.unlock(signer_address(KEY), "password") == KEY


def test_several_keys_of_one_organisation(store: KeyStore) -> None:
    made = {store.create(ORGANISATION, "password") for _ in range(3)}
    assert set(store.addresses(ORGANISATION)) == made


def test_nothing_shows_a_key(store: KeyStore) -> None:
    store.create(ORGANISATION, "password", private_key=KEY)
    shown = repr(store) + str(store)
    assert KEY.hex() not in shown
    assert repr(KEY) not in shown
    for copying in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="neither copied nor pickled"):
            copying(store)


def test_an_empty_password_is_refused(store: KeyStore) -> None:
    with pytest.raises(InvalidInput, match="empty password"):
        store.create(ORGANISATION, "")
    assert store.addresses(ORGANISATION) == []


def test_numbers_that_are_no_key_are_drawn_again() -> None:
    draws = iter([bytes(32), b"\xff" * 32, KEY])
    assert new_private_key(lambda size: next(draws)) == KEY


def test_a_password_made_beside_the_keys_opens_them(store: KeyStore) -> None:
    first, path = store.create_with_password_file(ORGANISATION)
    second, again = store.create_with_password_file(ORGANISATION)
    assert path == again == store.password_file(ORGANISATION)
    store.lock()
    password = find_password("the orchard's keys", beside=path, environment={})
    assert len(password) >= 43
    assert signer_address(store.unlock(first, password)) == first
    assert signer_address(store.unlock(second, password)) == second
    with pytest.raises(Conflict):
        make_password_file(path)


def test_where_a_password_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = {}
    for name in ("given", "named", "beside"):
        paths[name] = tmp_path / name
        paths[name].write_text(f"{name} password\r\nsecond line\n")
        paths[name].chmod(0o600)
    named = {PASSWORD_FILE_VARIABLE: str(paths["named"])}
    assert find_password("x", file=paths["given"], beside=paths["beside"], environment=named) == "given password"
    assert find_password("x", beside=paths["beside"], environment=named) == "named password"
    assert find_password("x", beside=paths["beside"], environment={}) == "beside password"
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(InvalidInput, match=f"no terminal.*{PASSWORD_FILE_VARIABLE}"):
        find_password("x", beside=tmp_path / "absent", environment={})


def test_a_password_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("password\n")
    path.chmod(0o640)
    with pytest.raises(Forbidden, match="chmod 600"):
        read_password(path)
    path.chmod(0o600)
    assert read_password(path) == "password"
    path.write_text("\npassword")
    with pytest.raises(InvalidInput, match="empty"):
        read_password(path)
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_password(tmp_path / "absent")
