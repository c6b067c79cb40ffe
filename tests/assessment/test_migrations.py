"""Databases of earlier programs are brought up to date, with a copy kept; those of later ones are left alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from silk_rag.adapters.sql_assessments import _METADATA, SqlEventStore
from silk_rag.assessment.events import Said, encode
from silk_rag.errors import SettingInvalid

AT = "2025-01-01T00:00:00.000+00:00"
SECRET = "ourledgerwasmissing"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database as the program made it before there were migrations, with one assessment."""
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """
            CREATE TABLE assessment_schema (version INTEGER NOT NULL PRIMARY KEY);
            CREATE TABLE assessments (
                id VARCHAR(64) NOT NULL PRIMARY KEY, token_sha256 VARCHAR(64) NOT NULL, created_at VARCHAR(40) NOT NULL
            );
            CREATE TABLE assessment_events (
                assessment_id VARCHAR(64) NOT NULL REFERENCES assessments (id), sequence INTEGER NOT NULL,
                at VARCHAR(40) NOT NULL, data TEXT NOT NULL, PRIMARY KEY (assessment_id, sequence)
            );
            INSERT INTO assessment_schema VALUES (1);
            """
        )
        connection.execute("INSERT INTO assessments VALUES ('one', ?, ?)", ("0" * 64, AT))
        event = json.dumps(encode(Said(SECRET)))
        connection.execute("INSERT INTO assessment_events VALUES ('one', 1, ?, ?)", (AT, event))
    return path


def opened(path: Path) -> Iterator[SqlEventStore]:
    """The store over a file."""
    store = SqlEventStore(f"sqlite:///{path}")
    yield store
    store.close()


def test_an_old_database_is_migrated_with_everything_in_it(old: Path) -> None:
    """After opening, the old note of the version is gone and every event is there."""
    for store in opened(old):
        loaded = store.load("one")
        assert loaded is not None
        assert [each.event for each in loaded.events] == [Said(SECRET)]
    with closing(sqlite3.connect(old)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"assessments", "assessment_events", "alembic_version"}


def test_a_copy_is_kept_as_it_was(old: Path) -> None:
    """Before anything is changed the database is copied; opening again makes no further copy."""
    for _ in range(2):
        for store in opened(old):
            assert store.load("one")
    (copy,) = old.parent.glob("old.sqlite.before-*")
    assert copy.name == "old.sqlite.before-0001"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version FROM assessment_schema").fetchall() == [(1,)]
        assert connection.execute("SELECT count(*) FROM assessment_events").fetchone() == (1,)


def test_erased_words_are_in_no_copy_either(old: Path) -> None:
    """Erasing reaches the copies that migrations left behind."""
    for store in opened(old):
        assert any(SECRET.encode() in path.read_bytes() for path in old.parent.glob("*.before-*"))
        store.delete("one")
        assert not any(SECRET.encode() in path.read_bytes() for path in old.parent.iterdir())


def test_a_database_from_between_is_refused(old: Path) -> None:
    """A version that the old note names and nobody knows stops the program, and nothing is changed."""
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("UPDATE assessment_schema SET version = 7")
    with pytest.raises(SettingInvalid, match="schema version 7"):
        next(opened(old))
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT version FROM assessment_schema").fetchall() == [(7,)]
        assert connection.execute("SELECT count(*) FROM assessment_events").fetchone() == (1,)
        assert not connection.execute("SELECT * FROM sqlite_master WHERE name = 'alembic_version'").fetchall()


def test_the_migrations_make_the_tables_that_the_program_uses(database: str) -> None:
    """Columns as written in the store and columns as migrated are the same."""
    SqlEventStore(database).close()
    engine = create_engine(database)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), _METADATA)
    engine.dispose()
    assert differences == []


def test_postgresql_is_migrated_once_by_whoever_is_first(postgresql_database: str) -> None:
    """Opening twice finds everything done; a newer database is refused as well."""
    for _ in range(2):
        SqlEventStore(postgresql_database).close()
    engine = create_engine(postgresql_database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(SettingInvalid, match="schema version 9999"):
        SqlEventStore(postgresql_database)


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x", "postgresql+nosuch://x/y"])
def test_an_address_that_means_nothing_says_what_would(url: str) -> None:
    """A person who mistypes the setting is shown the two forms there are."""
    with pytest.raises(SettingInvalid, match=r"sqlite:////.*postgresql"):
        SqlEventStore(url)


def test_a_server_that_is_not_there_says_so(tmp_path: Path) -> None:
    """No server behind the address is a setting to mend, told without its password."""
    url = f"postgresql+psycopg://postgres:secret@/x?host={tmp_path}"
    with pytest.raises(SettingInvalid, match="cannot be opened") as refused:
        SqlEventStore(url)
    assert "secret" not in refused.value.message.split("cannot be opened")[0]
