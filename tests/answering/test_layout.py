"""How an answer reads: who speaks is said once, lists stay lists."""

from __future__ import annotations

from silk_rag.answering.answer import AnswerSentence
from silk_rag.answering.layout import lay_out


def _said(text: str, speaker: str, number: int) -> AnswerSentence:
    return AnswerSentence(text, (number,), speaker)


def test_a_speaker_whom_the_papers_name_is_not_named_twice() -> None:
    """The good practices begin with the organisation's name."""
    laid = lay_out([_said("It grew.", "Box 2", 1), _said("Equal Exchange: EE was founded so.", "Equal Exchange", 2)])
    assert laid == "It grew. [1]\n\nEqual Exchange: EE was founded so. [2]"


def test_a_name_that_ends_in_a_colon_gets_no_second_one() -> None:
    """Some headings of the source do."""
    laid = lay_out([_said("One.", "Box 2", 1), _said("Two.", "Annex B, Main strategies:", 2)])
    assert laid.endswith("**Annex B, Main strategies:** Two. [2]")


def test_a_list_stands_below_its_speaker() -> None:
    """Otherwise its first item would not be one."""
    laid = lay_out([_said("One.", "Box 2", 1), _said("● Fewer people\n\n● More work", "Tool 5, Merger", 2)])
    assert laid.endswith("**Tool 5, Merger:**\n\n- Fewer people\n- More work [2]")
