"""Messages that take up the answer before: shorter, more, the second one, another case, the two compared."""

from __future__ import annotations

from itertools import count

import pytest

from silk_rag.answering.answer import Abstention, Answer
from silk_rag.bootstrap import Services

_numbers = count()


class Talk:
    """A conversation of its own."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._id = f"follow-up-{next(_numbers)}"

    def ask(self, text: str) -> Answer:
        """The answer, which is no refusal."""
        reply = self._services.assistant.ask(text, conversation_id=self._id)
        assert isinstance(reply, Answer), reply.markdown
        return reply


@pytest.fixture
def talk(services: Services) -> Talk:
    """A new conversation."""
    return Talk(services)


def _words(answer: Answer) -> int:
    return sum(len(sentence.text.split()) for sentence in answer.sentences)


def _places(answer: Answer) -> set[tuple[str, int]]:
    return {(citation.passage.id, citation.start) for citation in answer.citations}


@pytest.mark.parametrize("wish", ["say it shorter", "Shorter, please!", "in one sentence", "plus court", "짧게"])
def test_shorter_is_the_same_in_fewer_words(talk: Talk, wish: str) -> None:
    """The best sentences stay, about a third of the words."""
    long = talk.ask("What did Mondragon do to keep jobs at home?")
    short = talk.ask(wish)
    assert _words(short) < 0.6 * _words(long)
    assert short.citations[0].passage.id == long.citations[0].passage.id
    assert short.following == long.question


def test_shorter_after_a_comparison_still_compares(talk: Talk) -> None:
    """Both sides stay, in fewer words."""
    long = talk.ask("How do Mondragon and Equal Exchange finance their work abroad?")
    short = talk.ask("shorter please")
    assert long.comparison is not None
    assert short.comparison is not None
    assert short.comparison.columns == long.comparison.columns
    assert all(cell is not None for row in short.comparison.rows for cell in row.cells)
    assert _words(short) < _words(long)


def test_more_says_what_was_not_said(talk: Talk) -> None:
    """Again and again, and never a passage twice."""
    seen: set[str] = set()
    for text in ("How does Scotland support social enterprises abroad?", "more", "what else?", "Tell me more please"):
        answer = talk.ask(text)
        passages = {citation.passage.id for citation in answer.citations}
        assert passages
        assert not passages & seen
        seen |= passages


@pytest.mark.parametrize("wish", ["tell me more about the second one", "explain [2]", "what about number 2?"])
def test_a_citation_can_be_pointed_at(talk: Talk, wish: str) -> None:
    """The passage behind it comes first, and what stands beside it."""
    answer = talk.ask("Which organisations used franchising?")
    assert len(answer.citations) >= 2
    meant = answer.citations[1].passage
    further = talk.ask(wish)
    assert meant.id == further.retrieved[0].passage.id
    assert meant.id in {citation.passage.id for citation in further.citations}


@pytest.mark.parametrize(
    ("first", "then", "case"),
    [
        ("How does Scotland support social enterprises abroad?", "and Catalonia?", "accio"),
        ("Why did CoopCycle go to Mexico?", "What about Equal Exchange?", "equal-exchange"),
        ("Comment l'Écosse aide-t-elle ses entreprises sociales ?", "et la Catalogne ?", "accio"),
        ("What were the motives of Mondragon?", "And MCE Conseils?", "mce-conseils"),
    ],
)
def test_the_same_is_asked_of_another_case(talk: Talk, first: str, then: str, case: str) -> None:
    """The case before is left behind."""
    talk.ask(first)
    answer = talk.ask(then)
    assert answer.following == first
    assert case in {identity for found in answer.retrieved[:2] for identity in found.passage.cases}
    assert answer.comparison is None


def test_two_cases_talked_about_can_be_compared(talk: Talk) -> None:
    """Without naming them again."""
    talk.ask("What were the motives of Mondragon for going abroad?")
    talk.ask("And Equal Exchange?")
    answer = talk.ask("Compare the two")
    assert answer.comparison is not None
    assert answer.comparison.columns == ("Mondragon", "Equal Exchange")


def test_a_bare_why_stays_on_the_topic(talk: Talk) -> None:
    """It has no words of its own that could be off the topic."""
    first = talk.ask("How does Scotland support social enterprises abroad?")
    assert talk.ask("Why?").following == first.question


@pytest.mark.parametrize(
    "message",
    [
        "Who is the first in line for profits in a merger?",
        "What are the first steps to go abroad?",
        "Which more recent policies are there in Scotland?",
    ],
)
def test_a_question_of_its_own_is_none_of_these(talk: Talk, message: str) -> None:
    """Words such as "first" and "more" alone do not make a follow-up."""
    first = talk.ask("What is inward internationalisation?")
    answer = talk.ask(message)
    assert {c.passage.id for c in answer.citations} != {c.passage.id for c in first.citations}


@pytest.mark.parametrize(
    "wish",
    [
        "Can you take me through the questions?",
        "I would like to do the self-assessment",
        "let's start the evaluation",
        "We want to evaluate our own project",
        "faire l'autoévaluation",
    ],
)
def test_a_wish_to_be_assessed_leads_to_the_assessment(services: Services, wish: str) -> None:
    """In the asker's language, with where to find it."""
    reply = services.assistant.ask(wish)
    assert isinstance(reply, Abstention)
    assert reply.reason == "small-talk"
    assert "Self-assessment" in reply.markdown


def test_a_question_about_evaluating_is_answered(services: Services) -> None:
    """Only a wish leads away; a question is answered from the papers."""
    for question in ("How should an organisation evaluate its work abroad?", "What is the evaluation grid?"):
        assert isinstance(services.assistant.ask(question), Answer)
