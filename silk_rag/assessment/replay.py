"""The last exchanges of a talk, put together again from its events.

The dialogue's own words need not be stored, for they come back as they were; what the papers said is in the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from silk_rag.assessment.dialogue import respond
from silk_rag.assessment.events import Answered, Event, PapersShown, Said
from silk_rag.assessment.ports import AnswerReader
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.state import State, fold
from silk_rag.assessment.values import describe
from silk_rag.assessment.words import ReplyWords

_ASKED = "*You asked the papers here. Ask again to see what they say.*"
_SHOWN = "*Ask again to open the places that the numbers stand for.*"


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the person typed, and what was said to it, in Markdown and without the question asked next."""

    said: str
    reply: str


def last_exchanges(
    events: Sequence[Event],
    grid: Questionnaire,
    words: ReplyWords,
    *,
    most: int,
    reader: AnswerReader | None = None,
) -> tuple[Exchange, ...]:
    """The newest exchanges, oldest first.

    The dialogue is a pure function, so its words come back as they were. Where it would do otherwise today than the log
    has it (newer word lists, another tab's question), only what was recorded is said.
    """
    starts = [place for place, event in enumerate(events) if isinstance(event, Said)][-most:]
    ends = [*starts[1:], len(events)]
    return tuple(_exchange(events[:end], start, grid, words, reader) for start, end in zip(starts, ends, strict=True))


def _exchange(
    events: Sequence[Event], start: int, grid: Questionnaire, words: ReplyWords, reader: AnswerReader | None
) -> Exchange:
    said = events[start]
    text = said.text if isinstance(said, Said) else ""
    before: State = fold(events[:start])
    happened = events[start:]
    shown = [event.markdown for event in happened if isinstance(event, PapersShown)]
    papers = "\n\n".join((*shown, _SHOWN)) if shown else ""
    response = respond(before, text, grid, words, reader=reader)
    if response.events != tuple(event for event in happened if not isinstance(event, PapersShown)):
        return Exchange(text, "\n\n".join(part for part in (" ".join(_recorded(happened, grid)), papers) if part))
    asked = _ASKED if response.digression or response.illuminate else ""
    return Exchange(text, "\n\n".join(part for part in (response.opening, papers or asked) if part))


def _recorded(events: Sequence[Event], grid: Questionnaire) -> Iterator[str]:
    for event in events:
        question = grid.every.get(event.question_id) if isinstance(event, Answered) else None
        if isinstance(event, Answered) and question is not None:
            yield f"Noted for {question.id}: **{describe(event.value, question)}**."
