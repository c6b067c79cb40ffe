"""Whether a sentence says no more than its quotations: the check that every written sentence has to pass.

Without a model, in about a millisecond. What is compared: how many of the sentence's words the quotations hold, how
near the two are in meaning (a similarity that the caller has), and what changes a claim although hardly a word
differs: numbers, names, negations, opposites, strength, and whom it is said of. `docs/evaluation.md` states how often
it is right, measured on evals/datasets/support_pairs.jsonl.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from silk_rag.answering.claims import Claim, claim_of, plain_letters
from silk_rag.answering.support_faults import missing_names, names_swapped, numbers_differ, overstates
from silk_rag.answering.support_opposites import direction_differs, negation_differs

Fault = Literal["number", "name", "attribution", "negation", "direction", "overstated", "unrelated"]

#: A sentence is about what its quotations are about when the mean of coverage and similarity (or coverage alone) is
#: some way above this; more than that says nothing, for the subtlest faults leave nearly all words in place.
#: Chosen on the dev part of the pairs: `python -m evals support` shows the figures.
RELATED_AT, RELATED_ALONE_AT, STEEPNESS = 0.42, 0.3, 12.0
#: In a translation the words differ: the similarity of a multilingual model decides, and what is the same everywhere.
RELATED_TRANSLATED_AT = 0.8
#: A fault leaves this share of the score, so that faulty sentences rank below sound ones.
LEFT_BY_FAULT = 0.3
#: From this score on a sentence without faults counts as supported.
SUPPORTED_FROM = 0.5
#: Below this share of its words in the quotations a sentence speaks of something else.
RELATED_FROM = 0.25


class Entailment(Protocol):
    """A natural language inference model, where one is configured."""

    def probability(self, premise: str, hypothesis: str) -> float:
        """How probable it is, from 0 to 1, that the hypothesis follows from the premise."""


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a sentence is supported, how surely (0 to 1), and what speaks against it."""

    supported: bool
    score: float
    faults: tuple[Fault, ...]


def check_support(
    sentence: str,
    quotes: Sequence[str],
    *,
    similarity: float | None = None,
    attribution: str | None = None,
    known_names: Collection[str] = (),
    translated: bool = False,
    entailment: Entailment | None = None,
) -> Support:
    """Judge one sentence by the quotations it cites, all of them together.

    `similarity` is the cosine of the embeddings of the sentence and of the quotations (the nearest one). `attribution`
    is whom or what the quotations speak for, such as headings, the case, or a table's column; what it names may be
    named. `known_names` are names recognised even where a capital says nothing, at a sentence's beginning.
    `translated` says that the sentence is in another language than the quotations: then words are not compared, and
    `similarity` must come from a multilingual model. A sentence without quotations is not supported.
    """
    if not any(quote.strip() for quote in quotes) or not sentence.strip():
        return Support(supported=False, score=0.0, faults=("unrelated",))
    if any(says_verbatim(quote, sentence) for quote in quotes):
        return Support(supported=True, score=1.0, faults=())
    claim = claim_of(sentence)
    source = claim_of("\n".join(quotes))
    context = claim_of(attribution or "")
    faults = _faults(claim, source, context, known_names, translated=translated)
    covered = coverage(claim, source, context)
    score = _score(covered, similarity, translated=translated)
    if not translated and covered < RELATED_FROM:
        faults = (*faults, "unrelated")
    if entailment is not None:
        score = (score + entailment.probability("\n".join(quotes), sentence)) / 2
    score *= LEFT_BY_FAULT ** len(faults)
    return Support(supported=not faults and score >= SUPPORTED_FROM, score=score, faults=faults)


def says_verbatim(quote: str, sentence: str) -> bool:
    """Whether a sentence stands in a quotation word for word, as one that begins there and not in the middle."""
    wanted, text = " ".join(plain_letters(sentence).split()), " ".join(plain_letters(quote).split())
    at = text.find(wanted)
    return at == 0 or (at > 0 and text[:at].rstrip()[-1] in ".!?:;●►•-")


def coverage(claim: Claim, source: Claim, context: Claim) -> float:
    """Share of the claim's content words that stand in the source or its context; 1 for a claim without any.

    A word that only begins alike ("export", "exporter") counts for most of one.
    """
    wanted = claim.content
    if not wanted:
        return 1.0
    known = source.stems | context.stems
    return sum(1.0 if stem in known else 0.8 * _begins_alike(stem, known) for stem in wanted) / len(wanted)


def _begins_alike(stem: str, known: Collection[str]) -> bool:
    return len(stem) >= 5 and any(other[:5] == stem[:5] for other in known)


def _faults(
    claim: Claim, source: Claim, context: Claim, known_names: Collection[str], *, translated: bool
) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    if numbers_differ(claim, source, context):
        faults.append("number")
    if missing_names(claim, source, context, known_names):
        speaker_named = bool(claim.name_stems & context.stems)
        faults.append("attribution" if context.tokens and not speaker_named else "name")
    elif names_swapped(claim, source):
        faults.append("attribution")
    if translated:
        return tuple(faults)
    if negation_differs(claim, source):
        faults.append("negation")
    if direction_differs(claim, source, context):
        faults.append("direction")
    if overstates(claim, source):
        faults.append("overstated")
    return tuple(faults)


def _score(covered: float, similarity: float | None, *, translated: bool) -> float:
    if translated:
        return SUPPORTED_FROM if similarity is None else _logistic(similarity - RELATED_TRANSLATED_AT)
    if similarity is None:
        return _logistic(covered - RELATED_ALONE_AT)
    return _logistic((covered + similarity) / 2 - RELATED_AT)


def _logistic(distance: float) -> float:
    return 1.0 / (1.0 + math.exp(-STEEPNESS * distance))
