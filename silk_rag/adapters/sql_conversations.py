"""Conversations on SQL: the last questions of each and the passages that answered them, kept for some days."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from silk_rag.answering.conversation import REMEMBERED, Conversation, Exchange
from silk_rag.errors import Busy, SettingInvalid

#: A conversation is forgotten this long after its last question.
KEPT_DAYS = 30
_METADATA = MetaData()
_EXCHANGES = Table(
    "conversation_exchanges",
    _METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(100), nullable=False, index=True),
    Column("at", String(40), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("passages", Text, nullable=False),
)


class SqlConversations:
    """A ConversationStore on SQLite or any database that SQLAlchemy speaks by URL."""

    def __init__(self, url: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._engine: Engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _set_pragmas)
        try:
            _METADATA.create_all(self._engine)
            self.forget_old()
        except SQLAlchemyError as error:
            shown = self._engine.url.render_as_string(hide_password=True)
            raise SettingInvalid(
                f"The conversation database {shown} cannot be opened ({type(error).__name__})."
            ) from error

    def load(self, conversation_id: str) -> Conversation:
        """The last exchanges of a conversation; none when the id is new or forgotten."""
        query = (
            select(_EXCHANGES.c.question, _EXCHANGES.c.passages)
            .where(_EXCHANGES.c.conversation_id == conversation_id)
            .order_by(_EXCHANGES.c.number.desc())
            .limit(REMEMBERED)
        )
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(query).all()
        except SQLAlchemyError as error:
            raise Busy("The conversation cannot be read just now. Try again.") from error
        return Conversation(tuple(Exchange(question, tuple(json.loads(ids))) for question, ids in reversed(rows)))

    def append(self, conversation_id: str, exchange: Exchange) -> None:
        """Add an exchange."""
        row = {
            "conversation_id": conversation_id,
            "at": self._now().isoformat(),
            "question": exchange.question,
            "passages": json.dumps(exchange.passages),
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(_EXCHANGES).values(row))
        except SQLAlchemyError as error:
            raise Busy("The conversation cannot be kept just now. Try again.") from error

    def forget_old(self) -> None:
        """Erase what is older than it is kept; called at every start."""
        oldest = (self._now() - timedelta(days=KEPT_DAYS)).isoformat()
        with self._engine.begin() as connection:
            connection.execute(delete(_EXCHANGES).where(_EXCHANGES.c.at < oldest))


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's own type)
    for pragma in ("journal_mode = wal", "synchronous = normal", "secure_delete = on", "busy_timeout = 5000"):
        connection.execute(f"pragma {pragma}")
