"""How strong the evidence of an answer is: one case, several, or general statements of the papers."""

from __future__ import annotations

from collections.abc import Mapping

from silk_rag.answering.answer import Answer
from silk_rag.answering.attribution import tells_of
from silk_rag.answering.phrases import phrases_in
from silk_rag.cases import Case

#: A passage that names more cases than this speaks of them in general.
_MOST_CASES = 2


def basis_of(answer: Answer, cases: Mapping[str, Case]) -> str:
    """A line in the answer's language: which cases its quotations tell of, or that they are general statements."""
    named = (
        identity
        for citation in answer.citations
        if len(citation.passage.cases) <= _MOST_CASES
        for identity in citation.passage.cases
        if identity in cases and tells_of(cases[identity], citation.passage, citation.quote)
    )
    names = [cases[identity].name for identity in dict.fromkeys(named)]
    phrases = phrases_in(answer.language)
    if not names:
        return phrases["basis-general"]
    return phrases["basis-one" if len(names) == 1 else "basis-several"].format(cases=", ".join(names))
