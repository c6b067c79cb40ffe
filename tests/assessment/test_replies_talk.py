from __future__ import annotations

from collections.abc import Callable

import pytest

from silk_rag.assessment.acts import Act, Answer, Command, Digress, Forget, Jump, SetScope, Unclear

Understanding = Callable[..., tuple[Act, ...]]
ValueOf = Callable[[tuple[Act, ...]], object]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("skip", "skip"),
        ("can we skip this one please", "skip"),
        ("back", "back"),
        ("zurück", "back"),
        ("no, go back", "back"),
        ("Why do you ask?", "why"),
        ("pourquoi ?", "why"),
        ("Not sure what you mean by services", "why"),
        ("?", "why"),
        ("example", "example"),
        ("how did others do it?", "example"),
        ("pause", "pause"),
        ("I have to go", "pause"),
        ("how many questions are left?", "progress"),
        ("repeat the question please", "repeat"),
        ("I'm done", "finish"),
        ("next category", "next_category"),
        ("undo", "undo"),
        ("help", "help"),
        ("who sees my answers?", "privacy"),
        ("no, that's not what I meant", "wrong"),
        ("yes I want to skip", "skip"),
        ("next", "skip"),
        ("hold on", "wait"),
    ],
)
def test_steering_words_are_no_answers(hear: Understanding, text: str, name: str) -> None:
    """A person may steer the talk in everyday words, with or without courtesy."""
    assert hear("B7", text) == (Command(name),)  # type: ignore[arg-type]


def test_a_question_goes_to_the_papers_and_answers_nothing(hear: Understanding) -> None:
    """Neither a plain question nor one behind a "yes, but" is taken for an answer."""
    for text in ("How did KOICA choose its partners?", "Yes, but what is an SSEO?", "tell me about Mondragon"):
        assert hear("B7", text) == (Digress(text),)


def test_an_answer_in_a_sentence_of_its_own_stands_beside_a_question(hear: Understanding) -> None:
    """As in "Yes. What do the papers say?" is both."""
    answer, question = hear("B7", "Yes. What do the papers say about funding?")
    assert isinstance(answer, Answer)
    assert question == Digress("What do the papers say about funding?")


@pytest.mark.parametrize(
    "text", ["change C3 to no", "C3: no", "no for C3", "set c3 = no", "for C3 I meant no", "sorry, C3 no"]
)
def test_a_named_question_is_corrected_wherever_one_is(hear: Understanding, text: str) -> None:
    """Naming a question directs the answer to it."""
    (act,) = hear("E1", text)
    assert isinstance(act, Answer)
    assert (act.question_id, act.value.content) == ("C3", "no")


def test_several_answers_in_one_message_are_taken_apart(hear: Understanding, value_of: ValueOf) -> None:
    """Lists, lines and ranges each reach their questions; what is unclear among them is asked back alone."""
    for text in ("A2 yes, A3 no, A4 partly", "A2: yes\nA3: no\nA4: partly", "a2=yes; a3=no; a4=partly"):
        assert [value_of((act,)) for act in hear("A2", text)] == ["yes", "no", "partly"]
    assert [act.question_id for act in hear("A2", "A2-A6: yes") if isinstance(act, Answer)] == [
        "A2",
        "A3",
        "A4",
        "A5",
        "A6",
    ]
    *_, last = hear("A2", "A2 yes, A3 we do all sorts of things there")
    assert last == Unclear("own_words", "A3")


def test_a_correction_without_a_name_reaches_the_answer_before(hear: Understanding) -> None:
    """As in "No, make that partly" corrects the last answer."""
    (act,) = hear("B8", "no, make that partly", after="B7")
    assert isinstance(act, Answer)
    assert (act.question_id, act.value.content) == ("B7", "partly")


def test_a_correction_that_fits_two_questions_is_asked_back(hear: Understanding, value_of: ValueOf) -> None:
    """As in "Sorry, no" may be meant for either question, so neither gets it; a value only one can take goes there."""
    assert value_of(hear("B7", "sorry, no", after="B6")) == "which_question"
    (act,) = hear("B5", "sorry, 8 months", after="B4")
    assert isinstance(act, Answer)
    assert act.question_id == "B4"


def test_jumps_by_id_letter_name_and_number(hear: Understanding) -> None:
    """A person may go anywhere in the words that come to mind."""
    for text, target in {
        "go to C3": "C3",
        "C3": "C3",
        "go to the financial part": "F1",
        "jump to E": "E1",
        "question 40": "C13",
        "go to the beginning": "A1",
    }.items():
        assert hear("B7", text) == (Jump(target),)
    assert hear("B7", "only C and D") == (SetScope(("C", "D")),)
    assert hear("B7", "delete C3") == (Forget("C3"),)
