"""Settings: from the environment (`LOTMARK_*`), else from `lotmark.toml` in the home, else the default.

Each value remembers where it came from, for `lotmark config`. No secret is a setting: passwords are prompted for or
read from files.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledger.errors import InvalidDocument, InvalidInput, Problem

FILE_NAME = "lotmark.toml"
PREFIX = "LOTMARK_"


class Settings(BaseModel):
    """What a home runs with. Every field's description says its unit and what it changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chain: str = Field("embedded", description="the chain: `embedded`, or the URL of an EVM node's JSON-RPC")
    host: str = Field("127.0.0.1", description="address to listen on; loopback unless told otherwise")
    port: int = Field(8720, ge=0, le=65535, description="TCP port to listen on; 0 takes a free one")
    access: Literal["keys", "open"] = Field(
        "keys", description="`keys`: sealed content and capture need an API key; `open`: everything is open"
    )
    max_document_bytes: int = Field(16 * 2**20, gt=0, description="largest document that capture accepts, bytes")
    batch_size: int = Field(1000, gt=0, le=100_000, description="most commitments under one header")
    batch_seconds: float = Field(0.5, ge=0, le=3600, description="pause between rounds of recording, seconds")
    finality_depth: int | None = Field(
        None, ge=0, description="blocks until a record is final; unset: the node's `finalized` tag"
    )
    mqtt_url: str | None = Field(
        None, description="broker and topic of readings: mqtt://host:port/topic/#, or mqtts:// over TLS; unset: none"
    )
    mqtt_credentials: str | None = Field(
        None, description="file with the user and the password for the broker, a line each"
    )
    reports: str = Field(
        "", description="languages of the reports that are written when a month is over, such as `en zh`; empty: none"
    )
    rpc_timeout: float = Field(10.0, gt=0, le=600, description="longest wait for one answer of the node, seconds")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force: its name, value, and source (`default`, a file, or an environment variable)."""

    name: str
    value: Any
    source: str
    description: str


def default_home(environment: Mapping[str, str] = os.environ) -> Path:
    """`LOTMARK_HOME`, or `~/.lotmark`."""
    return Path(environment.get("LOTMARK_HOME") or Path.home() / ".lotmark").expanduser().absolute()


def load_settings(home: Path, environment: Mapping[str, str] = os.environ) -> tuple[Settings, list[Setting]]:
    """The settings in force for `home`, and where each came from.

    Raises InvalidInput naming the file or variable for an unknown name or a value that does not fit.
    """
    values, sources = _from_file(home / FILE_NAME)
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if environment.get(variable):
            values[name], sources[name] = environment[variable], f"environment variable {variable}"
    settings = _validated(values, sources)
    return settings, [
        Setting(name, getattr(settings, name), sources.get(name, "default"), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _from_file(file: Path) -> tuple[dict[str, Any], dict[str, str]]:
    if not file.is_file():
        return {}, {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(str(error), where=str(file), expected="a TOML file", advice="Mend the file.") from error
    return values, dict.fromkeys(values, f"file {file}")


def _validated(values: dict[str, Any], sources: dict[str, str]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise InvalidDocument([_problem(item, sources) for item in error.errors()]) from error


def _problem(error: Any, sources: dict[str, str]) -> Problem:
    name = str(error["loc"][0])
    field = Settings.model_fields.get(name)
    expected = (field.description or "") if field else "one of " + ", ".join(Settings.model_fields)
    return Problem(f"setting {name!r}: {error['msg']}", sources.get(name, ""), expected, "Run `lotmark config`.")
