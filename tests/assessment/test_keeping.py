"""What is kept, for how long, and what survives: expiry, files, and a process that is killed."""

from __future__ import annotations

import json
import multiprocessing
import random
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from silk_rag.adapters.sql_assessments import SqlEventStore
from silk_rag.assessment.events import Answered, Said, encode
from silk_rag.assessment.memory import MemoryEventStore
from silk_rag.assessment.ports import EventStore
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.service import AssessmentService
from silk_rag.assessment.words import ReplyWords
from silk_rag.errors import InvalidInput, NotFound

Talks = Callable[..., Any]
ServiceOver = Callable[[EventStore], AssessmentService]
KILLS = 100


def exported(person: Any) -> dict[str, Any]:
    """A person's file, as it comes back from disk."""
    content: dict[str, Any] = json.loads(json.dumps(person.service.export(person.id, person.token)))
    return content


def test_an_exported_file_goes_on_where_it_stopped(talk: Talks) -> None:
    """Answers, words, trail and question are the same; id and token are new, and the old assessment stays."""
    person = talk(organisation="Coop", scope=["A", "B"])
    person.all("outward, to Mali", "yes", "skip", "B4: 12 to 18 months", "why?", "go to B5")
    created = person.service.take_in(exported(person))
    before = person.service.read(person.id, person.token)
    after = person.service.read(created.assessment_id, created.token)
    assert created.token != person.token
    assert {**after, "assessment_id": None} == {**before, "assessment_id": None}
    assert created.question["id"] == "B5"
    assert person.service.message(created.assessment_id, created.token, "2").recorded[0]["question_id"] == "B5"


def test_what_the_papers_said_is_exported_taken_in_and_erased(talk: Talks) -> None:
    """The passages shown in the talk belong to it: they are in the file, come back with it, and go with the rest."""
    person = talk(scope=["A"])
    person.say("what do the papers say about co-ops in Spain?")
    content = exported(person)
    shown = [event["markdown"] for event in content["events"] if event["kind"] == "papers_shown"]
    assert len(shown) == 1
    assert "co-ops in Spain" in shown[0]
    created = person.service.take_in(content)
    again = person.service.export(created.assessment_id, created.token)
    assert [event["markdown"] for event in again["events"] if event["kind"] == "papers_shown"] == shown
    person.service.delete(person.id, person.token)
    with pytest.raises(NotFound):
        person.service.export(person.id, person.token)
    assert person.service.export(created.assessment_id, created.token)["events"] == again["events"]


def _changed(content: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**content, **changes}


@pytest.mark.parametrize(
    "event",
    [
        5,
        {},
        {"kind": "said"},
        {"kind": "said", "version": 1, "text": 5, "at": "2026-01-01"},
        {"kind": "said", "version": 1, "text": "x" * 4001, "at": "2026-01-01"},
        {"kind": "said", "version": 1, "text": "\ud800", "at": "2026-01-01"},
        {"kind": "said", "version": 1, "text": "x", "at": "yesterday"},
        {"kind": "said", "version": 99, "text": "x", "at": "2026-01-01"},
        {"kind": "said", "version": "x", "text": "x", "at": "2026-01-01"},
        {"kind": "nothing", "version": 1, "at": "2026-01-01"},
        {"kind": "moved", "version": 1, "question_id": "Z9", "at": "2026-01-01"},
        {"kind": "moved", "version": 1, "question_id": ["A1"], "at": "2026-01-01"},
        {"kind": "scope_set", "version": 1, "scope": ["full"], "order": ["Z1"], "at": "2026-01-01"},
        {"kind": "scope_set", "version": 1, "scope": "full", "order": "A1", "at": "2026-01-01"},
        {"kind": "mode_set", "version": 1, "mode": "sideways", "at": "2026-01-01"},
        {"kind": "answered", "version": 1, "question_id": "A1", "value": {"value": "evil"}, "at": "2026-01-01"},
        {"kind": "answered", "version": 1, "question_id": "A1", "value": "yes", "at": "2026-01-01"},
        {
            "kind": "answered",
            "version": 1,
            "question_id": "B1",
            "value": {"value": 900, "unit": "percent"},
            "at": "2026-01-01",
        },
        {
            "kind": "answered",
            "version": 1,
            "question_id": "B1",
            "value": {"value": [], "unit": "percent"},
            "at": "2026-01-01",
        },
    ],
)
def test_a_file_that_was_tampered_with_is_refused_at_the_event(talk: Talks, event: Any) -> None:
    """Each event is checked as if a form had sent it; the first that does not fit is named, and nothing is stored."""
    content = exported(talk())
    content["events"].append(event)
    with pytest.raises(InvalidInput, match="Event 2") as refused:
        talk().service.take_in(content)
    assert refused.value.field == "events"


def test_what_is_no_export_is_refused(talk: Talks) -> None:
    """Another version, no events, two beginnings, or none."""
    person = talk()
    content = exported(person)
    begun = content["events"][0]
    said = {"sequence": 1, "at": "2026-01-01", **encode(Said("x"))}
    for bad in (
        {},
        _changed(content, export_version=99),
        _changed(content, events=[]),
        _changed(content, events={}),
        _changed(content, events=[begun, begun]),
        _changed(content, events=[said]),
    ):
        with pytest.raises(InvalidInput):
            person.service.take_in(bad)


def test_importing_over_http(client_of: Callable[..., TestClient], talk: Talks) -> None:
    """The file that export gives is what import takes; the answer is that of a new assessment."""
    person = talk()
    person.say("outward")
    client = client_of(person.service)
    answer = client.post("/api/v1/assessments/import", json=exported(person))
    assert answer.status_code == 201
    assert set(answer.json()) == {"assessment_id", "token", "reply", "question", "progress", "deciding"}
    assert answer.json()["progress"]["answered"] == 1
    assert client.post("/api/v1/assessments/import", json={}).status_code == 422


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time set."""
        return self.now


def test_what_nobody_touched_for_the_days_set_is_erased(grid: Questionnaire, words: ReplyWords) -> None:
    """The last reply counts; 0 days means never."""
    clock = Clock()
    service = AssessmentService(store=MemoryEventStore(), questionnaire=grid, words=words, now=clock)
    stale, fresh = (service.create(mode="retrospective", scope="full") for _ in range(2))
    clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    service.message(fresh.assessment_id, fresh.token, "outward")
    assert service.erase_untouched(0) == 0
    assert service.erase_untouched(90) == 0
    assert service.erase_untouched(30) == 1
    assert service.read(fresh.assessment_id, fresh.token)["answers"]
    with pytest.raises(NotFound):
        service.read(stale.assessment_id, stale.token)


def test_a_running_app_erases_at_its_start(
    grid: Questionnaire, words: ReplyWords, client_of: Callable[..., TestClient]
) -> None:
    """With a number of days set, what has expired is gone once the app is up."""
    clock = Clock()
    service = AssessmentService(store=MemoryEventStore(), questionnaire=grid, words=words, now=clock)
    stale = service.create(scope="full")
    clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    client = client_of(service, kept_days=30)
    headers = {"Authorization": f"Bearer {stale.token}"}
    assert client.get(f"/api/v1/assessments/{stale.assessment_id}", headers=headers).status_code == 404


def _answer_until_killed(
    *, url: str, grid: Questionnaire, words: ReplyWords, key: tuple[str, str], turn: int, acknowledged: Connection
) -> None:
    """A process of its own: answers questions and says of each reply that it was acknowledged."""
    service = AssessmentService(store=SqlEventStore(url), questionnaire=grid, words=words)
    ids = list(grid.by_id)
    for place in range(10_000):
        question_id = ids[place % len(ids)]
        text = f"{question_id}: don't know. Reply {turn}-{place}"
        service.message(*key, text)
        acknowledged.send(text)


def test_no_acknowledged_reply_is_lost_by_a_hundred_kills(
    tmp_path: Path, grid: Questionnaire, words: ReplyWords
) -> None:
    """A kill -9 at seeded random moments: every reply that was acknowledged is in the log, in order, exactly once."""
    url = f"sqlite:///{tmp_path / 'assessments.sqlite'}"
    chance = random.Random(20220601)  # noqa: S311 (moments, not secrets)
    process = multiprocessing.get_context("fork")
    store = SqlEventStore(url)
    created = AssessmentService(store=store, questionnaire=grid, words=words).create(mode="retrospective", scope="full")
    store.close()
    key = (created.assessment_id, created.token)
    told = {"url": url, "grid": grid, "words": words, "key": key}
    acknowledged: list[str] = []
    for turn in range(KILLS):
        receiving, sending = process.Pipe(duplex=False)
        child = process.Process(target=_answer_until_killed, kwargs=told | {"turn": turn, "acknowledged": sending})
        child.start()
        sending.close()
        acknowledged.extend(receiving.recv() for _ in range(chance.randint(0, 3)))
        # Somewhere in the next reply: reading it, deciding, writing, syncing, or acknowledging.
        if receiving.poll(chance.uniform(0, 0.01)):
            acknowledged.append(receiving.recv())
        child.kill()
        child.join()
        while True:
            try:
                acknowledged.append(receiving.recv())
            except EOFError:
                break
        receiving.close()
    store = SqlEventStore(url)
    stored = store.load(created.assessment_id)
    store.close()
    assert stored is not None
    said = [each.event.text for each in stored.events if isinstance(each.event, Said)]
    answered = [each.event for each in stored.events if isinstance(each.event, Answered)]
    assert len(acknowledged) > KILLS
    assert [text for text in said if text in set(acknowledged)] == acknowledged
    assert len(said) - len(acknowledged) <= KILLS
    assert len(answered) == len(said)
    assert [each.sequence for each in stored.events] == list(range(1, len(stored.events) + 1))
