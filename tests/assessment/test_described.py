from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from silk_rag.assessment.descriptions import question_about
from silk_rag.assessment.questionnaire import Questionnaire

Talks = Callable[..., Any]


@pytest.mark.parametrize(
    ("words", "question_id"),
    [
        ("legal obstacles", "B7"),
        ("reputation", "D10"),
        ("la distance", "B11"),
        ("logistics", "B12"),
        ("trade mission", "B18"),
    ],
)
def test_a_description_finds_its_question(grid: Questionnaire, words: str, question_id: str) -> None:
    """A few of the question's own words are enough, in every language it is asked in."""
    found = question_about(words, grid, grid.by_id)
    assert found is not None
    assert found.id == question_id


@pytest.mark.parametrize("words", ["impact", "weather", "the partners", "", "internationalisation"])
def test_words_of_many_questions_or_none_find_none(grid: Questionnaire, words: str) -> None:
    """An answer must not reach the wrong question."""
    assert question_about(words, grid, grid.by_id) is None


def test_an_earlier_answer_is_put_right_by_describing_its_question(talk: Talks) -> None:
    """Nobody has to know a number to correct an answer."""
    person = talk(scope=["F"])
    person.all("yes", "no", "no", "no", "no")
    person.say("the one about attracting investors should be partly")
    assert person.answers()["F3"] == "partly"
    assert person.at() == "F6"
    person.say("put yes for the investment opportunities")
    assert person.answers()["F4"] == "yes"


def test_a_described_question_is_gone_to(talk: Talks) -> None:
    """As in "I'd like to do the one on reputation"."""
    person = talk(scope=["D"])
    person.say("actually I'd like to do the one on reputation first")
    assert person.at() == "D10"


def test_a_mistake_is_put_right_where_what_is_said_instead_fits(talk: Talks) -> None:
    """As in "I was wrong, only co-ops": no other answer could be meant."""
    person = talk(scope=["A", "B"])
    person.all("outward", "yes", "no", "no", "no", "yes", "companies and co-ops")
    person.say("that was wrong: only co-ops")
    assert person.answers()["A7"] == "sseos"
    assert person.at() == "B1"


def test_topics_with_their_answers_reach_their_questions(talk: Talks) -> None:
    """As in "services no, financing no"."""
    person = talk(scope=["A"])
    person.all("outward", "services no, financing no")
    assert person.answers() == {"A1": "outward", "A3": "no", "A5": "no"}


def test_a_section_is_left_in_many_words(talk: Talks) -> None:
    """Whole parts can be passed over as people say it."""
    for text in ("skip this whole section", "the rest of this part isn't for us", "skip the nature part please"):
        person = talk(scope=["A", "B"])
        person.say(text)
        assert person.at() == "B1"
