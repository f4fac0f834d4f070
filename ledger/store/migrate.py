"""Bringing a database file to the schema of this version, by Alembic. The steps are in `migrations/<database>/`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from ledger.errors import InvalidInput

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, database: str, file: Path) -> None:
    """Migrate `database` ('content' or 'secrets'), all steps in one transaction. A newer version's file is refused."""
    config = Config(attributes={})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", str(_MIGRATIONS / database).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    with engine.connect().execution_options(lotmark_writes=True) as connection, connection.begin():
        current = MigrationContext.configure(connection).get_current_revision()
        if current == scripts.get_current_head():
            return
        if current is not None and current not in known:
            raise InvalidInput(
                f"was written by a newer version of Lotmark (schema {current})",
                where=str(file),
                expected=f"schema {scripts.get_current_head()} or older",
                advice="Update Lotmark, or open another home",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
