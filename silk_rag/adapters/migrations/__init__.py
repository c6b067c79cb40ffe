"""Bring an assessment database to the schema that this program knows, keeping a copy of what was there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from silk_rag.errors import SettingInvalid

FIRST = "0001"
#: Databases from before migrations note this in a table of their own.
_OLD_VERSION_TABLE = "assessment_schema"
_OLD_VERSION = 1
# Any number does, as long as it is always the same: whoever migrates a PostgreSQL database holds this lock.
_ADVISORY_LOCK = 5_117_040_022


def migrate(engine: Engine) -> None:
    """Migrate to the newest schema, in one transaction. Raises SettingInvalid for a database from a newer program."""
    scripts = ScriptDirectory.from_config(_config(None))
    head = scripts.get_current_head()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        before = _revision(connection, engine)
        if before == head:
            return
        known = {script.revision for script in scripts.walk_revisions()}
        if before is not None and before not in known:
            raise SettingInvalid(_newer(engine, before, str(head)))
        if before is not None and connection.dialect.name == "sqlite":
            _back_up(engine, before)
        config = _config(connection)
        if before is not None:
            command.stamp(config, before)
        command.upgrade(config, "head")


def backups(database: Path) -> Iterator[Path]:
    """The copies that were made of a SQLite database before it was migrated."""
    yield from sorted(database.parent.glob(f"{database.name}.before-*"))


def database_file(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for one in memory, or on a server."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection, engine: Engine) -> str | None:
    """The database's revision, None for an empty one."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None or not inspect(connection).has_table(_OLD_VERSION_TABLE):
        return revision
    version = connection.execute(text(f"SELECT max(version) FROM {_OLD_VERSION_TABLE}")).scalar()  # noqa: S608 (ours)
    if version is not None and version > _OLD_VERSION:
        raise SettingInvalid(_newer(engine, str(version), str(_OLD_VERSION)))
    return FIRST


def _newer(engine: Engine, found: str, known: str) -> str:
    return (
        f"The database {engine.url.render_as_string(hide_password=True)} has schema version {found}; this program "
        f"knows up to {known}. Update the program, or point it at another database."
    )


def _back_up(engine: Engine, revision: str) -> None:
    """Copy a SQLite database beside itself, before anything is changed in it."""
    database = database_file(engine)
    if database is None:
        return
    copy = database.with_name(f"{database.name}.before-{revision}")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
