"""The question-answering service: one question in, an answer or an abstention out."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from silk_rag.answering.abstention import Calibration, abstain, courtesy, judge
from silk_rag.answering.answer import Answer, Reply
from silk_rag.answering.asked import without_frame
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
from silk_rag.answering.evidence import Candidate, Evidence
from silk_rag.answering.extractive import MOST_WORDS, answer_extractively
from silk_rag.answering.follow_ups import FollowUp, follow_up
from silk_rag.answering.halves import OF_EACH_HALF, understood_halves, with_results_of_halves
from silk_rag.answering.other_sides import with_other_sides
from silk_rag.answering.ports import NOBODY, Audience, Writer
from silk_rag.answering.subjects import columns_asked_for, subjects_of
from silk_rag.answering.suggestions import Suggestion, nearest_suggestions
from silk_rag.cases import Case
from silk_rag.contradictions import Contradiction
from silk_rag.documents import TOOL_5, Passage
from silk_rag.errors import InvalidInput
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved, Retriever
from silk_rag.retrieval.words import words_of
from silk_rag.strategies import Strategy

LONGEST_QUESTION = 4_000
MOST_RESULTS = 50
#: "Say it shorter" is about so many words.
SHORT_WORDS = 45


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
    approaches: Sequence[Strategy] = ()
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
        move = follow_up(text, before, list(self.cases.values()))
        if move is not None and move.move != "swap":
            reply, asked = self._again(move, k, clock, language), move.question
        else:
            asked = move.question if move else without_frame(text)
            query = self._understood(asked, clock, language=language, cases=move.cases if move else ())
            reply = self._fresh(query, () if move else before, k, clock, audience)
        if conversation_id:
            self.conversations.append(conversation_id, Exchange(asked, _passages_of(reply)))
        following = before[-1].question if move else reply.following
        return replace(reply, question=text, following=following, timings_ms=clock.timings())

    def _understood(self, text: str, clock: _Clock, *, language: str | None, cases: Sequence[str] = ()) -> Query:
        """The question taken apart; `cases` are those it is about where its words do not say so."""
        with clock.timing("understand"):
            query = self.retriever.understand(text, language=language)
            return replace(query, cases=tuple(cases)) if cases else query

    def _fresh(self, query: Query, before: Sequence[Exchange], k: int, clock: _Clock, audience: Audience) -> Reply:
        """The reply to a question of its own, or one that leans on those before it."""
        text = query.text
        with clock.timing("context"):
            context = in_context(text, before)
            behind = self.retriever.understand(context, language=query.language) if context else None
        with clock.timing("retrieve"):
            if behind is None:
                results = self.retriever.retrieve(query, k)
            else:
                results = self.retriever.retrieve_following(query, behind, before[-1].passages, k, leans=leans(text))
        with clock.timing("answer"):
            if behind is None or not leans(text):
                return self._reply(query, results, audience)
            # A question of no words of its own ("why?") is about whatever was talked about.
            on_topic = not words_of(text) and bool(before[-1].passages)
            reply = self._reply(behind, results, audience, follow_up=query, on_topic=on_topic)
            return replace(reply, following=before[-1].question)

    def _again(self, move: FollowUp, k: int, clock: _Clock, language: str | None) -> Reply:
        """The reply to the question before, shorter, going on, or about one of its citations."""
        query = self._understood(move.question, clock, language=language)
        with clock.timing("retrieve"):
            pointed_at = self.evidence.snapshot.passage(move.pointed_at) if move.pointed_at else None
            if pointed_at is not None:
                around = self.retriever.retrieve(query, k, wanted=lambda passage: _beside(passage, pointed_at))
                results = [Retrieved(pointed_at, around[0].score if around else 0.0)]
                results += [each for each in around if each.passage.id != pointed_at.id][: k - 1]
            else:
                results = self.retriever.retrieve(query, k + len(move.shown))
        with clock.timing("answer"):
            reason = None if pointed_at else judge(query, results[:k], self.evidence, self.calibration)
            left = [result for result in results if result.passage.id not in move.shown][:k]
            if reason is not None or not left:
                reason = reason or "not-in-the-papers"
                return abstain(query, reason, results[:k], nearest_suggestions(self.suggestions, results[:k]))
            short = move.move == "shorter"
            compared = self._compared(query, left, short=True) if short else None
            candidates = self.evidence.candidates(query, left)
            most_words = SHORT_WORDS if short else MOST_WORDS
            answer = compared or answer_extractively(query, candidates, left, cases=self.cases, most_words=most_words)
            return replace(answer, basis=basis_of(answer, self.cases))

    def _exchanges(self, conversation_id: str | None, earlier: Sequence[str]) -> tuple[Exchange, ...]:
        if conversation_id:
            return self.conversations.load(conversation_id).exchanges
        return tuple(Exchange(question, ()) for question in earlier)

    def _reply(
        self,
        query: Query,
        results: Sequence[Retrieved],
        audience: Audience,
        *,
        follow_up: Query | None = None,
        on_topic: bool = False,
    ) -> Reply:
        reason = judge(query, results, self.evidence, self.calibration, follow_up=follow_up)
        reason = None if on_topic and reason == "off-topic" else reason
        if reason is None:
            extractive = self._quoted(query, results)
            written = self.writer.write(query, results, extractive, audience) if self.writer else extractive
            complete = with_other_sides(written, self.contradictions, self.evidence.snapshot.documents)
            return replace(complete, basis=basis_of(written, self.cases))
        return abstain(query, reason, results, nearest_suggestions(self.suggestions, results))

    def _quoted(self, query: Query, results: Sequence[Retrieved]) -> Answer:
        """The answer in the papers' own words: a table where things are compared, else sentences."""
        compared = self._compared(query, results)
        if compared is not None:
            return compared
        halves = understood_halves(query, partial(self.retriever.understand, language=query.language))
        if halves:
            found = [self.retriever.retrieve(half, OF_EACH_HALF) for half in halves]
            results = with_results_of_halves(results, found)
        whole, *of_halves = (self._candidates(each, query, results) for each in (query, *halves))
        return answer_extractively(query, whole, results, cases=self.cases, of_halves=of_halves)

    def _candidates(self, query: Query, whole: Query, results: Sequence[Retrieved]) -> Sequence[Candidate]:
        """What may be quoted; of Tool 5 only the columns that the whole question asks for, where it names some."""
        candidates = self.evidence.candidates(query, results)
        wanted = columns_asked_for(whole.text, self.strategies)
        own = [each for each in candidates if not wanted or _column_of_tool_5(each) in {None, *wanted}]
        return own or candidates

    def _compared(self, query: Query, results: Sequence[Retrieved], *, short: bool = False) -> Answer | None:
        """The answer as a table, where the question sets things side by side that the papers have enough of."""
        subjects = subjects_of(
            query.text, list(self.cases.values()), self.strategies, self.evidence.snapshot, self.approaches
        )
        if not subjects:
            return None
        return compare(
            query,
            subjects,
            self.evidence.candidates(query, results),
            results,
            ranked=self.retriever.rank(query),
            evidence=self.evidence,
            cases=self.cases,
            short=short,
        )


def _column_of_tool_5(candidate: Candidate) -> str | None:
    return candidate.sentence.label if candidate.passage.document_id == TOOL_5 else None


def _beside(passage: Passage, other: Passage) -> bool:
    """Whether a passage tells of the same case as another, or stands in the same part of the same document."""
    if passage.document_id == other.document_id and passage.heading_path[:-1] == other.heading_path[:-1]:
        return True
    return len(other.cases) == 1 and other.cases[0] in passage.cases


def _passages_of(reply: Reply) -> tuple[str, ...]:
    """The passages an answer cites, in the order of its citations; what was found when it abstains."""
    if isinstance(reply, Answer):
        return tuple(citation.passage.id for citation in reply.citations)
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
