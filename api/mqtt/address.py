"""Where the broker is and what is listened to: `mqtt://host:port/topic/#`, `mqtts://` over TLS; who we are to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from ledger.errors import InvalidInput

_URL = re.compile(r"(mqtts?)://(\[[0-9a-fA-F:.]+\]|[^/:@\s]+)(?::([0-9]{1,5}))?(?:/(.*))?", re.DOTALL)
_TOPIC = re.compile(r"([^#+]|(?<![^/])\+(?![^/]))*((?<![^/])#)?")
_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Broker:
    host: str
    port: int
    topic: str
    is_tls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"mqtt{'s' if self.is_tls else ''}://{self.host}:{self.port}/{self.topic}"


def broker_of(url: str, credentials: Path | None = None) -> Broker:
    """From the URL, with the user and password in the first two lines of the file `credentials`. Raises InvalidInput.

    A topic that is left out is everything: `#`. `+` and `#` stand for levels, as in MQTT.
    """
    found = _URL.fullmatch(url)
    topic = (found and found.group(4)) or "#"
    if found is None or not _TOPIC.fullmatch(topic) or "\0" in topic or len(topic.encode()) > 65_535:
        raise InvalidInput(
            "no MQTT address",
            where="mqtt_url",
            expected="mqtt://host:port/topic/#, or mqtts:// over TLS; no user or password in it",
            advice="Give user and password, a line each, in the file of LOTMARK_MQTT_CREDENTIALS.",
        )
    scheme, host, port = found.group(1), found.group(2).strip("[]"), int(found.group(3) or _PORTS[found.group(1)])
    user, password = _credentials(credentials) if credentials else (None, None)
    return Broker(host, port, topic, scheme == "mqtts", user, password)


def _credentials(file: Path) -> tuple[str, str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("cannot be read", where=str(file), expected="a file with a user and a password") from error
    if len(lines) < 2:
        raise InvalidInput("has fewer than two lines", where=str(file), expected="the user, then the password")
    return lines[0], lines[1]
