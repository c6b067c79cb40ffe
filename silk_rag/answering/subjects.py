"""What a question sets side by side: organisations, policies, approaches of the scoping paper, strategies of Tool 5."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from silk_rag.cases import Case, cases_asked_about
from silk_rag.documents import TOOL_4, TOOL_5, Passage, Sentence
from silk_rag.retrieval.snapshot import Snapshot
from silk_rag.strategies import Strategy

_COMPARES = re.compile(
    r"\b(?:compar\w*|contrast\w*|differ\w*|versus|vs|both|each|respectively|unlike|alike|similar\w*|in common|whereas|"
    r"against|side by side|than|which of|diff[ée]r\w*|par rapport|chacune?|tandis|difer\w*|cada|frente a|confront\w*|"
    r"ciascun\w*|rispetto|unterscheid\w*|unterschied\w*|vergleich\w*|jeweils|verschil\w*|vergelijk\w*|elk)\b|비교|차이|각각",
    re.IGNORECASE,
)
#: Two names are set side by side when one of these words stands between them, with few others: "of A and of the B".
_JOINS = re.compile(r"\b(?:and|or|than|from|vs|versus|et|ou|y|e|o|und|oder|en)\b|[,&]|와|과|및", re.IGNORECASE)
_MOST_WORDS_BETWEEN = 6
_FEWEST = 2
_ALL = re.compile(
    r"\b(?:each|every|all)(?: of)?(?: the)?(?: eight)? (?:organi[sz]ations?|companies|company|members?|enterprises?)\b"
    r"|\bthe eight (?:organi[sz]ations|companies|members|enterprises)\b"
    r"|\b(?:across|between|among) (?:all )?the (?:organi[sz]ations|companies|members) (?:of|in) tool 4\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One of the things set side by side. `owns` says whether a sentence speaks of it and of no other of them."""

    name: str
    #: The words by which a question may speak of it.
    names: tuple[str, ...]
    owns: Callable[[Passage, Sentence], bool]
    #: How its column of Tool 4 is headed, or of Tool 5; None where it has none.
    column: str | None = None
    tool: str = TOOL_4


def subjects_of(
    question: str,
    cases: Sequence[Case],
    strategies: Sequence[Strategy],
    snapshot: Snapshot,
    approaches: Sequence[Strategy] = (),
) -> tuple[Subject, ...]:
    """What the question compares, at least two things in its own order; none when it compares nothing that is known."""
    named = cases_asked_about(question, cases)
    if _side_by_side(question, [found.span() for _, found in named]):
        own = [case for case, _ in named]
        return tuple(_of_case(case, found.group(), own, snapshot) for case, found in named)
    if not named and _ALL.search(question):
        return tuple(_of_column(column) for column in columns_of_tool_4(snapshot))
    if named:
        return ()
    tool = _meant(question, strategies)
    if len(tool) >= _FEWEST:
        return tuple(_of_strategy(strategy) for strategy in tool)
    described = _meant(question, approaches)
    return tuple(_of_approach(approach, [o for o in described if o is not approach]) for approach in described)


def _meant(question: str, strategies: Sequence[Strategy]) -> list[Strategy]:
    """Those that a question sets side by side, in its order."""
    found = [(match, strategy) for strategy in strategies if (match := strategy.pattern.search(question))]
    if not _side_by_side(question, [match.span() for match, _ in found]):
        return []
    return [strategy for _, strategy in sorted(found, key=lambda each: each[0].start())]


def columns_asked_for(question: str, strategies: Sequence[Strategy]) -> set[str]:
    """The strategies of Tool 5 that a question names: of its rows the other columns are not wanted."""
    return {strategy.name for strategy in strategies if strategy.pattern.search(question)}


def columns_of_tool_4(snapshot: Snapshot) -> list[str]:
    """The headings of the organisations' columns, in print order."""
    document = snapshot.documents.get(TOOL_4)
    passages = document.passages if document else ()
    return list(dict.fromkeys(passage.heading_path[0].text for passage in passages if passage.heading_path))


def _side_by_side(question: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether two things or more are named, and the question compares or joins them."""
    if len(spans) < _FEWEST:
        return False
    if _COMPARES.search(question):
        return True
    gaps = [question[before[1] : after[0]] for before, after in pairwise(sorted(spans))]
    return any(_JOINS.search(gap) and len(gap.split()) <= _MOST_WORDS_BETWEEN for gap in gaps)


def _of_case(case: Case, called: str, compared: Iterable[Case], snapshot: Snapshot) -> Subject:
    others = [other for other in compared if other.id != case.id]

    def owns(passage: Passage, sentence: Sentence) -> bool:
        words = passage.quote(sentence)
        if any(other.named_in(words) for other in others):
            return False
        if case.named_in(words):
            return True
        return case.id in passage.cases and not any(other.id in passage.cases for other in others)

    # A person who says KOICA does not know the case by the name of its programme.
    names = (case.name, *case.aliases, *case.programmes, *case.abbreviations, *case.places)
    spelt = next((name for name in names if name.casefold() == called.casefold()), case.name)
    return Subject(spelt, names, owns, next(filter(case.named_in, columns_of_tool_4(snapshot)), None))


def _of_column(column: str) -> Subject:
    def owns(passage: Passage, _: Sentence) -> bool:
        return passage.document_id == TOOL_4 and passage.heading_path[0].text == column

    return Subject(column, (), owns, column)


def _of_approach(approach: Strategy, others: Sequence[Strategy]) -> Subject:
    def owns(passage: Passage, sentence: Sentence) -> bool:
        heading = passage.heading_path[-1].text if passage.heading_path else ""
        if approach.pattern.search(heading):
            return True
        words = passage.quote(sentence)
        named_with = any(other.pattern.search(text) for other in others for text in (heading, words))
        return not named_with and approach.pattern.search(words) is not None

    return Subject(approach.name, approach.words, owns, None, TOOL_5)


def _of_strategy(strategy: Strategy) -> Subject:
    def owns(passage: Passage, sentence: Sentence) -> bool:
        return passage.document_id == TOOL_5 and sentence.label == strategy.name

    return Subject(strategy.name, strategy.words, owns, strategy.name, TOOL_5)
