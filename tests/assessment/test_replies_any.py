from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silk_rag.assessment.acts import Answer, Forget, Jump
from silk_rag.assessment.context import Context
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.replies import understand
from silk_rag.assessment.words import ReplyWords


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), place=st.integers(0, 77))
def test_any_text_is_understood_as_something(grid: Questionnaire, words: ReplyWords, text: str, place: int) -> None:
    """Whatever is typed leads to at least one act, without an error."""
    order = tuple(grid.by_id)
    assert understand(text, Context(grid.by_id[order[place]], order, grid), words)


FRAGMENTS = [
    "yes",
    "no",
    "partly",
    "not",
    "A2",
    "C3-C5",
    "to",
    "?",
    ",",
    ".",
    "change",
    "make that",
    "18",
    "months",
    "%",
    "why",
    "back",
    "skip",
    "sorry",
    "go to",
    "\n",
    "maybe",
    "both",
    "and",
    "or",
    "30",
    "/5",
]


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from(FRAGMENTS), max_size=12), place=st.integers(0, 77))
def test_any_mixture_of_known_words_is_understood_as_something(
    grid: Questionnaire, words: ReplyWords, pieces: list[str], place: int
) -> None:
    """Words that each mean something never break the understanding when thrown together."""
    order = tuple(grid.by_id)
    here, last = grid.by_id[order[place]], grid.by_id[order[place - 1]]
    acts = understand(" ".join(pieces), Context(here, order, grid, last, just_recorded=True), words)
    assert acts
    assert all(act.question_id in grid.by_id for act in acts if isinstance(act, Answer | Jump | Forget))
