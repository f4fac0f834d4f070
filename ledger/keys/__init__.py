"""The keys that this home holds: encrypted files, and the only place where private keys are in memory."""

from __future__ import annotations

from ledger.keys.key_store import CARRIER, KeyStore
from ledger.keys.passwords import PASSWORD_FILE_VARIABLE, find_password, make_password_file, read_password

__all__ = [
    "CARRIER",
    "PASSWORD_FILE_VARIABLE",
    "KeyStore",
    "find_password",
    "make_password_file",
    "read_password",
]
