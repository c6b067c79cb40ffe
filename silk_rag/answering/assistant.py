"""The question-answering service: one question in, an answer or an abstention out."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from silk_rag.answering.abstention import Calibration, abstain, judge
from silk_rag.answering.answer import Reply
from silk_rag.answering.evidence import Evidence
from silk_rag.answering.extractive import answer_extractively
from silk_rag.answering.ports import NOBODY, Audience, Writer
from silk_rag.answering.suggestions import Suggestion, nearest_suggestions
from silk_rag.cases import Case
from silk_rag.errors import InvalidInput
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved, Retriever

LONGEST_QUESTION = 4_000
MOST_RESULTS = 50


@dataclass(frozen=True)
class Assistant:
    """Answers questions from one index; with a `writer` in a chat model's words, else in the papers' own."""

    retriever: Retriever
    evidence: Evidence
    calibration: Calibration
    suggestions: Sequence[Suggestion] = ()
    cases: Mapping[str, Case] = field(default_factory=dict)
    writer: Writer | None = None

    def ask(self, question: str, *, k: int = 8, language: str | None = None, audience: Audience = NOBODY) -> Reply:
        """Answer a question from at most k passages, or abstain; `audience` hears a written answer as it grows.

        Raises InvalidInput, naming the field, for an empty or overlong question or a k out of range.
        """
        text = clean_question(question)
        if not 1 <= k <= MOST_RESULTS:
            raise InvalidInput(f"k is {k}; use a number from 1 to {MOST_RESULTS}.", field="k")
        clock = _Clock()
        with clock.timing("understand"):
            query = self.retriever.understand(text, language=language)
        with clock.timing("retrieve"):
            results = self.retriever.retrieve(query, k)
        with clock.timing("answer"):
            reply = self._reply(query, results, audience)
        return replace(reply, timings_ms=clock.timings())

    def _reply(self, query: Query, results: Sequence[Retrieved], audience: Audience) -> Reply:
        reason = judge(query, results, self.evidence, self.calibration)
        if reason is None:
            candidates = self.evidence.candidates(query, results)
            extractive = answer_extractively(query, candidates, results, cases=self.cases)
            written = self.writer.write(query, results, extractive, audience) if self.writer else extractive
            if written is not None:
                return written
        reason = reason or "not-in-the-papers"
        return abstain(query, reason, results, nearest_suggestions(self.suggestions, results))


def clean_question(question: str) -> str:
    """The question without invisible characters and surplus space. Raises InvalidInput when none or too much is left.

    Characters that cannot be seen (tag characters, zero-width marks, direction overrides, control characters) can hide
    instructions and split words; joiners that some scripts need are kept.
    """
    if len(question) > LONGEST_QUESTION:
        raise InvalidInput(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} can be read. Shorten it.",
            field="question",
        )
    text = unicodedata.normalize("NFC", "".join(c if _visible(c) else " " for c in question))
    text = " ".join(text.split())
    if not any(character.isalnum() for character in text):
        raise InvalidInput("The question is empty. Write what you want to know in a sentence.", field="question")
    return text


def _visible(character: str) -> bool:
    if character in "\u200c\u200d":
        return True
    return unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}


class _Clock:
    """Adds up how long each step took, in milliseconds."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._steps: dict[str, float] = {}

    @contextmanager
    def timing(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._steps[step] = round((time.perf_counter() - started) * 1000, 2)

    def timings(self) -> dict[str, float]:
        return {**self._steps, "total": round((time.perf_counter() - self._started) * 1000, 2)}
