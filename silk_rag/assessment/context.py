"""What a person's words are heard against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from silk_rag.assessment.questionnaire import Mode, Question, Questionnaire
from silk_rag.assessment.values import AnswerValue


@dataclass(frozen=True, slots=True)
class Context:
    """What the words are heard against: the question asked, the one recorded just before, and the scope in order.

    `answered` are the ids of what was answered, oldest first. `pending` holds words that were kept while the dialogue
    asked back, `proposed` the value it asked to confirm. In planning `mode` hopes and aims are answers.
    """

    question: Question | None
    order: Sequence[str]
    grid: Questionnaire
    last_answered: Question | None = None
    just_recorded: bool = False
    pending: str = ""
    proposed: AnswerValue | None = None
    language: str = "en"
    answered: tuple[str, ...] = ()
    mode: Mode = "retrospective"

    @property
    def question_id(self) -> str | None:
        """The id of the question asked."""
        return self.question.id if self.question else None
