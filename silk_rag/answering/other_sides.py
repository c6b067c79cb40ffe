"""Where the papers contradict themselves, an answer that quotes one side shows the others as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from silk_rag.answering.answer import Answer, AnswerSentence, Citation
from silk_rag.answering.attribution import place_name
from silk_rag.answering.phrases import phrases_in
from silk_rag.contradictions import Contradiction, Side
from silk_rag.documents import Document, Passage
from silk_rag.retrieval.retriever import Retrieved
from silk_rag.retrieval.words import words_of

#: More than this would bury the answer.
MOST_SIDES = 1
#: A question touches a contradiction when it shares so many words with what that is about.
LEAST_SHARED = 2


def with_other_sides(
    answer: Answer, contradictions: Sequence[Contradiction], documents: Mapping[str, Document]
) -> Answer:
    """The answer, followed by the sentences that contradict its quotations, each quoted with its place."""
    added: list[Citation] = []
    for side in _missing_sides(answer, contradictions):
        found = _place(side, documents)
        if found is not None and len(added) < MOST_SIDES:
            passage, start, end = found
            added.append(Citation(len(answer.citations) + len(added) + 1, passage, start, end))
    if not added:
        return answer
    sentences = [AnswerSentence(each.quote, (each.number,), place_name(each.passage)) for each in added]
    lines = [f"**{sentence.attribution}:** {sentence.text} [{sentence.citations[0]}]" for sentence in sentences]
    known = {result.passage.id for result in answer.retrieved}
    new = [Retrieved(each.passage, 0.0) for each in added if each.passage.id not in known]
    return replace(
        answer,
        markdown="\n\n".join([answer.markdown, phrases_in(answer.language)["otherwise"], *lines]),
        sentences=(*answer.sentences, *sentences),
        citations=(*answer.citations, *added),
        retrieved=(*answer.retrieved, *dict.fromkeys(new)),
        otherwise=len(sentences),
    )


def _missing_sides(answer: Answer, contradictions: Sequence[Contradiction]) -> Iterator[Side]:
    quoted = [(citation.passage.document_id, citation.quote) for citation in answer.citations]
    for contradiction in contradictions:
        if contradiction.kind != "contradiction" or not _touches(answer, contradiction):
            continue
        shown = {
            side.quote
            for side in contradiction.sides
            if any(side.document == document and side.quote in quote for document, quote in quoted)
        }
        others = [side for side in contradiction.sides if side.quote not in shown]
        if shown:
            # Two places may say the same: one of them is enough.
            yield from {side.quote: side for side in reversed(others)}.values()


def _touches(answer: Answer, contradiction: Contradiction) -> bool:
    """Whether the question is about it, and not about something else that the same sentence says.

    The words are English; of a question in another language the quotation alone decides.
    """
    if answer.language != "en" or not contradiction.about:
        return True
    asked = set(words_of(f"{answer.following or ''} {answer.question}"))
    return len(asked & set(words_of(" ".join(contradiction.about)))) >= LEAST_SHARED


def _place(side: Side, documents: Mapping[str, Document]) -> tuple[Passage, int, int] | None:
    """The sentence that holds a side's words: its passage and offsets; None when it stands in no passage's sentence."""
    document = documents.get(side.document)
    for passage in document.passages if document else ():
        for sentence in passage.sentences:
            if side.quote in passage.quote(sentence):
                return passage, sentence.start, sentence.end
    return None
