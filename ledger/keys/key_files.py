"""Private keys in files: Web3 Secret Storage, version 3 (scrypt), one key per file, readable by its owner alone.

The address in a file is only a hint; what a decrypted key signs as is computed from the key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eth_keyfile.keyfile import create_keyfile_json, decode_keyfile_json

from ledger.batch.signing import signer_address
from ledger.errors import Conflict, Forbidden, InvalidInput

#: scrypt's N for new files, as geth's default: half a second to a second and 256 MiB per try of a password
STRONG = 2**18
#: for passwords of 256 random bits, which nobody guesses at any speed
LIGHT = 2**12

_DIRECTORY_MODE = 0o700
_FILE_MODE = 0o600


def make_directory(path: Path) -> None:
    """The directory and its parents below the home, closed to others."""
    path.mkdir(parents=True, exist_ok=True, mode=_DIRECTORY_MODE)
    path.chmod(_DIRECTORY_MODE)
    _sync_directory(path.parent)


def write_private(path: Path, text: str) -> None:
    """A new file that only its owner can read, complete on disk or absent; Conflict if it exists."""
    partial = path.with_name(path.name + ".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), _FILE_MODE)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(partial, path)
    except FileExistsError as error:
        raise Conflict("the file exists already", where=str(path), advice="Keys are never overwritten") from error
    finally:
        partial.unlink()
    _sync_directory(path.parent)


def _sync_directory(path: Path) -> None:
    """The names in it are on disk: a file's own fsync does not see to that."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def encrypt(private_key: bytes, password: str, cost: int) -> str:
    _check_password(password)
    return json.dumps(create_keyfile_json(private_key, password.encode(), kdf="scrypt", iterations=cost))


def decrypt(path: Path, password: str) -> bytes:
    """The private key in the file; Forbidden for a wrong password, InvalidInput for what is no keystore."""
    stored = _read(path)
    try:
        return bytes(decode_keyfile_json(stored, password.encode()))
    except ValueError as error:
        if "MAC" in str(error):
            raise Forbidden("wrong password", where=str(path), advice="Give the password of this key") from None
        raise _not_a_keystore(path) from error
    except (KeyError, TypeError, NotImplementedError) as error:
        raise _not_a_keystore(path) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _not_a_keystore(path) from error
    if not isinstance(stored, dict):
        raise _not_a_keystore(path)
    return stored


def _not_a_keystore(path: Path) -> InvalidInput:
    return InvalidInput(
        "not a key file", where=str(path), expected="Web3 Secret Storage, version 3", advice="Restore it from a backup"
    )


def _check_password(password: str) -> None:
    if not password:
        raise InvalidInput("an empty password", expected="a password for the key file")


def new_private_key(random: Callable[[int], bytes] = os.urandom) -> bytes:
    """32 random bytes that are a key of secp256k1."""
    while True:
        candidate = random(32)
        try:
            signer_address(candidate)
        except InvalidInput:  # zero, or not below the order: once in 2**128
            continue
        return candidate
