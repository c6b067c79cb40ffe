"""The written answer: a chat model puts the passages into words, and code lets through what they say.

A sentence becomes part of the answer, and is heard by the audience, only after a quotation has been found that supports
it; then it stays. Sentences that fail are given back to the model once, with the reason; what fails again is dropped. A
model of whose reply nothing stands is asked once more from what the extractive answer quotes alone. When nothing is
left, or the model fails, the extractive answer is given and says so.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from silk_rag.answering.answer import Answer, AnswerSentence, Citation
from silk_rag.answering.drafts import Draft, DraftReader, Place
from silk_rag.answering.evidence import Evidence
from silk_rag.answering.grounding import Grounder, Likeness, Quote
from silk_rag.answering.guarded import failed
from silk_rag.answering.layout import lay_out
from silk_rag.answering.ports import FAILURES, Audience, ChatModel, Message
from silk_rag.answering.prompt import (
    REFUSAL,
    chosen_passages,
    first_messages,
    quotation_messages,
    repair_messages,
)
from silk_rag.answering.support import Entailment
from silk_rag.cases import Case
from silk_rag.documents import Passage
from silk_rag.errors import ChatModelFailed
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved

#: A reply is read no further once so many sentences stand, or so many have failed, or it is so long.
MOST_SENTENCES = 12
MOST_FAILED = 12
MOST_CHARACTERS = 24_000
#: A repair is not begun with less time than this.
_LEAST_FOR_REPAIR_S = 5.0
#: A sentence is left out whose quotations all fit worse than this share of the best sentence found.
LEAST_FIT = 0.4
BESIDE = "it does not help to answer the question"
_REFUSES = re.compile(r"the (?:silk )?(?:papers|passages) (?:do not|don['’]t) say\b.{0,40}", re.IGNORECASE)
NOTICE_FAILED = "This answer quotes the papers without rewording them: {}."
NOTICE_UNSUPPORTED = (
    "This answer quotes the papers without rewording them: what the language model wrote could not be backed by them."
)
NOTICE_REFUSED = (
    "The language model found no answer in these passages. What comes nearest in them is quoted; judge for yourself."
)
NOTICE_BROKEN = "The language model's answer broke off ({}); the last part is quoted from the papers."
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GenerativeWriter:
    """Writes answers with a chat model; all calls for one answer share `most_s` seconds."""

    model: ChatModel
    likeness: Likeness
    detect_language: Callable[[str], str]
    cases: Mapping[str, Case] = field(default_factory=dict)
    entailment: Entailment | None = None
    evidence: Evidence | None = None
    most_s: float = 60.0
    clock: Callable[[], float] = time.monotonic

    def write(self, query: Query, results: Sequence[Retrieved], extractive: Answer, audience: Audience) -> Answer:
        """The answer in the model's words as far as the papers back them.

        `extractive` is what is given instead, with a notice, when the model fails, finds no answer, or nothing that it
        writes is backed. A model that finds none does not decide that there is none: small ones miss most of them.
        """
        passages = chosen_passages([result.passage for result in results])
        grounder = Grounder(passages, query.language, self.likeness, self.detect_language, self.cases, self.entailment)
        desk = _Desk(grounder, Page(audience), _beside_the_question(self.evidence, query, results))
        messages = first_messages(query.text, passages, query.language)
        quotes = _numbered(extractive, passages)
        shorter = quotation_messages(query.text, quotes, query.language) if quotes else []
        trouble = self._converse(messages, shorter, desk, audience)
        _log.info(
            "chat model %s: %d sentences stand, %d do not%s",
            self.model.name,
            len(desk.page.sentences),
            len(desk.faults),
            f" ({trouble})" if trouble else "",
        )
        if desk.page.sentences:
            return _completed(desk.page, extractive, trouble)
        if desk.refused and trouble is None:
            return with_notice(extractive, NOTICE_REFUSED)
        return with_notice(extractive, NOTICE_FAILED.format(FAILURES[trouble]) if trouble else NOTICE_UNSUPPORTED)

    def _converse(
        self, messages: Sequence[Message], shorter: Sequence[Message], desk: _Desk, audience: Audience
    ) -> str | None:
        """Ask, and ask once more: for what failed, or with the `shorter` question where nothing stands.

        The kind of failure that cut the answer, or None.
        """
        ends_at = self.clock() + self.most_s
        try:
            reply = self._read(messages, desk, ends_at, audience)
        except ChatModelFailed as failure:
            return failure.kind
        if shorter and not desk.page.sentences:
            again = shorter
        elif desk.faults and not desk.refused and len(desk.page.sentences) < MOST_SENTENCES:
            again = repair_messages(messages, reply, desk.faults)
        else:
            return None
        if audience.has_left() or ends_at - self.clock() < _LEAST_FOR_REPAIR_S:
            return None
        try:
            self._read(again, desk, ends_at, audience)
        except ChatModelFailed as failure:
            # The first reply was complete: what stands of it is an answer without the repair, and a refusal is one.
            return None if desk.page.sentences or desk.refused else failure.kind
        return None

    def _read(self, messages: Sequence[Message], desk: _Desk, ends_at: float, audience: Audience) -> str:
        """Take a reply sentence by sentence; the reply as far as it was read."""
        desk.open()
        reader, reply = DraftReader(), ""
        pieces = self.model.stream(messages, within_s=ends_at - self.clock(), has_left=audience.has_left)
        try:
            for piece in pieces:
                reply += piece
                desk.take(reader.feed(piece[:MOST_CHARACTERS]))
                if desk.is_full:
                    return reply
                if len(reply) > MOST_CHARACTERS:
                    raise failed("too-long")
        except ChatModelFailed:
            desk.take(reader.finish(broken=True))
            raise
        finally:
            _close(pieces)
        desk.take(reader.finish())
        if not reply.strip():
            raise failed("empty")
        return reply


class Page:
    """The answer as far as it stands; each addition is heard at once and never taken back."""

    def __init__(self, audience: Audience) -> None:
        self.markdown = ""
        self.sentences: list[AnswerSentence] = []
        self.citations: list[Citation] = []
        self._audience = audience
        self._in_list = False

    def add(self, text: str, place: Place, quotes: Sequence[Quote]) -> None:
        """Add a sentence with the quotations that support it; they get the next numbers, known ones keep theirs."""
        known = len(self.citations)
        numbers = tuple(dict.fromkeys(self._number(quote) for quote in quotes))
        further = self._lead(place) + text + "".join(f" [{number}]" for number in numbers)
        self.sentences.append(AnswerSentence(text, numbers))
        self.markdown += further
        self._audience.hear(further, self.citations[known:])

    def says(self, text: str) -> bool:
        """Whether this sentence stands already."""
        return any(sentence.text.casefold() == text.casefold() for sentence in self.sentences)

    def _number(self, quote: Quote) -> int:
        for citation in self.citations:
            if (citation.passage.id, citation.start, citation.end) == (quote.passage.id, quote.start, quote.end):
                return citation.number
        self.citations.append(Citation(len(self.citations) + 1, quote.passage, quote.start, quote.end))
        return len(self.citations)

    def _lead(self, place: Place) -> str:
        was_item, self._in_list = self._in_list, place == "list item" or (self._in_list and place == "same paragraph")
        if place == "list item":
            return ("\n" if was_item else "\n\n" if self.markdown else "") + "- "
        if not self.markdown:
            return ""
        return " " if place == "same paragraph" else "\n\n"


class _Desk:
    """Where drafts are judged: those that are backed go on the page, the others are kept with their faults."""

    def __init__(self, grounder: Grounder, page: Page, beside: Callable[[Sequence[Quote]], bool]) -> None:
        self.page = page
        self._beside = beside
        self.faults: list[tuple[str, str]] = []
        self.refused = False
        self._grounder = grounder
        self._failed_before = 0
        self._start_paragraph = False

    def open(self) -> None:
        """Begin with a reply; failures of an earlier one do not count against it."""
        self._failed_before = len(self.faults)

    @property
    def is_full(self) -> bool:
        """Whether more would not be used."""
        return len(self.page.sentences) >= MOST_SENTENCES or len(self.faults) - self._failed_before >= MOST_FAILED

    def take(self, drafts: Sequence[Draft]) -> None:
        """Judge drafts in their order."""
        for draft in drafts:
            if _REFUSES.fullmatch(draft.text) or draft.text.casefold() == REFUSAL.casefold():
                self.refused = True
            elif not self.is_full and not self.page.says(draft.text):
                self._judge(draft)

    def _judge(self, draft: Draft) -> None:
        grounded = self._grounder.ground(draft)
        # A paragraph whose first sentence fell away still begins with its next one.
        self._start_paragraph = self._start_paragraph or draft.place == "new paragraph"
        fault = grounded.fault or (BESIDE if self._beside(grounded.quotes) else None)
        if fault is not None:
            self.faults.append((draft.text, fault))
            return
        starts = self._start_paragraph and draft.place == "same paragraph"
        self.page.add(draft.text, "new paragraph" if starts else draft.place, grounded.quotes)
        self._start_paragraph = False


def _beside_the_question(
    evidence: Evidence | None, query: Query, results: Sequence[Retrieved]
) -> Callable[[Sequence[Quote]], bool]:
    """A test for quotations none of which fits the question: models copy what the papers say, asked or not."""
    rated = evidence.candidates(query, results) if evidence is not None else []
    best = max((candidate.fit for candidate in rated), default=0.0)
    fits = {(each.passage.id, each.sentence.start): each.fit for each in rated}

    def beside(quotes: Sequence[Quote]) -> bool:
        own = [
            fit
            for (name, start), fit in fits.items()
            for q in quotes
            if q.passage.id == name and q.start <= start < q.end
        ]
        return bool(own) and max(own) < LEAST_FIT * best

    return beside


def _numbered(extractive: Answer, passages: Sequence[Passage]) -> list[tuple[int, str]]:
    """What the extractive answer quotes from these passages, each quotation behind the number of its passage."""
    numbers = {passage.id: number for number, passage in enumerate(passages, start=1)}
    return [(numbers[c.passage.id], c.quote) for c in extractive.citations if c.passage.id in numbers]


def with_notice(answer: Answer, notice: str) -> Answer:
    """The answer with a notice at its end."""
    return replace(answer, markdown=f"{answer.markdown}\n\n*{notice}*", notice=notice)


def _completed(page: Page, extractive: Answer, trouble: str | None) -> Answer:
    """The written answer; one that broke off goes on with what the extractive one quotes beyond it."""
    written = replace(
        extractive,
        markdown=page.markdown,
        mode="generative",
        sentences=tuple(page.sentences),
        citations=tuple(page.citations),
        comparison=None,
    )
    if trouble is None:
        return written
    notice = NOTICE_BROKEN.format(FAILURES[trouble])
    return with_notice(_continued(written, extractive), notice)


def _continued(written: Answer, extractive: Answer) -> Answer:
    citations = list(written.citations)
    sentences: list[AnswerSentence] = []
    for sentence in extractive.sentences:
        own = [citation for citation in extractive.citations if citation.number in sentence.citations]
        if any(_overlap(mine, other) for mine in own for other in written.citations):
            continue
        numbers = range(len(citations) + 1, len(citations) + len(own) + 1)
        citations += [replace(citation, number=number) for citation, number in zip(own, numbers, strict=True)]
        sentences.append(replace(sentence, citations=tuple(numbers)))
    if not sentences:
        return written
    return replace(
        written,
        markdown=f"{written.markdown}\n\n{lay_out(sentences)}",
        sentences=(*written.sentences, *sentences),
        citations=tuple(citations),
    )


def _overlap(one: Citation, other: Citation) -> bool:
    return one.passage.id == other.passage.id and one.start < other.end and other.start < one.end


def _close(pieces: Iterator[str]) -> None:
    """Let go of the provider now, not when the iterator happens to be collected."""
    close = getattr(pieces, "close", None)
    if close is not None:
        close()
