"""A comparison: what the papers say of each thing, side by side.

Rows of Tools 4 and 5 become rows of the answer, with every column that the question asks for; what running text says of
each thing is a row of its own. A cell that is empty in a tool is said to be: "not reported".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import fmean
from typing import NamedTuple

from silk_rag.answering.answer import Answer, AnswerSentence, Citation, Comparison, ComparisonRow
from silk_rag.answering.attribution import attribution
from silk_rag.answering.evidence import Candidate, Evidence
from silk_rag.answering.layout import as_table, lay_out, presented
from silk_rag.answering.parts import Part, part_for, repeats, says_something
from silk_rag.answering.phrases import phrases_in
from silk_rag.answering.subjects import Subject
from silk_rag.cases import Case
from silk_rag.documents import TOOL_4, TOOL_5, Passage, Sentence
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved
from silk_rag.retrieval.words import words_of

#: Rows of tools are shown when a cell of a subject is among so many first passages, and at most so many; of many
#: things only one.
NEAR, MOST_TOOL_ROWS, MANY = 12, 2, 4
#: So many passages of running text are looked through for each subject.
SEARCHED = 5
#: What running text says must fit at least this well, compared with the sentence that fits best.
LEAST_TEXT_FIT = 0.6
#: Shorter ones are names in a list.
LEAST_TEXT_WORDS = 9
#: A passage that names more cases than this lists them.
MOST_CASES = 4
#: A further row must fit at least this well, compared with the first.
SECOND_ROW_FIT = 0.95
#: Words of all tools' rows, shared out among their cells; a cell of running text has at most `MOST_CELL_WORDS`.
MOST_WORDS, LEAST_CELL_WORDS, MOST_CELL_WORDS = 150, 22, 70
_FEWEST = 2
#: What the fit of a row of indicators counts where nobody asks how to measure: they say what to look at.
INDICATORS = 0.8
_INDICATORS = re.compile(r"\bindicators\b", re.IGNORECASE)
_ASKS_TO_MEASURE = re.compile(
    r"\b(?:measur\w*|indicators?|assess\w*|evaluat\w*|monitor\w*|track|check\w*|look at|watch|mesur\w*|"
    r"indicat\w*|[ée]valu\w*|medir|evaluar|misurar\w*|valutar\w*|avaliar|messen|bewerten|meten|beoordelen)\b|지표|측정|평가",
    re.IGNORECASE,
)


class _RowKey(NamedTuple):
    """A row of Tool 4 or 5."""

    document: str
    heading: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A row to show: for each subject what is quoted of it; `heading` is None for running text."""

    heading: str | None
    cells: tuple[Part | None, ...]

    @property
    def parts(self) -> list[Part]:
        return [part for part in self.cells if part is not None]


def compare(
    query: Query,
    subjects: Sequence[Subject],
    candidates: Sequence[Candidate],
    results: Sequence[Retrieved],
    *,
    ranked: Sequence[Retrieved],
    evidence: Evidence,
    cases: Mapping[str, Case],
    short: bool = False,
) -> Answer | None:
    """The answer as a table, or None when the papers have too little to set side by side.

    `candidates` are the sentences of the results, `ranked` is every passage of the index, best
    first. At least two of the subjects must get a cell in the same row. A `short` one has a single row of
    single sentences.
    """
    if len(subjects) < _FEWEST or not candidates:
        return None
    # The names say whose cell is wanted, which is known, and nothing of what is wanted in it.
    names = {word for subject in subjects for word in words_of(" ".join(subject.names))}
    topic = replace(query, words=tuple(word for word in query.words if word not in names))
    rows = _tool_rows(topic, subjects, ranked, evidence, short=short) if _looks_at_tools(ranked, subjects) else []
    said = [part for row in rows for part in row.parts]
    # Beside a row of a tool, running text must be what the question finds first.
    from_text = _text_row(topic, subjects, said, ranked[:NEAR] if rows else ranked, evidence)
    if not rows or (not short and _words(said) + _words(from_text.parts) <= MOST_WORDS):
        rows.append(from_text)
    rows = [row for row in rows if len(row.parts) >= _FEWEST]
    if not rows:
        return None
    said = [part for row in rows for part in row.parts]
    opening = None if short else _opening(candidates, subjects)
    if opening is not None and (repeats(opening, said) or _words([opening, *said]) > MOST_WORDS):
        opening = None
    return _answer(query, [subject.name for subject in subjects], rows, results, opening=opening, cases=cases)


def _looks_at_tools(ranked: Sequence[Retrieved], subjects: Sequence[Subject]) -> bool:
    """Whether a cell of one of the subjects is among the first results, or nothing but the tools can answer."""
    columns = {subject.column for subject in subjects if subject.column}
    if len(subjects) >= MANY:
        return len(columns) >= MANY
    return any(not columns.isdisjoint(_columns(result.passage)) for result in ranked[:NEAR])


def _tool_rows(
    topic: Query, subjects: Sequence[Subject], ranked: Sequence[Retrieved], evidence: Evidence, *, short: bool
) -> list[_Row]:
    """The rows of Tools 4 and 5 that fit best.

    What a row is about shows in all its cells together, not only in those compared: how well the best sentence of each
    column fits is averaged over the columns.
    """
    tool = TOOL_5 if all(subject.tool == TOOL_5 for subject in subjects) else TOOL_4
    rows: dict[_RowKey, dict[str | None, list[Candidate]]] = {}
    # Passages fit for the names that the question compares, which every row has: the cells alone tell the rows apart.
    passages = [replace(result, score=0.0) for result in ranked if result.passage.document_id == tool]
    for cell in evidence.candidates(topic, passages):
        if key := _row_key(cell.passage, cell.sentence):
            rows.setdefault(key, {}).setdefault(_column(cell), []).append(cell)
    fits = {key: fmean(max(c.fit for c in own) for own in columns.values()) for key, columns in rows.items()}
    if not _ASKS_TO_MEASURE.search(topic.text):
        fits = {key: fit * (INDICATORS if _INDICATORS.search(key.heading) else 1.0) for key, fit in fits.items()}
    compared = {key: [rows[key].get(subject.column, []) for subject in subjects] for key in rows}
    wanted = [key for key in rows if sum(map(bool, compared[key])) >= _FEWEST and not _all_alike(compared[key])]
    keys = sorted(wanted, key=lambda key: -fits[key])[: MOST_TOOL_ROWS if len(subjects) < MANY and not short else 1]
    keys = [key for key in keys if fits[key] >= SECOND_ROW_FIT * fits[keys[0]]]
    share = 0 if short else max(LEAST_CELL_WORDS, MOST_WORDS // max(1, len(keys) * len(subjects)))
    return [_Row(key.heading, tuple(_cell(own, share) for own in compared[key])) for key in keys]


def _all_alike(cells: Sequence[Sequence[Candidate]]) -> bool:
    """Whether the tool prints the same words in every column, so that nothing is to be compared."""
    return len({" ".join(candidate.text for candidate in own) for own in cells}) == 1


def _words(parts: Sequence[Part]) -> int:
    return sum(len(part.text.split()) for part in parts)


def _cell(own: Sequence[Candidate], share: int) -> Part | None:
    """What is quoted of a tool's cell: the sentence that fits best, and its neighbours while there is room."""
    if not own:
        return None
    best = max(own, key=lambda cell: cell.fit)
    part = replace(part_for(best), first=best.number, last=best.number)
    lines = {candidate.number for candidate in own if candidate.passage.id == part.passage.id}
    while True:
        wider = [
            replace(part, last=part.last + 1) if part.last + 1 in lines else None,
            replace(part, first=part.first - 1) if part.first - 1 in lines else None,
        ]
        grown = next((each for each in wider if each and len(each.text.split()) <= share), None)
        if grown is None:
            return part
        part = grown


def _text_row(
    topic: Query, subjects: Sequence[Subject], said: Sequence[Part], ranked: Sequence[Retrieved], evidence: Evidence
) -> _Row:
    """What running text says of each subject: the sentence that fits best, if it fits about as well as the others'."""
    pools = (islice((r for r in ranked if _speaks_of(subject, r.passage)), SEARCHED) for subject in subjects)
    found = {result.passage.id: result for pool in pools for result in pool}
    fitting = sorted(evidence.candidates(topic, list(found.values())), key=lambda c: -c.fit)
    row: list[Part | None] = []
    for subject in subjects:
        own = [c for c in fitting if subject.owns(c.passage, c.sentence) and len(c.text.split()) >= LEAST_TEXT_WORDS]
        taken = [*said, *(part for part in row if part)]
        parts = (part_for(c) for c in own if c.fit >= LEAST_TEXT_FIT * fitting[0].fit)
        row.append(next((p for p in parts if len(p.text.split()) <= MOST_CELL_WORDS and not repeats(p, taken)), None))
    return _Row(None, tuple(row))


def _speaks_of(subject: Subject, passage: Passage) -> bool:
    """Whether running text speaks of the subject somewhere, and not of all cases in turn."""
    if _row_key(passage) is not None or len(passage.cases) > MOST_CASES:
        return False
    return any(subject.owns(passage, sentence) for sentence in passage.sentences)


def _opening(candidates: Sequence[Candidate], subjects: Sequence[Subject]) -> Part | None:
    """The sentence that fits best, when it speaks of the things together and so belongs in no cell."""
    first = max(candidates, key=lambda candidate: candidate.fit)
    together = first.sentence.label is None and _row_key(first.passage) is None and says_something(first)
    if not together or any(subject.owns(first.passage, first.sentence) for subject in subjects):
        return None
    return part_for(first)


def _answer(
    query: Query,
    names: Sequence[str],
    rows: Sequence[_Row],
    results: Sequence[Retrieved],
    *,
    opening: Part | None,
    cases: Mapping[str, Case],
) -> Answer:
    citations: list[Citation] = []
    sentences: list[AnswerSentence] = []

    def cite(part: Part) -> int:
        citations.append(Citation(len(citations) + 1, part.passage, part.start, part.end))
        speaker = attribution(part.passage, part.passage.sentences[part.first], cases)
        sentences.append(AnswerSentence(presented(part.text), (len(citations),), speaker))
        return len(sentences) - 1

    if opening is not None:
        cite(opening)
    before = lay_out(sentences) if sentences else None
    made = tuple(ComparisonRow(row.heading, tuple(cite(part) if part else None for part in row.cells)) for row in rows)
    comparison = Comparison(tuple(names), made)
    phrases = phrases_in(query.language)
    notice = None if query.language == "en" else phrases["quotations"]
    cited = {citation.passage.id: citation.passage for citation in citations}
    results = [_led_by_cited(result, cited) for result in results]
    found = {result.passage.id for result in results}
    return Answer(
        question=query.text,
        markdown="\n\n".join(filter(None, (before, as_table(comparison, sentences, phrases), notice))),
        mode="extractive",
        language=query.language,
        sentences=tuple(sentences),
        citations=tuple(citations),
        retrieved=(*results, *(Retrieved(passage, 0.0) for name, passage in cited.items() if name not in found)),
        notice=notice,
        comparison=comparison,
    )


def _led_by_cited(result: Retrieved, cited: Collection[str]) -> Retrieved:
    """The result, led by the one of its repeated passages that a cell quotes."""
    quoted = next((passage for passage in result.repeated_in if passage.id in cited), None)
    if quoted is None or result.passage.id in cited:
        return result
    others = (result.passage, *(passage for passage in result.repeated_in if passage.id != quoted.id))
    return Retrieved(quoted, result.score, others)


def _row_key(passage: Passage, sentence: Sentence | None = None) -> _RowKey | None:
    """Which row of Tool 4 or 5 a passage, or a sentence of it, belongs to; None for running text."""
    if passage.document_id == TOOL_4 and len(passage.heading_path) > 1:
        return _RowKey(TOOL_4, (sentence and sentence.label) or passage.heading_path[-1].text)
    if passage.document_id == TOOL_5:
        return _RowKey(TOOL_5, ": ".join(heading.text for heading in passage.heading_path))
    return None


def _columns(passage: Passage) -> set[str | None]:
    """The columns of Tool 4 or 5 that a passage holds cells of."""
    if passage.document_id == TOOL_4:
        return {passage.heading_path[0].text}
    return {sentence.label for sentence in passage.sentences} if passage.document_id == TOOL_5 else set()


def _column(cell: Candidate) -> str | None:
    return cell.passage.heading_path[0].text if cell.passage.document_id == TOOL_4 else cell.sentence.label
