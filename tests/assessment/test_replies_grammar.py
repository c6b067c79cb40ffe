"""What the grammar of a message says: denials, plans, levels, spans of months, several subjects, wishes to go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from silk_rag.assessment.acts import Act, Answer, Jump, Unclear
from silk_rag.assessment.context import Context
from silk_rag.assessment.ports import Likely
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.replies import understand
from silk_rag.assessment.values import AnswerValue
from silk_rag.assessment.words import ReplyWords

Hearing = Callable[..., Context]
Understanding = Callable[..., tuple[Act, ...]]
ValueOf = Callable[[tuple[Act, ...]], object]


def recorded(acts: tuple[Act, ...]) -> dict[str, object]:
    """The value of every answer."""
    return {act.question_id: act.value.content for act in acts if isinstance(act, Answer)}


@pytest.fixture
def plan(hearing: Hearing, words: ReplyWords) -> Understanding:
    """Understands a message where a plan is asked about."""
    return lambda question, text: understand(text, replace(hearing(question), mode="planning"), words)


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("B9", "can't say we did", "no"),
        ("B9", "I can't say we didn't", "yes"),
        ("B9", "can't say", "dont_know"),
        ("C1", "there is no denying it did", "yes"),
        ("F4", "no puedo negar que sí", "yes"),
        ("F1", "not one cent more", "no"),
        ("F3", "ni un inversor", "no"),
        ("F3", "keine Investoren", "no"),
        ("F3", "pas un seul investisseur", "no"),
        ("F2", "nope the bank took it all", "no"),
        ("B13", "no no it was simple to run", "no"),
        ("D2", "no nothing new there", "no"),
        ("B10", "também não", "no"),
        ("D5", "non plus", "no"),
        ("B13", "아뇨 복잡하지 않았어요", "no"),
        ("C1", "i dont think so", "no"),
    ],
)
def test_a_denial_is_heard_by_its_grammar(
    hear: Understanding, value_of: ValueOf, question: str, text: str, value: str
) -> None:
    """What cannot be said is denied, what cannot be denied is so, and not even the least is nothing at all."""
    assert value_of(hear(question, text)) == value


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("F3", "no investor has left us"),
        ("F3", "no investor ever called"),
        ("B12", "nothing but trouble"),
        ("C4", "it's not like it did nothing, wages got better"),
        ("F4", "no ano passado identificámos duas oportunidades"),
        ("C1", "por enquanto não"),
        ("B9", "can't say if it did"),
        ("C3", "people here would answer no"),
        ("B7", "no obstacle we could not overcome"),
    ],
)
def test_a_denial_that_may_mean_something_else_is_asked_back(hear: Understanding, question: str, text: str) -> None:
    """Nothing is noted on the strength of a "no" alone."""
    assert recorded(hear(question, text)) == {}


@pytest.mark.parametrize(("likely", "kind"), [("no", Answer), ("yes", Unclear)])
def test_a_guess_of_the_grammar_needs_a_reader_that_agrees(
    hearing: Hearing, words: ReplyWords, likely: str, kind: type
) -> None:
    """Where rule and reader disagree, a question is put instead."""

    def reader(_: str, __: Question, /) -> Likely:
        return Likely(AnswerValue(likely), 0.6, 0.6)

    (act,) = understand("no investor ever called", hearing("F3"), words, reader)
    assert isinstance(act, kind)


def test_only_the_clause_that_may_mean_its_opposite_is_left_out(hearing: Hearing, words: ReplyWords) -> None:
    """What follows "it's not like nothing changed" is read by itself."""
    asked: list[str] = []

    def reader(text: str, _: Question, /) -> Likely:
        asked.append(text)
        return Likely(AnswerValue("yes"), 0.9, 0.9)

    acts = understand("its not like it did nothing, wages got better here", hearing("C4"), words, reader)
    assert recorded(acts) == {"C4": "yes"}
    assert asked == ["wages got better here"]


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("A3", "no services planned", "no"),
        ("A5", "not planned", "no"),
        ("A5", "nicht geplant", "no"),
        ("C3", "that's not in our plans", "no"),
        ("F3", "we do expect some", "yes"),
        ("F3", "we hope not", "no"),
        ("A4", "esperamos que sí", "yes"),
        ("F2", "não contamos com isso", "no"),
        ("F3", "wir rechnen damit", "yes"),
        ("F3", "계획은 없어요", "no"),
        ("B1", "hoping for 20%", 20),
        ("B1", "on vise la moitié", 50),
        ("B4", "contiamo sei mesi", 6),
        ("B5", "i expect high", 4),
    ],
)
def test_a_plan_is_answered_with_hopes_and_aims(
    plan: Understanding, value_of: ValueOf, question: str, text: str, value: object
) -> None:
    """Where a plan is asked about, what is expected is the answer, hedged as it is."""
    assert value_of(plan(question, text)) == value


@pytest.mark.parametrize("text", ["not planned yet", "we plan a report", "if all goes to plan", "hard to plan"])
def test_a_plan_that_is_left_open_is_asked_back(plan: Understanding, text: str) -> None:
    """What is not decided, or is planned for something else, is no answer."""
    assert recorded(plan("F3", text)) == {}


def test_a_hope_is_no_answer_when_looking_back(hear: Understanding) -> None:
    """Hoped for is not come true."""
    assert recorded(hear("B1", "we hoped for 20%")) == {}


@pytest.mark.parametrize(
    ("question", "text", "level"),
    [
        ("B5", "id say low", 2),
        ("B5", "muy baja", 1),
        ("B5", "easiest thing ever", 1),
        ("B14", "it was the hardest part of all", 5),
        ("B14", "not hard at all", 1),
        ("B14", "gar nicht schwer", 1),
        ("B14", "전혀 어렵지 않았어요", 1),
        ("B14", "not that easy", 4),
        ("B5", "couldn't have been easier", 1),
        ("E1", "bastante alta", 4),
        ("B14", "very hard to find a bank", 5),
    ],
)
def test_a_level_is_told_with_an_adjective(
    hear: Understanding, value_of: ValueOf, question: str, text: str, level: int
) -> None:
    """How easy or hard it was, and how much of it."""
    assert value_of(hear(question, text)) == level


@pytest.mark.parametrize(
    "text", ["hard at first, then easy", "it should have been easy", "we expected it to be hard", "hard and easy"]
)
def test_a_level_that_was_not_met_is_asked_back(hear: Understanding, text: str) -> None:
    """Two levels, or one that was expected, are none."""
    assert recorded(hear("B5", text)) == {}


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("from March to September", 6),
        ("da marzo a settembre dello stesso anno", 6),
        ("from October to March", 5),
        ("first talks in May 2019, signed in June 2020", 13),
        ("3월부터 9월까지", 6),
        ("from January to February the following year", 13),
    ],
)
def test_the_months_between_two_are_counted(hear: Understanding, value_of: ValueOf, text: str, months: int) -> None:
    """A length told by its two ends."""
    assert value_of(hear("B4", text)) == months


@pytest.mark.parametrize("text", ["we may need until june", "since March", "from March to March"])
def test_one_month_is_no_length(hear: Understanding, text: str) -> None:
    """With one end missing nothing is counted."""
    assert recorded(hear("B4", text)) == {}


@pytest.mark.parametrize(
    ("question", "text", "answers"),
    [
        ("A4", "knowledge and training yes, financing no", {"A4": "yes", "A5": "no"}),
        ("F1", "revenues yes, costs and margin no, investors in us no", {"F1": "yes", "F2": "no", "F3": "no"}),
        ("F3", "investitori no, opportunità di investimento sì", {"F3": "no", "F4": "yes"}),
        ("E8", "no investors. jobs here yes, jobs abroad no", {"E8": "no", "E9": "yes", "E10": "no"}),
        ("B11", "distance difficulty very high, logistics no problem", {"B11": 5, "B12": "no"}),
        ("B1", "15 percent and yes we had a special fund", {"B1": 15, "B2": "yes"}),
        ("B1", "30%, and B2 yes", {"B1": 30, "B2": "yes"}),
        ("A6", "yes, and our partners are a mixture", {"A6": "yes", "A7": "mixture"}),
        ("B3", "par hasard, et il nous a fallu 10 mois pour trouver le partenaire", {"B3": "accident", "B4": 10}),
        ("A3", "서비스는 아니요, 지식·교육은 예", {"A3": "no", "A4": "yes"}),
        ("A6", "valores sim", {"A6": "yes"}),
    ],
)
def test_several_answers_are_told_apart_by_their_subjects(
    hear: Understanding, question: str, text: str, answers: dict[str, object]
) -> None:
    """Each piece goes to the question whose words it uses; the first may go to the one at hand without any."""
    assert recorded(hear(question, text)) == answers


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("F6", "higher prices no, stronger balance sheet yes"),
        ("A2", "products yes, weather no"),
        ("A2", "products yes, products no"),
        ("C1", "yes no yes no"),
    ],
)
def test_subjects_that_do_not_find_a_question_each_record_nothing(
    hear: Understanding, question: str, text: str
) -> None:
    """All pieces must be clear, and go the way that the question asks."""
    assert recorded(hear(question, text)) == {}


def test_an_account_behind_an_answer_stays_its_note(hear: Understanding) -> None:
    """Not every comma begins another answer."""
    (act,) = hear("F1", "no, prices went down and quality is fine")
    assert isinstance(act, Answer)
    assert (act.value.content, act.note) == ("no", "no, prices went down and quality is fine")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("vai para a B7", "B7"),
        ("now go to F3", "F3"),
        ("ve a E2", "E2"),
        ("B12로 가주세요", "B12"),
        ("kunnen we naar D4 gaan", "D4"),
        ("gehen wir bitte zu D4", "D4"),
        ("vai alla parte C", "C1"),
        ("D로 가주세요", "D1"),
        ("vamos a la parte económica", "E1"),
        ("go to a", "A1"),
    ],
)
def test_going_somewhere_is_understood_in_every_language(hear: Understanding, text: str, question: str) -> None:
    """A verb of going and a question or a part, in any order."""
    assert hear("B2", text) == (Jump(question),)


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("D1은 아니요로 바꿔 주세요", {"D1": "no"}),
        ("correggi C1: in parte", {"C1": "partly"}),
        ("a A2 afinal é não", {"A2": "no"}),
        ("en fait B2 c'est oui", {"B2": "yes"}),
        ("F5 no e F6 no", {"F5": "no", "F6": "no"}),
        ("A1 해외로 수출하는 쪽, A2 예", {"A1": "outward", "A2": "yes"}),
    ],
)
def test_answers_are_corrected_in_every_language(hear: Understanding, text: str, answers: dict[str, object]) -> None:
    """An id, and what it should be."""
    assert recorded(hear("D3", text)) == answers


def test_slips_beside_a_number_are_mended(hear: Understanding, value_of: ValueOf) -> None:
    """A word typed wrong does not put a number in doubt."""
    assert value_of(hear("B1", "somewhere betwen 10 and 20 percent")) == 15
