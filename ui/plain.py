"""Answers as plain text, for pasting elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from silk_rag.answering.answer import Answer, AnswerSentence, Citation
from silk_rag.answering.attribution import place_name
from silk_rag.answering.layout import table_of
from silk_rag.answering.phrases import phrases_in
from ui.render import copyright_of


def answer_plain(answer: Answer) -> str:
    """The answer as plain text with its sources."""
    said = "\n\n".join(_blocks(answer))
    sources = "\n".join(_source(citation) for citation in answer.citations)
    return f"{answer.question}\n\n{said}\n\nSources\n{sources}\n"


def _blocks(answer: Answer) -> Iterator[str]:
    """Its sentences; those of a comparison by row, each behind what it is about."""
    compared = answer.comparison
    in_table = {at for row in compared.rows for at in row.cells if at is not None} if compared else set()
    table_given = compared is None
    for at, sentence in enumerate(answer.sentences):
        if at not in in_table:
            yield _marked(sentence)
        elif not table_given:
            table_given = True
            yield from _table(answer)


def _table(answer: Answer) -> Iterator[str]:
    if answer.comparison is None:
        return
    phrases = phrases_in(answer.language)
    columns, rows = table_of(answer.comparison, phrases["from-text"])
    for heading, cells in rows:
        lines = [
            f"- {name}: {phrases['not-reported'] if at is None else _marked(answer.sentences[at])}"
            for name, at in zip(columns, cells, strict=True)
        ]
        yield "\n".join([heading, *lines])


def _marked(sentence: AnswerSentence) -> str:
    return f"{sentence.text} {' '.join(f'[{number}]' for number in sentence.citations)}"


def _source(citation: Citation) -> str:
    passage = citation.passage
    quote = " ".join(citation.quote.split())
    place = f"{place_name(passage)}, {passage.document_title}"
    source = f"{passage.source.file_name}, {passage.source.place}{copyright_of(passage)}"
    return f"[{citation.number}] {place}: “{quote}” ({source})"
