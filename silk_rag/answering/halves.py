"""Questions that ask two things at once: "Why did they go abroad, and what came of it?".

As a whole such a question fits best what answers one half of it; each half is looked up by itself too, so that both are
answered. English only: in other languages words that ask also join clauses ("que", "che", "was").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from silk_rag.answering.evidence import Candidate, Evidence
from silk_rag.answering.parts import says_something
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved

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


def best_of_halves(
    query: Query,
    results: Sequence[Retrieved],
    evidence: Evidence,
    understand: Callable[[str], Query],
) -> list[Candidate]:
    """For each half the sentence of the results that fits it best; none for a question that is one."""
    best: list[Candidate] = []
    for half in halves_of(query.text):
        asked = understand(half)
        asked = asked if asked.cases else replace(asked, cases=query.cases)
        fitting = list(filter(says_something, evidence.candidates(asked, results)))
        best += [max(fitting, key=lambda candidate: candidate.fit)] if fitting else []
    return best
