"""What a question asks for: its words, its vectors, and the cases it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from silk_rag.cases import Case
from silk_rag.retrieval.ports import Embedder, Vector
from silk_rag.retrieval.words import words_of


@dataclass(frozen=True)
class Query:
    """A question as retrieval sees it. `words` are stems; `cases` the ids of the cases it names."""

    text: str
    words: tuple[str, ...]
    vector: Vector
    multilingual_vector: Vector | None
    cases: tuple[str, ...]


def understand(
    question: str, *, embedder: Embedder, multilingual: Embedder | None, cases: Sequence[Case]
) -> Query:
    """Take a question apart; it is embedded once by each model."""
    return Query(
        text=question,
        words=tuple(words_of(question)),
        vector=embedder.embed_query(question),
        multilingual_vector=multilingual.embed_query(question) if multilingual else None,
        cases=tuple(case.id for case in cases if case.named_in(question) or case.abbreviated_in(question)),
    )
