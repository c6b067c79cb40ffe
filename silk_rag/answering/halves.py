"""Questions that ask two things at once: "Why did they go abroad, and what came of it?".

As a whole such a question fits best what answers one half of it. So each half is looked up by itself too, and has half
of an answer that may be longer; what room is left goes to what fits the whole. English only: in other languages words
that ask also join clauses ("que", "che", "was").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from silk_rag.answering.evidence import Candidate
from silk_rag.answering.parts import Part, choose, joined, part_for, repeats
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved

#: So many passages of each half's own search are looked at beside those of the whole question.
OF_EACH_HALF = 3
#: An answer to two questions may be longer than one to one.
MORE_WORDS = 30
#: A longer list would leave no room for the other half.
LONGEST_OF_A_HALF = 105

_ASKS = "what|how|why|which|who|whom|whose|where|when"
_BEGINS = "does|did|is|are|was|were|can|could|should"
_AND = r"(?:,? and|[?;](?: and)?)"
_BEFORE = "(?:also |then )?(?:in |on |at |with |for |to |from |by |of )?"
_HALVES = re.compile(
    rf"(?P<first>.*\b(?:{_ASKS})\b.{{8,}}?){_AND} (?P<second>{_BEFORE}(?:(?:{_ASKS})\b|(?:{_BEGINS})\b).{{6,}})",
    re.IGNORECASE | re.DOTALL,
)


def halves_of(question: str) -> tuple[str, ...]:
    """The two questions that a question consists of; none where it is one."""
    found = _HALVES.fullmatch(question)
    return (found["first"].strip() + "?", found["second"].strip()) if found else ()


def understood_halves(query: Query, understand: Callable[[str], Query]) -> list[Query]:
    """The halves as queries of their own; a case that the question names is meant in both."""
    halves = map(understand, halves_of(query.text))
    return [half if half.cases else replace(half, cases=query.cases) for half in halves]


def with_results_of_halves(results: Sequence[Retrieved], found: Sequence[Sequence[Retrieved]]) -> list[Retrieved]:
    """The results of the whole question, as many as they are, the last of them given up for the first of each half."""
    known = {result.passage.id for result in results}
    further = {
        result.passage.id: result
        for of_half in found
        for result in of_half[:OF_EACH_HALF]
        if result.passage.id not in known
    }
    return (
        [*results[: len(results) - len(further)], *further.values()] if len(further) < len(results) else list(results)
    )


def choose_by_halves(
    of_halves: Sequence[Sequence[Candidate]], whole: Sequence[Candidate], *, most_words: int, breadth: int
) -> list[Part]:
    """The parts of an answer, half by half, each in at most its share of the words, then what fits the whole.

    `most_words` is what an answer to one question may have.
    """
    most_words += MORE_WORDS
    share = most_words // len(of_halves)
    chosen: list[Part] = []
    for candidates in of_halves:
        fitting = [candidate for candidate in candidates if len(part_for(candidate).text.split()) <= LONGEST_OF_A_HALF]
        _add(choose(fitting, most_words=share) if fitting else [], chosen, most_words)
    _add(choose(whole, most_words=most_words, breadth=breadth), chosen, most_words)
    return joined(chosen)


def _add(parts: Sequence[Part], chosen: list[Part], most_words: int) -> None:
    """Append what is new and has room; the very first always has."""
    for part in parts:
        words = sum(len(each.text.split()) for each in (*chosen, part))
        if not chosen or (words <= most_words and not repeats(part, chosen)):
            chosen.append(part)
