"""Messages of every kind, each with what must be recorded: plain answers are taken, nothing is invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from silk_rag.assessment.memory import MemoryEventStore
from silk_rag.assessment.questionnaire import Mode, Questionnaire
from silk_rag.assessment.service import AssessmentService
from silk_rag.assessment.words import ReplyWords

MESSAGES = Path(__file__).with_name("heard.txt")


class Message(NamedTuple):
    """A line of the file; "en/ahead" speaks English of a plan."""

    language: str
    ahead: bool
    before: tuple[str, str] | None
    at: str
    text: str
    recorded: dict[str, str]


def messages() -> Iterator[Message]:
    """Every message of the file."""
    for line in MESSAGES.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        spoken, place, text, expected = line.split("|")
        language, _, ahead = spoken.partition("/")
        before, _, at = place.rpartition(">")
        answered = tuple(before.split("=")) if before else None
        pairs = [] if expected == "-" else [each if "=" in each else f"{at}={each}" for each in expected.split(";")]
        recorded = dict(pair.split("=") for pair in pairs)
        yield Message(language, bool(ahead), answered, at, text, recorded)  # type: ignore[arg-type]


def shown(value: Any) -> str:
    """A value as the file writes it."""
    return value if isinstance(value, str) else f"{value:g}"


@pytest.mark.parametrize("message", tuple(messages()), ids=lambda each: f"{each.language}-{each.at}-{each.text}")
def test_a_message_records_what_it_says_and_nothing_else(
    message: Message, grid: Questionnaire, words: ReplyWords
) -> None:
    """Recorded is what the person said of the question at hand; all else is asked back."""
    service = AssessmentService(store=MemoryEventStore(), questionnaire=grid, words=words)
    mode: Mode = "planning" if message.ahead else "retrospective"
    created = service.create(mode=mode, scope="full", language=message.language)
    key = (created.assessment_id, created.token)
    for text in (f"go to {message.before[0]}", message.before[1]) if message.before else (f"go to {message.at}",):
        service.message(*key, text)
    turn = service.message(*key, message.text)
    assert {each["question_id"]: shown(each["value"]) for each in turn.recorded} == message.recorded
