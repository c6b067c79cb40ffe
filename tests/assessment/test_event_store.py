"""The contract of every event store, and what only the one on disk must do."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from silk_rag.adapters.sql_assessments import SqlEventStore
from silk_rag.assessment.events import Answered, Event, Said, Skipped
from silk_rag.assessment.ports import EventStore, SequenceTaken, StoredAssessment, StoredEvent
from silk_rag.assessment.values import AnswerValue
from silk_rag.errors import Conflict, NotFound, SettingInvalid

AT = "2026-01-01T00:00:00.000+00:00"
FIRST = StoredAssessment("one", "0" * 64, (StoredEvent(1, AT, Said("hello")),))


def test_what_was_stored_is_loaded_in_order(store: EventStore) -> None:
    """Events come back as they went in, numbered without a gap."""
    store.create(FIRST)
    events: list[Event] = [
        Said("18 months, 많이, ”é”\x00"),
        Answered("B4", AnswerValue(18.0, "months"), "note"),
        Skipped("B5"),
    ]
    store.append("one", after=1, at=AT, events=events)
    loaded = store.load("one")
    assert loaded is not None
    assert [each.sequence for each in loaded.events] == [1, 2, 3, 4]
    assert [each.event for each in loaded.events[1:]] == events
    assert loaded.token_sha256 == "0" * 64


def test_an_unknown_assessment_is_none_and_cannot_be_written_to(store: EventStore) -> None:
    """Reading what is not there gives None, writing is refused."""
    assert store.load("nobody") is None
    with pytest.raises(NotFound):
        store.append("nobody", after=0, at=AT, events=[Said("x")])


def test_an_id_is_given_once(store: EventStore) -> None:
    """A second assessment with the same id is refused and the first stays."""
    store.create(FIRST)
    with pytest.raises(Conflict):
        store.create(FIRST)
    assert store.load("one") == FIRST


def test_the_second_writer_of_a_sequence_number_is_refused_whole(store: EventStore) -> None:
    """Of two that read the same state only one may write; the other's events are stored neither in part."""
    store.create(FIRST)
    store.append("one", after=1, at=AT, events=[Said("first")])
    with pytest.raises(SequenceTaken):
        store.append("one", after=1, at=AT, events=[Said("second"), Said("third")])
    loaded = store.load("one")
    assert loaded is not None
    assert [each.event for each in loaded.events[1:]] == [Said("first")]


def test_a_deleted_assessment_is_gone_and_others_stay(store: EventStore) -> None:
    """Deleting one leaves the rest, and deleting again is no error."""
    store.create(FIRST)
    store.create(StoredAssessment("two", "1" * 64, FIRST.events))
    store.delete("one")
    store.delete("one")
    assert store.load("one") is None
    assert store.load("two") is not None


def test_what_was_not_touched_for_long_is_found(store: EventStore) -> None:
    """The newest event counts, not the beginning."""
    store.create(FIRST)
    store.create(StoredAssessment("two", "1" * 64, FIRST.events))
    store.append("two", after=1, at="2026-05-01T00:00:00.000+00:00", events=[Said("later")])
    assert store.untouched_since("2025-01-01T00:00:00.000+00:00") == ()
    assert store.untouched_since("2026-03-01T00:00:00.000+00:00") == ("one",)
    assert set(store.untouched_since("2026-06-01T00:00:00.000+00:00")) == {"one", "two"}


def test_many_writers_at_once_lose_nothing(store: EventStore) -> None:
    """With retries, every event of eight threads is stored exactly once."""
    store.create(FIRST)

    def write(name: str) -> None:
        while True:
            loaded = store.load("one")
            assert loaded is not None
            try:
                return store.append("one", after=loaded.last_sequence, at=AT, events=[Said(name)])
            except SequenceTaken:
                continue

    names = {str(number) for number in range(40)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, names))
    loaded = store.load("one")
    assert loaded is not None
    assert {each.event.text for each in loaded.events[1:] if isinstance(each.event, Said)} == names
    assert len(loaded.events) == 41


def test_erased_words_are_in_no_file(tmp_path: Path) -> None:
    """After a deletion the person's words stand neither in the database nor in its log."""
    store = SqlEventStore(f"sqlite:///{tmp_path / 'a.db'}")
    secret = "ourledgerwasmissing"
    store.create(FIRST)
    store.append("one", after=1, at=AT, events=[Said(secret) for _ in range(50)])
    assert any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
    store.delete("one")
    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
    store.close()


def test_a_process_that_ends_without_a_goodbye_loses_nothing(tmp_path: Path) -> None:
    """What `append` returned from is there for the next process, though the first closed nothing."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    script = (
        "import os, sys\n"
        "from silk_rag.adapters.sql_assessments import SqlEventStore\n"
        "from silk_rag.assessment.events import Said\n"
        "from silk_rag.assessment.ports import StoredAssessment\n"
        "store = SqlEventStore(sys.argv[1])\n"
        "store.create(StoredAssessment('one', '0' * 64, ()))\n"
        "for number in range(20):\n"
        "    store.append('one', after=number, at='now', events=[Said(str(number))])\n"
        "os._exit(9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, url], cwd=Path(__file__).parents[2], check=False)
    assert ended.returncode == 9
    loaded = SqlEventStore(url).load("one")
    assert loaded is not None
    assert len(loaded.events) == 20


def test_the_database_is_set_to_be_durable(tmp_path: Path) -> None:
    """The file is in WAL mode."""
    SqlEventStore(f"sqlite:///{tmp_path / 'a.db'}").close()
    with sqlite3.connect(tmp_path / "a.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_newer_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """A program that does not know the schema does not touch it."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    SqlEventStore(url).close()
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(SettingInvalid, match=r"schema version 9999.*Update the program"):
        SqlEventStore(url)


def test_a_database_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    """A missing folder, or a file that is no database, is named."""
    with pytest.raises(SettingInvalid, match="cannot be opened"):
        SqlEventStore(f"sqlite:///{tmp_path / 'missing' / 'a.db'}")
    (tmp_path / "text.db").write_text("this is no database " * 100)
    with pytest.raises(SettingInvalid, match="cannot be opened"):
        SqlEventStore(f"sqlite:///{tmp_path / 'text.db'}")
