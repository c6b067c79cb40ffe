from __future__ import annotations

from collections.abc import Callable

import pytest

from silk_rag.assessment.acts import Act, Answer, Digress, Unclear
from silk_rag.assessment.context import Context
from silk_rag.assessment.memory import MemoryEventStore
from silk_rag.assessment.ports import Likely
from silk_rag.assessment.questionnaire import Question, Questionnaire
from silk_rag.assessment.replies import understand
from silk_rag.assessment.service import AssessmentService
from silk_rag.assessment.values import AnswerValue
from silk_rag.assessment.words import ReplyWords

Hearing = Callable[..., Context]
Understanding = Callable[..., tuple[Act, ...]]
ACCOUNT = "the permits nearly killed us"


class SureOf:
    """A reader that finds the same in all words, and remembers what it was asked."""

    def __init__(self, value: str, ahead: float) -> None:
        self.asked: list[str] = []
        self._likely = Likely(AnswerValue(value), ahead, ahead)

    def __call__(self, text: str, question: Question, /) -> Likely | None:
        """Always the same."""
        self.asked.append(f"{question.id} {text}")
        return self._likely


@pytest.fixture
def told(hearing: Hearing, words: ReplyWords) -> Callable[..., tuple[Act, ...]]:
    """Understands a message at a question with a reader at hand."""

    def understanding(question_id: str, text: str, reader: SureOf) -> tuple[Act, ...]:
        return understand(text, hearing(question_id), words, reader)

    return understanding


def test_what_is_far_ahead_is_noted_with_the_words(told: Understanding) -> None:
    """Who tells instead of saying yes is understood, and the words stand beside the value."""
    assert told("B7", ACCOUNT, SureOf("yes", 0.8)) == (Answer("B7", AnswerValue("yes"), ACCOUNT),)


def test_what_is_less_clear_is_put_as_a_question(told: Understanding) -> None:
    """Nothing is noted that is only likely: it is put for a yes."""
    assert told("B7", ACCOUNT, SureOf("yes", 0.2)) == (Unclear("confirm", "B7", value=AnswerValue("yes")),)


def test_what_is_unclear_is_asked_back_as_without_a_reader(told: Understanding, hear: Understanding) -> None:
    """A reader that is not sure changes nothing."""
    assert told("B7", ACCOUNT, SureOf("yes", 0.0)) == hear("B7", ACCOUNT)


@pytest.mark.parametrize(
    "text",
    [
        "yes, in Spain",
        "my boss says the permits were a nightmare",
        "the co-op down the road had a nightmare with permits",
        "une coopérative voisine a perdu six mois avec la douane",
        "andere Genossenschaften hatten Ärger mit dem Amt",
        "if the law changes the permits may be a problem",
        "would have been a nightmare without the ministry",
        "we wanted the permits in a month",
        "how did others get their permits?",
        "I wouldn't say no to that",
        "none that we couldn't solve together",
        "yeah right, the permits were a joy",
        "the same as for the question before",
        "C3 was the one about permits",
        "permits",
    ],
)
def test_only_an_account_in_ones_own_voice_is_read(told: Understanding, text: str) -> None:
    """Plain answers need no reader; the words of others, ifs, wishes, questions and irony are never put to it."""
    reader = SureOf("yes", 0.9)
    acts = told("B7", text, reader)
    assert not reader.asked or not any(isinstance(act, Answer) for act in acts)


def test_others_may_appear_in_an_account_of_the_own(told: Understanding) -> None:
    """Who speaks of neighbours and of themselves has answered."""
    acts = told("B7", "unlike the neighbours we had a nightmare with the permits", SureOf("yes", 0.9))
    assert isinstance(acts[0], Answer)


def test_a_short_denial_must_speak_of_the_matter(told: Understanding) -> None:
    """A few words with a "not" look like a no to any question, so more is asked of them."""
    assert isinstance(told("C1", "not the right person here", SureOf("no", 0.55))[0], Unclear)
    assert isinstance(told("C1", "not the right person here", SureOf("no", 0.7))[0], Answer)


def test_the_report_of_others_is_left_out_before_reading(told: Understanding) -> None:
    """Read is what the person says, not what the auditor wrote."""
    reader = SureOf("yes", 0.9)
    told("F2", "our auditor wrote 'no gain', I don't agree, the margin is clearly better", reader)
    assert reader.asked == ["F2 the margin is clearly better"]


def test_figures_are_never_read_by_likeness(told: Understanding) -> None:
    """A share or a length is said as a number or asked back."""
    reader = SureOf("yes", 0.9)
    told("B1", "it is really quite a lot of our money", reader)
    assert reader.asked == []


def replied(proposed: str, reply: str, grid: Questionnaire, words: ReplyWords, language: str = "en") -> list[str]:
    """What is recorded when this is said to a value that was proposed at B7."""
    reader = SureOf(proposed, 0.2)
    service = AssessmentService(store=MemoryEventStore(), questionnaire=grid, words=words, reader=reader)
    created = service.create(mode="retrospective", scope=["B"], language=language)
    key = (created.assessment_id, created.token)
    service.message(*key, "go to B7")
    assert "So is it **" in service.message(*key, "the office was open on Mondays").reply
    return [each["value"] for each in service.message(*key, reply).recorded]


@pytest.mark.parametrize(
    ("proposed", "reply", "value"),
    [
        ("no", "yes", "yes"),
        ("no", "no", "no"),
        ("no", "correct", "no"),
        ("no", "exactly, thanks", "no"),
        ("no", "note it please", "no"),
        ("no", "ok, a small yes", "yes"),
        ("no", "genau", "no"),
        ("no", "맞아요", "no"),
        ("no", "partly", "partly"),
        ("yes", "yes", "yes"),
        ("yes", "yes, that's right", "yes"),
        ("yes", "no", "no"),
        ("partly", "that's it", "partly"),
        ("partly", "yes", "yes"),
    ],
)
def test_a_bare_yes_or_no_to_a_proposal_is_the_answer_itself(
    proposed: str, reply: str, value: str, grid: Questionnaire, words: ReplyWords
) -> None:
    """Both answers are offered, so that only words such as "correct" confirm what was proposed."""
    assert replied(proposed, reply, grid, words) == [value]


@pytest.mark.parametrize("reply", ["yes, correct", "absolutely", "of course", "no, that's wrong", "bien sûr"])
def test_what_may_mean_either_to_a_proposed_no_is_asked_again(
    reply: str, grid: Questionnaire, words: ReplyWords
) -> None:
    """Agreement leaves open with what."""
    assert replied("no", reply, grid, words) == []


def test_a_proposal_names_the_answers_in_the_language_of_the_person(grid: Questionnaire, words: ReplyWords) -> None:
    """Who was asked in French reads oui and non there."""
    service = AssessmentService(store=MemoryEventStore(), questionnaire=grid, words=words, reader=SureOf("no", 0.2))
    created = service.create(mode="retrospective", scope=["B"], language="fr")
    key = (created.assessment_id, created.token)
    service.message(*key, "go to B7")
    asked = service.message(*key, "le bureau était ouvert le lundi").reply.lower()
    assert "**no** (non), or **yes** (oui)?" in asked


def test_a_question_still_goes_to_the_papers(told: Understanding) -> None:
    """A reader takes no question away from the papers."""
    question = "What do the papers say about permits?"
    assert told("B7", question, SureOf("yes", 0.9)) == (Digress(question),)
