"""The extractive answerer: whole sentences and list items of the papers, chosen and put in order, each quoted.

It opens with the sentence that fits best, then adds what else fits, a paragraph a passage, until some 150 words are
full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from silk_rag.answering.answer import Answer, AnswerSentence, Citation
from silk_rag.answering.asked import is_own_situation
from silk_rag.answering.attribution import attribution
from silk_rag.answering.evidence import Candidate
from silk_rag.answering.halves import choose_by_halves
from silk_rag.answering.layout import lay_out, presented
from silk_rag.answering.parts import choose, needs_place
from silk_rag.answering.phrases import phrases_in
from silk_rag.cases import Case
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved

MOST_WORDS = 150
#: What concerns a person's own situation is answered from so many passages.
BREADTH = 4


def answer_extractively(
    query: Query,
    candidates: Sequence[Candidate],
    results: Sequence[Retrieved],
    *,
    cases: Mapping[str, Case],
    most_words: int = MOST_WORDS,
    of_halves: Sequence[Sequence[Candidate]] = (),
) -> Answer:
    """Choose, order and quote. `candidates` must not be empty; abstaining is decided before.

    `of_halves` are the candidates by how they fit each half of a question that asks two things.
    """
    breadth = BREADTH if is_own_situation(query.text) else 1
    if of_halves:
        parts = choose_by_halves(of_halves, candidates, most_words=most_words, breadth=breadth)
    else:
        parts = choose(candidates, most_words=most_words, breadth=breadth)
    citations: list[Citation] = []
    sentences: list[AnswerSentence] = []
    for part in parts:
        number = len(citations) + 1
        citations.append(Citation(number, part.passage, part.start, part.end))
        speaker = attribution(part.passage, part.passage.sentences[part.first], cases)
        sentences.append(AnswerSentence(presented(part.text), (number,), speaker, needs_place=needs_place(part)))
    notice = None if query.language == "en" else phrases_in(query.language)["quotations"]
    return Answer(
        question=query.text,
        markdown="\n\n".join(filter(None, (lay_out(sentences), notice))),
        mode="extractive",
        language=query.language,
        sentences=tuple(sentences),
        citations=tuple(citations),
        retrieved=tuple(results),
        notice=notice,
    )
