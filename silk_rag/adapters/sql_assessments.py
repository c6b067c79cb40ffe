"""The event store on SQL: SQLite in WAL mode by default, PostgreSQL by URL.

Plain tables, made and changed by migrations, and plain statements. On SQLite every commit is on disk before it returns
(synchronous FULL), and what is deleted is overwritten (secure_delete) and gone from the write-ahead log (truncated),
and from the copies made before migrations. On PostgreSQL a deletion ends with VACUUM; what its own logs and backups
keep is its administrator's to say.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, NoSuchModuleError, OperationalError

from silk_rag.adapters.migrations import backups, database_file, migrate
from silk_rag.assessment.events import Event, decode, encode
from silk_rag.assessment.ports import SequenceTaken, StoredAssessment, StoredEvent
from silk_rag.errors import Busy, Conflict, NotFound, SettingInvalid

BUSY_TIMEOUT_S = 10

_METADATA = MetaData()
_ASSESSMENTS = Table(
    "assessments",
    _METADATA,
    Column("id", String(64), primary_key=True),
    Column("token_sha256", String(64), nullable=False),
    Column("created_at", String(40), nullable=False),
)
# The primary key is what keeps two writers apart: the second to claim a sequence number is refused. Columns are as the
# migrations make them.
_EVENTS = Table(
    "assessment_events",
    _METADATA,
    Column("assessment_id", String(64), ForeignKey("assessments.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("data", Text, nullable=False),
)


class SqlEventStore:
    """Opens the database and migrates it if that is needed. Raises SettingInvalid when that cannot be."""

    def __init__(self, url: str) -> None:
        try:
            # A connection that a server has closed meanwhile is noticed before it is used.
            self._engine = create_engine(url, connect_args=_connect_args(url), pool_pre_ping=True)
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise SettingInvalid(
                "The assessment database needs an address such as sqlite:////folder/file.sqlite or "
                f"postgresql+psycopg://user@host/name, for which silk-rag[postgresql] has to be installed ({error})."
            ) from error
        self._is_sqlite = self._engine.dialect.name == "sqlite"
        if self._is_sqlite:
            event.listen(self._engine, "connect", _set_pragmas)
        try:
            migrate(self._engine)
        except DatabaseError as error:
            shown = self._engine.url.render_as_string(hide_password=True)
            self.close()
            raise SettingInvalid(f"The assessment database {shown} cannot be opened: {error.orig}") from error
        except SettingInvalid:
            self.close()
            raise

    def create(self, assessment: StoredAssessment) -> None:
        """Store a new assessment. Raises Conflict when the id is taken."""
        created_at = assessment.events[0].at if assessment.events else datetime.now(UTC).isoformat()
        head = {"id": assessment.id, "token_sha256": assessment.token_sha256, "created_at": created_at}
        try:
            with self._connection() as connection:
                connection.execute(insert(_ASSESSMENTS), head)
                _insert(connection, assessment.id, assessment.events)
        except IntegrityError as error:
            raise Conflict(f"An assessment with the id {assessment.id} exists already.") from error

    def load(self, assessment_id: str) -> StoredAssessment | None:
        """The assessment, or None."""
        with self._connection() as connection:
            head = connection.execute(select(_ASSESSMENTS).where(_ASSESSMENTS.c.id == assessment_id)).first()
            if head is None:
                return None
            rows = connection.execute(
                select(_EVENTS).where(_EVENTS.c.assessment_id == assessment_id).order_by(_EVENTS.c.sequence)
            ).all()
        events = tuple(StoredEvent(row.sequence, row.at, decode(json.loads(row.data))) for row in rows)
        return StoredAssessment(head.id, head.token_sha256, events)

    def append(self, assessment_id: str, *, after: int, at: str, events: Sequence[Event]) -> None:
        """Add events, all or none; see `EventStore`."""
        stored = [StoredEvent(sequence, at, each) for sequence, each in enumerate(events, start=after + 1)]
        try:
            with self._connection() as connection:
                known = select(_ASSESSMENTS.c.id).where(_ASSESSMENTS.c.id == assessment_id)
                if connection.execute(known).first() is None:
                    raise NotFound("There is no such assessment.")
                _insert(connection, assessment_id, stored)
        except IntegrityError as error:
            raise SequenceTaken("Another reply was stored first.") from error

    def delete(self, assessment_id: str) -> None:
        """Erase the assessment and every event."""
        with self._connection() as connection:
            connection.execute(delete(_EVENTS).where(_EVENTS.c.assessment_id == assessment_id))
            connection.execute(delete(_ASSESSMENTS).where(_ASSESSMENTS.c.id == assessment_id))
        self._clear("PRAGMA wal_checkpoint(TRUNCATE)" if self._is_sqlite else "VACUUM assessments, assessment_events")
        database = database_file(self._engine)
        for copy in backups(database) if database else ():
            _erase_from(copy, assessment_id)

    def untouched_since(self, at: str) -> tuple[str, ...]:
        """Ids of assessments whose newest event is older."""
        newest = func.coalesce(func.max(_EVENTS.c.at), _ASSESSMENTS.c.created_at)
        query = (
            select(_ASSESSMENTS.c.id)
            .outerjoin(_EVENTS, _EVENTS.c.assessment_id == _ASSESSMENTS.c.id)
            .group_by(_ASSESSMENTS.c.id, _ASSESSMENTS.c.created_at)
            .having(newest < at)
        )
        with self._connection() as connection:
            return tuple(connection.execute(query).scalars())

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def _clear(self, statement: str) -> None:
        """Empty the write-ahead log, or the dead rows, where deleted words would live on until overwritten."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A transaction. A lock that does not open in time, or a server that is away, is Busy, not a crash."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            if "locked" in str(error).casefold():
                raise Busy("The assessment database is in use by another program; try again in a moment.") from error
            raise Busy("The assessment database cannot be reached or written to; try again in a moment.") from error


def _connect_args(url: str) -> dict[str, Any]:
    return {"timeout": BUSY_TIMEOUT_S} if url.startswith("sqlite") else {}


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _erase_from(copy: Path, assessment_id: str) -> None:
    """Erase an assessment from a copy that was made before a migration, whose tables are as they were then."""
    with closing(sqlite3.connect(copy, timeout=BUSY_TIMEOUT_S)) as connection, connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("DELETE FROM assessment_events WHERE assessment_id = ?", (assessment_id,))
        connection.execute("DELETE FROM assessments WHERE id = ?", (assessment_id,))


def _insert(connection: Connection, assessment_id: str, events: Sequence[StoredEvent]) -> None:
    rows = [
        {
            "assessment_id": assessment_id,
            "sequence": each.sequence,
            "at": each.at,
            "data": json.dumps(encode(each.event)),
        }
        for each in events
    ]
    if rows:
        connection.execute(insert(_EVENTS), rows)
