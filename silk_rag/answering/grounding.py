"""Find, for a sentence that a model wrote, the stretch of a passage that says it; or say why there is none.

A sentence's own citation is tried first; where that passage does not say it, all others are: models often write what
stands in the passages and give the wrong number, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from silk_rag.answering.attribution import attribution
from silk_rag.answering.drafts import Draft
from silk_rag.answering.support import Entailment, Support, check_support
from silk_rag.cases import Case
from silk_rag.documents import Passage
from silk_rag.retrieval.ports import Embedder, Vector
from silk_rag.retrieval.snapshot import Snapshot

#: A quotation has at most so many sentences; what needs more is no sentence of ours.
LONGEST_QUOTE = 3
#: What has more characters is no plain sentence.
LONGEST_SENTENCE = 600
#: So many single sentences of a passage are tried with their neighbours.
_EXTENDED = 2
#: From this probability on a sentence follows from its quotations.
_ENTAILED_FROM = 0.5
#: A further sentence in a quotation has to raise the score by this much.
_COST_OF_LENGTH = 0.03
#: A passage cited beside others must support the sentence at least this much (a fault leaves 0.3 of a score).
_LEAST_SHARE = 0.08
_WORDING: Mapping[str, str] = {
    "number": "a figure that the passage does not give",
    "name": "a name that the passage does not give",
    "attribution": "the passage says this of somebody else",
    "negation": "the passage says the opposite",
    "direction": "the passage says it the other way round",
    "overstated": "stronger than the passage puts it",
    "unrelated": "no passage says this",
    "not entailed": "it does not follow from the passage",
    "language": "not in the language asked for",
}


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a passage: `passage.text[start:end]`, whole sentences."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words quoted."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Grounded:
    """What stands behind a sentence: its quotations, or, when there are none, what is wrong with it, in words."""

    quotes: tuple[Quote, ...]
    fault: str | None = None


@dataclass(frozen=True)
class Likeness:
    """How near a sentence comes in meaning to each sentence of a passage; those vectors are in the index."""

    snapshot: Snapshot
    embedder: Embedder
    multilingual: Embedder | None = None

    def vector(self, text: str, *, translated: bool) -> Vector | None:
        """The sentence's embedding; None when it is in another language and no model knows both."""
        embedder = self.multilingual if translated else self.embedder
        return embedder.embed_passages([text])[0] if embedder else None

    def to(self, passage: Passage, vector: Vector | None, *, translated: bool) -> list[float | None]:
        """Cosine similarities, one a sentence of the passage; None where nothing is known."""
        units = self.snapshot.units.get("sentences-multilingual" if translated else "sentences")
        row = self.snapshot.row_of.get(passage.id)
        if units is None or vector is None or row is None:
            return [None] * len(passage.sentences)
        first = int(self.snapshot.first_sentence[row])
        own: Vector = units.vectors[first : first + len(passage.sentences)] @ vector
        return [float(value) for value in np.clip(own, -1.0, 1.0)]


@dataclass(frozen=True, slots=True)
class _Trial:
    """A stretch of a passage, sentences `first` to `last`, and how well it supports the sentence."""

    passage: Passage
    first: int
    last: int
    support: Support

    @property
    def quote(self) -> Quote:
        sentences = self.passage.sentences
        return Quote(self.passage, sentences[self.first].start, sentences[self.last].end)

    @property
    def rank(self) -> tuple[bool, float]:
        return self.support.supported, self.support.score - _COST_OF_LENGTH * (self.last - self.first)


@dataclass(frozen=True)
class Grounder:
    """Grounds sentences in the passages of one prompt, which the numbers 1, 2, ... stand for."""

    passages: Sequence[Passage]
    language: str
    likeness: Likeness
    detect_language: Callable[[str], str]
    cases: Mapping[str, Case] = field(default_factory=dict)
    entailment: Entailment | None = None

    def ground(self, draft: Draft) -> Grounded:
        """The quotations behind a sentence; numbers that no passage has are left out of account."""
        if len(draft.text) > LONGEST_SENTENCE:
            return Grounded((), _WORDING["unrelated"])
        spoken = self.detect_language(draft.text)
        if spoken not in {self.language, *self._languages}:
            return Grounded((), _WORDING["language"])
        vectors = {kind: self.likeness.vector(draft.text, translated=kind) for kind in self._kinds(spoken)}
        cited = [number - 1 for number in draft.cited if 1 <= number <= len(self.passages)]
        trials = [self._best(draft.text, at, spoken, vectors) for at in cited]
        quotes = _sound(trials) or self._together(draft.text, trials, spoken)
        if not quotes:
            others = [at for at in range(len(self.passages)) if at not in cited]
            trials += [self._best(draft.text, at, spoken, vectors) for at in others]
            quotes = _sound([max(trials, key=lambda trial: trial.rank)])
        if quotes and not self._follows(draft.text, quotes):
            return Grounded((), _WORDING["not entailed"])
        return Grounded(quotes, None if quotes else _fault(max(trials, key=lambda trial: trial.support.score)))

    def _follows(self, sentence: str, quotes: Sequence[Quote]) -> bool:
        """Whether the inference model, where there is one, finds that the sentence follows; asked once a sentence."""
        if self.entailment is None:
            return True
        return self.entailment.probability("\n".join(quote.text for quote in quotes), sentence) >= _ENTAILED_FROM

    @cached_property
    def _languages(self) -> list[str]:
        """The language of each passage."""
        return [self.detect_language(passage.text) for passage in self.passages]

    @cached_property
    def _names(self) -> list[str]:
        return [name for case in self.cases.values() for name in (case.name, case.organisation, *case.aliases)]

    def _kinds(self, spoken: str) -> set[bool]:
        return {language != spoken for language in self._languages}

    def _best(self, sentence: str, at: int, spoken: str, vectors: Mapping[bool, Vector | None]) -> _Trial:
        """The stretch of passage `at` that supports the sentence best."""
        passage = self.passages[at]
        translated = self._languages[at] != spoken
        likenesses = self.likeness.to(passage, vectors[translated], translated=translated)

        def attempt(first: int, last: int) -> _Trial:
            known = [value for value in likenesses[first : last + 1] if value is not None]
            support = check_support(
                sentence,
                [passage.text[passage.sentences[first].start : passage.sentences[last].end]],
                similarity=max(known, default=None),
                attribution=self._speaker(passage, first, last),
                known_names=self._names,
                translated=translated,
            )
            return _Trial(passage, first, last, support)

        single = sorted((attempt(n, n) for n in range(len(passage.sentences))), key=lambda t: t.rank, reverse=True)
        stretches = {
            (first, last)
            for trial in single[:_EXTENDED]
            for first in range(max(0, trial.first - LONGEST_QUOTE + 1), trial.first + 1)
            for last in range(trial.first, min(first + LONGEST_QUOTE, len(passage.sentences)))
            if first < last
        }
        return max([*single, *(attempt(*stretch) for stretch in sorted(stretches))], key=lambda trial: trial.rank)

    def _together(self, sentence: str, trials: Sequence[_Trial], spoken: str) -> tuple[Quote, ...]:
        """The quotations of several cited passages, when they say together what none says alone."""
        parts = [trial for trial in trials if trial.support.score >= _LEAST_SHARE]
        if len(parts) < 2 or any(self._languages[self.passages.index(t.passage)] != spoken for t in parts):
            return ()
        support = check_support(
            sentence,
            [trial.quote.text for trial in parts],
            attribution=" ".join(self._speaker(t.passage, t.first, t.last) for t in parts),
            known_names=self._names,
        )
        return tuple(trial.quote for trial in parts) if support.supported else ()

    def _speaker(self, passage: Passage, first: int, last: int) -> str:
        """Whom or what a stretch speaks for: the document, its headings, the labels beside it, its case."""
        sentences = passage.sentences[first : last + 1]
        headings = [heading.text for heading in passage.heading_path]
        labels = [sentence.label for sentence in sentences if sentence.label]
        speaker = attribution(passage, sentences[0], self.cases)
        return ". ".join(dict.fromkeys([passage.document_title, *headings, *labels, speaker]))


def _sound(trials: Sequence[_Trial]) -> tuple[Quote, ...]:
    return tuple(trial.quote for trial in trials if trial.support.supported)


def _fault(trial: _Trial) -> str:
    return "; ".join(_WORDING[fault] for fault in trial.support.faults) or _WORDING["unrelated"]
