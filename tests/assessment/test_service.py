from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from silk_rag.adapters.sql_assessments import SqlEventStore
from silk_rag.assessment.events import Event, Said
from silk_rag.assessment.memory import MemoryEventStore
from silk_rag.assessment.ports import EventStore, PapersAnswer, SequenceTaken
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.service import AssessmentService
from silk_rag.assessment.words import ReplyWords
from silk_rag.errors import Busy, IndexUnusable, InvalidInput, NotFound

Talks = Callable[..., Any]
ServiceOver = Callable[[EventStore], AssessmentService]


def test_a_restart_in_the_middle_changes_nothing(service_over: ServiceOver, database: str) -> None:
    """A new process over the same file goes on at the same question with all answers and words."""
    first = SqlEventStore(database)
    created = service_over(first).create(mode="retrospective", scope="full", organisation="Coop", respondent="Ana")
    service_over(first).message(created.assessment_id, created.token, "outward, to Mali")
    before = service_over(first).read(created.assessment_id, created.token)
    first.close()

    second = SqlEventStore(database)
    resumed = service_over(second)
    assert resumed.read(created.assessment_id, created.token) == before
    assert resumed.message(created.assessment_id, created.token, "yes").recorded[0]["question_id"] == "A2"
    second.close()


def test_only_the_token_opens_an_assessment(talk: Talks) -> None:
    """A wrong, missing or empty token, and another's token, are told the same as for no assessment at all."""
    person, other = talk(), talk()
    for assessment_id, token in [
        (person.id, None),
        (person.id, ""),
        (person.id, "wrong"),
        (person.id, other.token),
        ("none", person.token),
    ]:
        for ask in (person.service.read, person.service.export, person.service.report, person.service.delete):
            with pytest.raises(NotFound, match="no such assessment"):
                ask(assessment_id, token)
    assert person.answers() == {}


def test_the_token_is_stored_nowhere(talk: Talks, tmp_path: Any) -> None:
    """Who reads the database cannot open an assessment with what stands in it."""
    person = talk()
    person.say("outward")
    assert not any(person.token.encode() in path.read_bytes() for path in tmp_path.iterdir())
    assert person.token not in json.dumps(person.service.export(person.id, person.token))


def test_every_word_is_stored_before_it_is_answered(grid: Questionnaire, words: ReplyWords) -> None:
    """By the time the papers are asked, the message is already in the log."""
    store = MemoryEventStore()
    seen: list[str] = []

    def answerer(_question: str) -> PapersAnswer:
        (stored,) = [store.load(each) for each in ids]
        assert stored is not None
        seen.extend(each.event.text for each in stored.events if isinstance(each.event, Said))
        return PapersAnswer("")

    service = AssessmentService(store=store, questionnaire=grid, words=words, answerer=answerer)
    created = service.create(mode="retrospective", scope="full")
    ids = [created.assessment_id]
    service.message(created.assessment_id, created.token, "What did KOICA do?")
    assert seen == ["What did KOICA do?"]


def test_trouble_with_the_papers_costs_nobody_a_turn(grid: Questionnaire, words: ReplyWords) -> None:
    """Without an index, or without an answerer, the dialogue says so and goes on."""

    def broken(_: str) -> PapersAnswer:
        raise IndexUnusable("No index; run `make run`.")

    for answerer in (broken, None):
        service = AssessmentService(store=MemoryEventStore(), questionnaire=grid, words=words, answerer=answerer)
        created = service.create(mode="retrospective", scope="full")
        turn = service.message(created.assessment_id, created.token, "What did KOICA do?")
        assert "cannot look into the papers" in turn.reply
        assert turn.question is not None
        assert turn.question["id"] == "A1"


def test_two_tabs_at_once_lose_nothing(talk: Talks) -> None:
    """Forty corrections from eight threads are all recorded, each to its question."""
    person = talk()
    wanted = {
        f"{category}{number}": "no"
        for category, last in (("D", 15), ("F", 8), ("C", 14))
        for number in range(1, last + 1)
    }
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda question_id: person.say(f"{question_id}: no"), wanted))
    assert person.answers() == wanted


def test_an_answer_reaches_the_question_the_person_saw(talk: Talks) -> None:
    """When another tab has moved on, the question that was on the screen gets the answer."""
    person = talk()
    person.say("outward")
    assert person.at() == "A2"
    person.say("yes")
    turn = person.say("no", shown_question="A2")
    assert [(each["question_id"], each["value"]) for each in turn.recorded] == [("A2", "no")]
    assert person.at() == "A3"


def test_endless_contention_ends_in_busy(grid: Questionnaire, words: ReplyWords) -> None:
    """A store that always has a faster writer is given up on with a clear word."""

    class Contended(MemoryEventStore):
        def append(self, assessment_id: str, *, after: int, at: str, events: Sequence[Event]) -> None:
            del assessment_id, after, at, events
            raise SequenceTaken("Another reply was stored first.")

    service = AssessmentService(store=Contended(), questionnaire=grid, words=words)
    created = service.create(mode="retrospective", scope="full")
    with pytest.raises(Busy):
        service.message(created.assessment_id, created.token, "yes")


def test_a_form_may_set_and_take_out_answers(talk: Talks) -> None:
    """A program sets values by question; the dialogue moves on past them."""
    person = talk()
    person.service.set_answer(person.id, person.token, "A1", value="outward")
    assert person.at() == "A2"
    person.service.set_answer(person.id, person.token, "B4", value=18, unit="months", note="two fairs")
    (months,) = [
        each for each in person.service.read(person.id, person.token)["answers"] if each["question_id"] == "B4"
    ]
    assert months == {"question_id": "B4", "value": 18, "unit": "months", "note": "two fairs"}
    person.service.delete_answer(person.id, person.token, "B4")
    assert person.answers() == {"A1": "outward"}
    with pytest.raises(NotFound):
        person.service.delete_answer(person.id, person.token, "B4")


@pytest.mark.parametrize(
    ("question_id", "value", "unit", "field"),
    [
        ("A1", "yes", None, "value"),
        ("B7", "outward", None, "value"),
        ("B7", 3, None, "value"),
        ("B5", 6, None, "value"),
        ("B5", 2.5, None, "value"),
        ("B1", 101, "percent", "value"),
        ("B4", 18, None, "unit"),
        ("B4", 18, "percent", "unit"),
        ("B4", float("nan"), "months", "value"),
        ("B4", -1, "months", "value"),
        ("B7", True, None, "value"),
        ("B7", None, None, "value"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_field(
    talk: Talks, question_id: str, value: object, unit: str | None, field: str
) -> None:
    """A form that sends nonsense is told which field is wrong, and nothing is stored."""
    person = talk()
    with pytest.raises(InvalidInput) as refused:
        person.service.set_answer(person.id, person.token, question_id, value=value, unit=unit)
    assert refused.value.field == field
    assert person.answers() == {}


def test_a_question_that_is_not_asked_cannot_be_set(talk: Talks) -> None:
    """Unknown ids are not found; known ones outside the scope are refused."""
    person = talk(scope=["A"])
    with pytest.raises(NotFound):
        person.service.set_answer(person.id, person.token, "Z1", value="yes")
    with pytest.raises(InvalidInput, match="scope"):
        person.service.set_answer(person.id, person.token, "F1", value="yes")


def test_the_last_answer_from_a_form_finishes(talk: Talks) -> None:
    """A form that fills all questions ends the assessment as the conversation would."""
    person = talk(scope=["F"])
    for number in range(1, 9):
        snapshot = person.service.set_answer(person.id, person.token, f"F{number}", value="yes")
    assert snapshot["finished"]


def test_an_export_holds_every_word_and_an_erased_assessment_is_gone(talk: Talks) -> None:
    """A person takes everything with them, and leaves nothing behind."""
    person = talk(organisation="Coop")
    person.all("outward, to Mali", "nonsense words here", "yes")
    said = [
        event["text"] for event in person.service.export(person.id, person.token)["events"] if event["kind"] == "said"
    ]
    assert said == ["outward, to Mali", "nonsense words here", "yes"]
    person.service.delete(person.id, person.token)
    with pytest.raises(NotFound):
        person.say("yes")


def test_too_much_text_is_refused_before_it_is_stored(talk: Talks) -> None:
    """Four thousand characters are a message; more are none."""
    person = talk()
    with pytest.raises(InvalidInput) as refused:
        person.say("a" * 4001)
    assert refused.value.field == "text"
    with pytest.raises(InvalidInput):
        person.service.create(organisation="a" * 201)
    with pytest.raises(InvalidInput):
        person.service.create(mode="sideways")


def test_the_report_shows_words_without_obeying_them(talk: Talks) -> None:
    """What a person typed stands in the report as text: no heading, link, image or HTML of theirs takes effect."""
    person = talk(scope=["F"], organisation="# Coop <b>[x](http://evil)</b>")
    person.all(
        "Yes, ![pixel](http://evil/p.png) <img src=x onerror=alert(1)>",
        "no",
        "partly",
        "too early",
        "n/a",
        "don't know",
        "skip",
    )
    content = person.service.report(person.id, person.token).content
    assert "<img" not in content
    assert "<b>" not in content
    assert "](http" not in content
    assert "\\[pixel\\]" in content


def test_the_report_counts_by_category_and_states_its_limits(talk: Talks) -> None:
    """Favourable, unfavourable, mixed, open and not applicable are counted; no score is invented."""
    person = talk(scope=["B", "F"])
    person.all(
        "B7: yes",
        "B5: 1",
        "B1: 20%",
        "F1 yes",
        "F2 no",
        "F3 partly",
        "F4 too early",
        "F5 n/a",
        "F6 don't know",
        "skip F7",
    )
    data = json.loads(person.service.report(person.id, person.token, "json").content)
    expected = {
        "favourable": 1,
        "unfavourable": 1,
        "mixed": 1,
        "too_early": 1,
        "not_applicable": 1,
        "dont_know": 1,
        "skipped": 1,
        "remaining": 1,
        "neutral": 0,
        "open": 4,
        "answered": 6,
        "total": 8,
    }
    assert data["profile"]["F"] == expected
    assert (data["profile"]["B"]["favourable"], data["profile"]["B"]["unfavourable"]) == (1, 1)
    assert data["profile"]["B"]["neutral"] == 1
    assert data["coverage"] == {"answered": 9, "total": 28, "share": 0.321}
    assert any("no official scoring" in limit for limit in data["limits"])
    assert data["copyright"] == "© OECD 2022"
    assert not any("score" in key for key in data)
    markdown = person.service.report(person.id, person.token, "md").content
    assert "© OECD 2022" in markdown
    assert "F · Financial impact | 1 | 1 | 1 | 0 | 4 | 1 |" in markdown


def test_an_unknown_report_format_is_refused(talk: Talks) -> None:
    """A format that is not made is named."""
    person = talk()
    with pytest.raises(InvalidInput, match="md, json, csv, html, pdf, docx"):
        person.service.report(person.id, person.token, "exe")


def test_the_question_comes_in_the_language_set(talk: Talks) -> None:
    """Looking back or planning, it is asked in that language with the English beside it, and so are its answers."""
    person = talk(language="fr", scope=["B"])
    turn = person.say("go to B7")
    asked = "Avez-vous rencontré des obstacles juridiques ou réglementaires\u00a0?"
    assert turn.reply.index(asked) < turn.reply.index("Did you encounter legal or regulatory obstacles?")
    assert "traduction non officielle" in turn.reply
    assert "oui · en partie · non · trop tôt pour le dire" in turn.reply
    assert turn.question["translation"]["text"] == asked
    assert turn.question["translation"]["options"][0] == {"key": "yes", "label": "oui"}
    assert turn.question["options"][0] == {"key": "yes", "label": "yes"}
    assert person.say("trop tôt pour le dire").recorded[0]["value"] == "too_early"
    ahead = talk(language="ko-KR", scope=["B"], mode="planning").say("go to B7")
    assert ahead.reply.index("법적 또는 규제상의 장애를 예상하나요?") < ahead.reply.index("Do you expect legal")
    assert ahead.question["translation"]["text"] == "법적 또는 규제상의 장애를 예상하나요?"
    assert talk(language="en").say("repeat").question["translation"] is None
