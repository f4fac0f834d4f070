"""Where the password of a key file comes from: a file, an environment variable that names a file, or a prompt.

Never an argument of a command or an environment variable's own value: both are visible to other processes.
"""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Mapping
from getpass import getpass
from pathlib import Path

from ledger.errors import Forbidden, InvalidInput
from ledger.keys.key_files import write_private

#: names a file that holds the password of all keys of this home
PASSWORD_FILE_VARIABLE = "LOTMARK_PASSWORD_FILE"  # noqa: S105 - the name of a variable


def find_password(
    what: str, *, file: Path | None = None, beside: Path | None = None, environment: Mapping[str, str] | None = None
) -> str:
    """The password of `what`: from `file`, the file the environment names, `beside` if it exists, or the terminal."""
    environment = os.environ if environment is None else environment
    named = environment.get(PASSWORD_FILE_VARIABLE)
    for candidate in (file, Path(named) if named else None):
        if candidate is not None:
            return read_password(candidate)
    if beside is not None and beside.exists():
        return read_password(beside)
    if sys.stdin is None or not sys.stdin.isatty():
        raise InvalidInput(
            f"no password for {what}, and no terminal to ask on",
            advice=f"Name a file that holds it in {PASSWORD_FILE_VARIABLE}",
        )
    return getpass(f"Password of {what}: ")


def read_password(path: Path) -> str:
    """The first line of the file, which only its owner may read."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the password file cannot be read: {error}", where=str(path)) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Forbidden("others can read the password file", where=str(path), advice=f"chmod 600 {path}")
    password = text.split("\n", 1)[0].rstrip("\r")
    if not password:
        raise InvalidInput("the password file is empty", where=str(path), expected="the password on its first line")
    return password


def make_password_file(path: Path) -> str:
    """A new random password of 256 bits, in a new file that only its owner can read."""
    password = secrets.token_urlsafe(32)
    write_private(path, password + "\n")
    return password
