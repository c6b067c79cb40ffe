"""What a question asks for: its words, its vectors, and the cases it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from silk_rag.cases import Case, cases_asked_about
from silk_rag.glossary import Glossary
from silk_rag.retrieval.late_interaction import TokenVectors, telling_tokens
from silk_rag.retrieval.ports import Embedder, Matrix, TokenEmbedder, Vector
from silk_rag.retrieval.words import words_of

#: "How can we begin without exporting?", "ways other than franchising".
_EXCLUDES = re.compile(
    r"\b(?:without|other than|apart from|aside from|besides|instead of|rather than|except(?: for)?|"
    r"sans|sin|senza|sem|ohne|zonder)\s+(?P<what>[\w-]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """A question as retrieval sees it.

    `words` are stems, `related` the stems of the papers' words for them; `tokens` the reduced embeddings of its telling
    word pieces, shape (pieces, dimensions); `pieces` those of all its word pieces, and `places` their character
    offsets; `cases` the ids of the cases it names; `language` an ISO 639-1 code; `excluded` the stems of what the
    question does not want ("without exporting"), which are not among the `words`.
    """

    text: str
    language: str
    words: tuple[str, ...]
    related: tuple[str, ...]
    vector: Vector
    tokens: Matrix | None
    multilingual_vector: Vector | None
    cases: tuple[str, ...]
    pieces: Matrix | None = None
    places: Sequence[tuple[int, int]] = ()
    excluded: tuple[str, ...] = ()

    def pieces_between(self, start: int, end: int) -> Matrix | None:
        """The reduced embeddings of the word pieces within these character offsets; None when there are none."""
        inside = [at for at, (first, last) in enumerate(self.places) if start <= first < last <= end]
        return self.pieces[inside] if self.pieces is not None and inside else None


def understand(
    question: str,
    *,
    language: str,
    embedder: TokenEmbedder,
    multilingual: Embedder | None,
    token_vectors: TokenVectors | None,
    cases: Sequence[Case],
    glossary: Glossary,
) -> Query:
    """Take a question apart; each model embeds it once."""
    embedded = embedder.embed_tokens([question])[0]
    telling = telling_tokens(embedded.pieces, embedded.tokens)
    excluded = [word for found in _EXCLUDES.finditer(question) for word in words_of(found["what"])]
    words = [word for word in words_of(question) if word not in excluded]
    meant = glossary.spelt_out(question)
    related = [word for phrase in glossary.papers_words_for(question) for word in words_of(phrase)]
    return Query(
        text=question,
        language=language,
        words=tuple(words),
        related=tuple(word for word in dict.fromkeys(related) if word not in words),
        vector=embedded.vector if meant == question else embedder.embed_query(meant),
        tokens=token_vectors.reduce(telling) if token_vectors else None,
        multilingual_vector=multilingual.embed_query(meant) if multilingual else None,
        cases=tuple(case.id for case, _ in cases_asked_about(question, cases)),
        pieces=token_vectors.reduce(embedded.tokens) if token_vectors else None,
        places=tuple(embedded.places),
        excluded=tuple(excluded),
    )
