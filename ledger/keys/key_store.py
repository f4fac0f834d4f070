"""The home's keys: of organisations, and of the carrier that pays for transactions.

    keys/<first 16 hex digits of the organisation's id>/<address>.json      a key, encrypted
    keys/<…>/password                                                       only if one was made beside them
    keys/carrier/<address>.json

An unlocked key stays in memory until `lock`, because unlocking is slow on purpose. No key is ever logged or shown.
"""

from __future__ import annotations

import re
from pathlib import Path

from ledger.batch.signing import signer_address
from ledger.errors import Forbidden, NotFound
from ledger.keys.key_files import LIGHT, STRONG, decrypt, encrypt, make_directory, new_private_key, write_private
from ledger.keys.passwords import make_password_file, read_password

#: in place of an organisation's id: the account that carries transactions
CARRIER = b""

_ADDRESS = re.compile("[0-9a-f]{40}")


class KeyStore:
    """Keys in the directory `directory`, new ones encrypted at scrypt's `cost` (its N)."""

    def __init__(self, directory: Path, *, cost: int = STRONG) -> None:
        self._directory = directory
        self._cost = cost
        self._unlocked: dict[bytes, bytes] = {}

    def __repr__(self) -> str:
        return f"KeyStore({str(self._directory)!r})"

    def __getstate__(self) -> object:
        raise TypeError("a key store is neither copied nor pickled: it holds unlocked keys")

    def create(
        self, organisation: bytes, password: str, *, private_key: bytes | None = None, cost: int | None = None
    ) -> bytes:
        """A new key of `organisation` (or CARRIER), or the one given: written, unlocked, its address returned."""
        private_key = new_private_key() if private_key is None else private_key
        address = signer_address(private_key)
        folder = self._folder(organisation)
        make_directory(self._directory)
        make_directory(folder)
        write_private(folder / f"{address.hex()}.json", encrypt(private_key, password, cost or self._cost))
        self._unlocked[address] = private_key
        return address

    def create_with_password_file(self, organisation: bytes, *, private_key: bytes | None = None) -> tuple[bytes, Path]:
        """A new key under the password in the file beside it, made if there is none: for a home without a terminal.

        That password is random, so that scrypt need not slow down guessing, and a start with many keys stays quick.
        """
        path = self.password_file(organisation)
        make_directory(self._directory)
        make_directory(path.parent)
        password = read_password(path) if path.exists() else make_password_file(path)
        return self.create(organisation, password, private_key=private_key, cost=LIGHT), path

    def password_file(self, organisation: bytes) -> Path:
        """Where the password of the organisation's keys is, if it was made beside them."""
        return self._folder(organisation) / "password"

    def addresses(self, organisation: bytes) -> list[bytes]:
        """The addresses of its keys here, sorted."""
        files = self._folder(organisation).glob("*.json")
        return sorted(bytes.fromhex(path.stem) for path in files if _ADDRESS.fullmatch(path.stem))

    def unlock(self, address: bytes, password: str) -> bytes:
        """The private key of `address`; NotFound, or Forbidden for a wrong password."""
        if address in self._unlocked:
            return self._unlocked[address]
        path = self._file(address)
        private_key = decrypt(path, password)
        if signer_address(private_key) != address:
            raise Forbidden("the file holds another key than its name says", where=str(path))
        self._unlocked[address] = private_key
        return private_key

    def unlocked(self, address: bytes) -> bytes | None:
        """The private key of `address` if it has been unlocked."""
        return self._unlocked.get(address)

    def lock(self) -> None:
        """Forget every unlocked key."""
        self._unlocked.clear()

    def _folder(self, organisation: bytes) -> Path:
        return self._directory / (organisation.hex()[:16] or "carrier")

    def _file(self, address: bytes) -> Path:
        for path in self._directory.glob(f"*/{address.hex()}.json"):
            return path
        raise NotFound(f"no key of 0x{address.hex()} here", where=str(self._directory), advice="Create or restore it")
