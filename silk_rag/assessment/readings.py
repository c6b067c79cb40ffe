"""What came of hearing an answer: a value for sure, a guess, or (elsewhere) the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from silk_rag.assessment.values import AnswerValue


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, whether the words said nothing beyond it (`bare`), and whether they doubted it."""

    value: AnswerValue
    bare: bool
    hedged: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """A value that stands among words about something else: the person is asked whether it is meant."""

    value: AnswerValue
