"""The question-answering service: one question in, an answer or an abstention out."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from silk_rag.answering.abstention import Calibration, abstain, courtesy, judge
from silk_rag.answering.answer import Answer, Reply
from silk_rag.answering.basis import basis_of
from silk_rag.answering.comparison import compare
from silk_rag.answering.conversation import (
    ConversationStore,
    Exchange,
    MemoryConversations,
    in_context,
    leans,
    small_talk,
)
from silk_rag.answering.evidence import Evidence
from silk_rag.answering.extractive import answer_extractively
from silk_rag.answering.other_sides import with_other_sides
from silk_rag.answering.ports import NOBODY, Audience, Writer
from silk_rag.answering.subjects import subjects_of
from silk_rag.answering.suggestions import Suggestion, nearest_suggestions
from silk_rag.cases import Case
from silk_rag.contradictions import Contradiction
from silk_rag.errors import InvalidInput
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved, Retriever
from silk_rag.strategies import Strategy

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
    contradictions: Sequence[Contradiction] = ()
    strategies: Sequence[Strategy] = ()
    conversations: ConversationStore = field(default_factory=MemoryConversations)

    def ask(
        self,
        question: str,
        *,
        k: int = 8,
        language: str | None = None,
        conversation_id: str | None = None,
        earlier: Sequence[str] = (),
        audience: Audience = NOBODY,
    ) -> Reply:
        """Answer a question from at most k passages, or abstain; `audience` hears a written answer as it grows.

        With a conversation id the question may lean on earlier ones; a caller that keeps the conversation itself
        gives the `earlier` questions instead. Raises InvalidInput, naming the field, for an
        empty or overlong question or a k out of range.
        """
        text = clean_question(question)
        if not 1 <= k <= MOST_RESULTS:
            raise InvalidInput(f"k is {k}; use a number from 1 to {MOST_RESULTS}.", field="k")
        kind = small_talk(text)
        if kind is not None:
            spoken = language or self.retriever.detect_language(text)
            return courtesy(text, kind, spoken, nearest_suggestions(self.suggestions, ()))
        before = self._exchanges(conversation_id, earlier)
        clock = _Clock()
        with clock.timing("understand"):
            query = self.retriever.understand(text, language=language)
            context = in_context(text, before)
            behind = self.retriever.understand(context, language=query.language) if context else None
        with clock.timing("retrieve"):
            if behind is None:
                results = self.retriever.retrieve(query, k)
            else:
                results = self.retriever.retrieve_following(query, behind, before[-1].passages, k, leans=leans(text))
        with clock.timing("answer"):
            following = before[-1].question if behind and leans(text) else None
            reply = self._reply(behind if behind and following else query, results, audience)
        if conversation_id:
            self.conversations.append(conversation_id, Exchange(text, _passages_of(reply)))
        return replace(reply, question=text, following=following, timings_ms=clock.timings())

    def _exchanges(self, conversation_id: str | None, earlier: Sequence[str]) -> tuple[Exchange, ...]:
        if conversation_id:
            return self.conversations.load(conversation_id).exchanges
        return tuple(Exchange(question, ()) for question in earlier)

    def _reply(self, query: Query, results: Sequence[Retrieved], audience: Audience) -> Reply:
        reason = judge(query, results, self.evidence, self.calibration)
        if reason is None:
            extractive = self._quoted(query, results)
            written = self.writer.write(query, results, extractive, audience) if self.writer else extractive
            complete = with_other_sides(written, self.contradictions, self.evidence.snapshot.documents)
            return replace(complete, basis=basis_of(written, self.cases))
        return abstain(query, reason, results, nearest_suggestions(self.suggestions, results))

    def _quoted(self, query: Query, results: Sequence[Retrieved]) -> Answer:
        """The answer in the papers' own words: a table where things are compared, else sentences."""
        candidates = self.evidence.candidates(query, results)
        subjects = subjects_of(query.text, list(self.cases.values()), self.strategies, self.evidence.snapshot)
        if subjects:
            ranked = self.retriever.rank(query)
            compared = compare(
                query, subjects, candidates, results, ranked=ranked, evidence=self.evidence, cases=self.cases
            )
            if compared is not None:
                return compared
        return answer_extractively(query, candidates, results, cases=self.cases)


def _passages_of(reply: Reply) -> tuple[str, ...]:
    """The passages an answer cites, in order; what was found when it abstains."""
    if isinstance(reply, Answer):
        return tuple(dict.fromkeys(citation.passage.id for citation in reply.citations))
    return tuple(result.passage.id for result in reply.retrieved)


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
