"""What happens to what a person types, without a browser."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from silk_rag.answering.answer import Abstention, Reply
from silk_rag.assessment.questionnaire import Questionnaire, load_questionnaire
from silk_rag.assessment.views import question_data
from silk_rag.bootstrap import Services
from silk_rag.retrieval.retriever import Retrieved
from silk_rag.retrieval.snapshot import Snapshot
from tests.ui.conftest import XSS
from ui import handlers
from ui.handlers import AssessmentView, Key
from ui.provenance import read_sources

QUESTION = "What has Scotland done to help its social enterprises go international?"


@pytest.fixture(scope="session")
def grid(services: Services) -> Questionnaire:
    """The questionnaire."""
    return load_questionnaire(services.settings.corpus / "tools")


@dataclass(frozen=True)
class _Abstaining:
    """An assistant for which the papers never say anything."""

    snapshot: Snapshot

    @property
    def assistant(self) -> _Abstaining:
        return self

    def ask(self, question: str, *, conversation_id: str | None = None) -> Reply:
        assert conversation_id, "every question belongs to a conversation"
        near = tuple(Retrieved(passage, 1.0) for passage in self.snapshot.passages[:2])
        return Abstention(
            question=question,
            reason="off-topic",
            markdown="Not in them.\n\nMore.",
            language="en",
            retrieved=near,
            nearest=near,
            suggestions=("Why go abroad?",),
        )


@dataclass(frozen=True)
class _Broken(_Abstaining):
    """An assistant with a fault that nobody foresaw."""

    def ask(self, question: str, *, conversation_id: str | None = None) -> Reply:
        message = f"secret detail {question} {conversation_id}"
        raise RuntimeError(message)


def _started(services: Services, scope: str = "full") -> AssessmentView:
    return handlers.start(services, mode="retrospective", scope=scope, categories=[], organisation="Our co-op")


def test_answer_is_added_and_the_input_emptied(services: Services) -> None:
    """After an answer the conversation holds question and answer, the input is empty, and there is text to copy."""
    outcome = handlers.ask(services, QUESTION, [])
    assert [message["role"] for message in outcome.messages] == ["user", "assistant"]
    assert outcome.typed == ""
    assert outcome.plain.startswith(QUESTION)
    assert '<details class="silk-source"' in outcome.messages[-1]["content"]


def test_earlier_messages_stay_and_sources_keep_apart(services: Services) -> None:
    """A second question leaves the first answer as it is, and its sources have other anchors."""
    first = handlers.ask(services, QUESTION, [])
    second = handlers.ask(services, QUESTION, first.messages)
    assert second.messages[:2] == first.messages
    assert 'id="source-0-1"' in first.messages[-1]["content"]
    assert 'id="source-2-1"' in second.messages[-1]["content"]
    assert 'id="source-0-1"' not in second.messages[-1]["content"]


@pytest.mark.parametrize("typed", ["", "   ", "?!", "x" * 5000])
def test_unusable_question_is_explained_and_kept(services: Services, typed: str) -> None:
    """A question that cannot be used leads to a notice, said once, and stays in the input."""
    once = handlers.ask(services, typed, [])
    twice = handlers.ask(services, typed, once.messages)
    assert once.typed == typed
    assert "silk-notice" in once.messages[-1]["content"]
    assert len(once.messages) == len(twice.messages) == 1


def test_abstention_looks_different_and_offers_questions(services: Services) -> None:
    """An abstention is a quiet block of its own, with nearest topics to open and questions to click."""
    outcome = handlers.ask(_Abstaining(services.snapshot), "What is the weather?", [])
    message = outcome.messages[-1]
    assert "silk-abstention" in message["content"]
    assert message["content"].count("<details") == 2
    assert "silk-answer" not in message["content"]
    assert outcome.plain == ""
    assert message["options"] == [{"value": "Why go abroad?"}]


def test_unforeseen_error_is_an_apology_with_an_id(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    """A fault shows an apology and an id that the log knows; nothing of the fault reaches the person."""
    with caplog.at_level(logging.ERROR):
        outcome = handlers.ask(_Broken(services.snapshot), "Why?", [])
    shown = outcome.messages[-1]["content"]
    assert "Sorry" in shown
    assert "secret" not in shown
    assert "Traceback" not in shown
    assert outcome.typed == "Why?"
    error_id = shown.rsplit("&#58; ", 1)[-1].split("&", 1)[0]
    assert error_id in caplog.text


def test_examples_are_six_for_two_audiences(services: Services) -> None:
    """Newcomers see six questions, half for managers and half for policy, each about another document."""
    chosen = handlers.example_questions(services.suggestions)
    by_question = {suggestion.question: suggestion for suggestion in services.suggestions}
    audiences = [by_question[question].audience for question in chosen]
    assert audiences == ["manager"] * 3 + ["policy"] * 3
    assert len({by_question[question].document for question in chosen}) == 6


def test_assessment_from_start_to_report(services: Services) -> None:
    """Start, click, type, ask why: each turn is answered, progress grows, and the report holds what was said."""
    view = _started(services)
    assert view.just_started
    assert view.question_id == "A1"
    assert view.choices == ("Inward", "Outward", "Reciprocal (both ways)")
    clicked = handlers.reply(services, view, "Reciprocal (both ways)")
    assert "1 of 78 answered" in clicked.progress
    typed = handlers.reply(services, clicked, "yes, mostly in Spain")
    asked = handlers.reply(services, typed, "Why do you ask?")
    assert asked.question_id == typed.question_id
    assert len(asked.messages) == 7
    report = handlers.report_markdown(services, view.key)
    assert "reciprocal" in report
    assert "Our co\\-op" in report


def test_the_last_answer_shows_the_report(services: Services, grid: Questionnaire) -> None:
    """It is there without asking for it, after a reload too, and gone while a question is asked."""
    view = handlers.start(services, mode="retrospective", scope="parts", categories=["F"], organisation="Our co-op")
    for _ in range(8):
        assert not view.finished
        assert view.report == ""
        view = handlers.reply(services, view, "no")
    assert view.finished
    assert "Our co\\-op" in view.report
    assert handlers.resume(services, grid, view.key).report == view.report
    back = handlers.reply(services, view, "go to F2")
    assert (back.question_id, back.report) == ("F2", "")


def test_an_assessment_in_another_language_is_taken_up_in_it(services: Services, grid: Questionnaire) -> None:
    """Question, English beside it and buttons come back in the language set, and a click is understood."""
    created = services.assessments.create(mode="planning", scope=["B"], language="fr")
    services.assessments.message(created.assessment_id, created.token, "go to B7")
    view = handlers.resume(services, grid, Key(created.assessment_id, created.token))
    shown = view.messages[-1]["content"]
    assert shown.index("Vous attendez-vous à des obstacles juridiques") < shown.index("Do you expect legal")
    assert view.choices == ("Oui", "En partie", "Non", "Trop tôt pour le dire")
    view = handlers.reply(services, view, "En partie")
    assert "Noted: **partly**" in view.messages[-1]["content"]


def test_every_button_is_understood(services: Services, grid: Questionnaire) -> None:
    """A click on any answer that any question offers is recorded as an answer to that question."""
    view = _started(services)
    tried: set[tuple[str, ...]] = set()
    for question in grid.by_id.values():
        choices = handlers.choices_for(question_data(question, "retrospective"))
        if choices in tried:
            continue
        tried.add(choices)
        for choice in choices:
            view = handlers.reply(services, view, f"go to {question.id}")
            assert view.choices == choices
            view = handlers.reply(services, view, choice)
            assert re.search(rf"(Noted|Changed {question.id}|keep)", view.messages[-1]["content"]), choice
    assert len(tried) > 8


def test_resuming_needs_nothing_but_the_key(services: Services, grid: Questionnaire) -> None:
    """From id and token alone the assessment comes back at the question where it was left."""
    view = handlers.reply(services, _started(services), "Inward")
    back = handlers.resume(services, grid, view.key)
    assert back.question_id == view.question_id
    assert back.choices == view.choices
    assert back.progress == view.progress
    assert [message["role"] for message in back.messages] == ["user", "assistant", "assistant"]
    assert "Noted: **inward**" in back.messages[1]["content"]
    assert "A1: **inward**" in back.messages[2]["content"]
    assert not back.just_started


@pytest.mark.parametrize("token", ["", "wrong", "x" * 43])
def test_wrong_key_opens_nothing(services: Services, grid: Questionnaire, token: str) -> None:
    """With another token the form comes back with a notice, whether or not the assessment exists."""
    view = _started(services)
    assert view.key
    wrong = handlers.resume(
        services, grid, handlers.key_from({"assessment_id": view.key.assessment_id, "token": token})
    )
    assert wrong.key is None
    assert wrong.notice
    assert wrong.messages == ()


@pytest.mark.parametrize("kept", [None, "text", [], {}, {"assessment_id": "a"}, {"assessment_id": 1, "token": 2}])
def test_anything_else_in_the_browser_is_no_key(kept: object) -> None:
    """What the browser kept is not trusted: only an id with a token is a key."""
    assert handlers.key_from(kept) is None


def test_token_is_in_no_log_and_no_repr(
    services: Services, grid: Questionnaire, caplog: pytest.LogCaptureFixture
) -> None:
    """The token stands in no log line at any level and in no representation of its key."""
    with caplog.at_level(logging.DEBUG):
        view = _started(services)
        key = view.key
        assert key
        handlers.reply(services, view, "yes")
        handlers.resume(services, grid, key)
        handlers.report_markdown(services, key)
        handlers.resume(services, grid, Key(key.assessment_id, key.token + "x"))
    assert key.token not in caplog.text
    assert key.token not in repr(view)


def test_too_long_reply_is_kept(services: Services) -> None:
    """A reply that is too long leads to a notice and stays in the input; the question stays the same."""
    view = _started(services)
    refused = handlers.reply(services, view, "x" * 5000)
    assert refused.typed == "x" * 5000
    assert refused.question_id == view.question_id
    assert "silk-notice" in refused.messages[-1]["content"]


def test_question_in_between_opens_sources(services: Services) -> None:
    """A question to the papers in the middle is answered with marks that lead to sources, and nothing is recorded."""
    view = _started(services)
    asked = handlers.reply(services, view, "How does CoopCycle work?")
    content = asked.messages[-1]["content"]
    assert asked.question_id == view.question_id
    assert 'href="#paper-1-1"' in content
    assert 'id="paper-1-1"' in content


@pytest.mark.parametrize("attack", XSS)
def test_attacks_in_an_assessment_stay_text(services: Services, attack: str) -> None:
    """An attack as organisation or as answer is in no message or report as a tag, image or link."""
    view = handlers.start(services, mode="planning", scope="quick", categories=[], organisation=attack[:200])
    view = handlers.reply(services, view, f"Inward, {attack}")
    shown = "".join(message["content"] for message in view.messages) + handlers.report_markdown(services, view.key)
    for sign in ("<script", "<img", "<svg", "<iframe", "<style", "![", "](", "://"):
        assert sign not in shown


def test_report_files_are_made_in_memory(services: Services) -> None:
    """The report comes as Markdown and as JSON; without a key there is none."""
    key = _started(services).key
    markdown, data = (handlers.report_file(services, key, each) for each in ("md", "json"))
    assert markdown
    assert markdown["name"].endswith(".md")
    assert data
    assert data["type"] == "application/json"
    assert handlers.report_file(services, None, "md") is None


def test_erasing_is_for_good(services: Services, grid: Questionnaire) -> None:
    """After erasing, the form is back and the key opens nothing any more."""
    view = _started(services)
    erased = handlers.erase(services, view)
    assert erased.key is None
    assert "Erased" in erased.notice
    assert handlers.resume(services, grid, view.key).key is None


def test_parts_must_be_chosen(services: Services) -> None:
    """Parts of my choice without a part is explained, and nothing is created."""
    view = handlers.start(services, mode="planning", scope="parts", categories=[], organisation="")
    assert view.key is None
    assert "at least one part" in view.notice
    chosen = handlers.start(services, mode="planning", scope="parts", categories=["C", "D"], organisation="")
    assert chosen.question_id == "C1"


def test_questions_come_in_the_language_chosen(services: Services) -> None:
    """With the English beside them, and marked as unofficial; a click answers in that language too."""
    view = handlers.start(services, mode="planning", scope="full", organisation="", language="fr")
    shown = str(view.messages[-1])
    assert "Traduction non officielle" in shown or "non officielle" in shown
    view = handlers.reply(services, view, "sortante")
    assert view.question_id != "A1"


def test_disclaimer_and_copyright_come_from_the_manifest(services: Services) -> None:
    """Every source of the corpus has its copyright line and its disclaimer in full."""
    (source,) = read_sources(Path(services.settings.corpus) / "manifest.toml")
    assert source.copyright == "© OECD 2022"
    assert source.disclaimer.startswith("This document was prepared by Diesis Network")
    assert source.disclaimer.endswith("official opinion of the European Union.")
