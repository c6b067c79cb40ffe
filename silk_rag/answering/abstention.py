"""When to say that the papers do not say.

Being near in meaning is not enough: the papers are near to many questions that they do not answer. So six things are
looked at: whether it is a question at all; whether it is about this field; whether the papers deny what it takes for
granted; whether it is more like the questions that editors know the papers not to answer than like those they do; and
whether a figure that it asks for and a year that it names stand there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from importlib.resources import files

import numpy as np

from silk_rag.answering import asked
from silk_rag.answering.answer import Abstention, AbstentionReason
from silk_rag.answering.attribution import place_name
from silk_rag.answering.conversation import SmallTalk
from silk_rag.answering.evidence import Evidence
from silk_rag.answering.phrases import phrases_in
from silk_rag.documents import Passage
from silk_rag.retrieval.ports import Matrix, Vector
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved
from silk_rag.retrieval.words import words_of

#: How many of the results are searched for what is asked.
_SEARCHED = 5
#: What is counted stands within this many characters after its number ("2,200 learning programmes").
_UNIT_REACH = 32
_NEGATION = r"(?:not(?: yet)?|never|no|without|nor)"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds, see calibration.toml."""

    off_topic_question: float
    off_topic_words: float
    short_question_words: float
    off_topic_short_question: float
    off_topic_multilingual: float
    counted_thing: float
    figure: float
    answerable: float
    answerable_multilingual: float


@dataclass(frozen=True, slots=True)
class Signals:
    """What was measured for a question; None where it does not ask for such a thing.

    `own_words` is how near its words come to those of the first passage where that is of an own document, else 0.
    `answerable` is how surely the papers answer it, as log odds; None where nothing was learned of that.
    """

    length: int
    question: float
    question_multilingual: float
    words: float
    own_words: float
    counted_thing: float | None
    figure: float | None
    unknown_year: bool
    denied: bool
    answerable: float | None


@dataclass(frozen=True, slots=True)
class AnswerableWeights:
    """What the signs that the papers answer a question count, learned as the weights of retrieval were.

    How near questions come that a passage answers, how near those that none does, and how surely it is of the kind that
    they answer, see `silk_rag.retrieval.metric`.
    """

    answered: float
    beyond: float
    leaning: float
    base: float


ENGLISH, OTHER_LANGUAGES = AnswerableWeights(13.7, 9.4, 1.45, -2.9), AnswerableWeights(24.1, 19.9, 1.32, -3.6)
#: The kind of a question says no more than this, however plain it is: an answer may stand there all the same.
MOST_LEANING = 2.0


def shipped_calibration() -> Calibration:
    """The thresholds chosen on the development questions."""
    values = tomllib.loads((files("silk_rag.answering") / "calibration.toml").read_text(encoding="utf-8"))
    return Calibration(**{field.name: float(values[field.name]) for field in fields(Calibration)})


def judge(
    query: Query,
    results: Sequence[Retrieved],
    evidence: Evidence,
    calibration: Calibration,
    *,
    follow_up: Query | None = None,
) -> AbstentionReason | None:
    """Why not to answer, or None when the papers do answer.

    `follow_up` is the question as it was put, where `query` is it behind the question before: two questions in one are
    unlike any that editors wrote, so the papers are taken to answer when either looks so.
    """
    if asked.is_order(query.text):
        return "not-a-question"
    if not results:
        return "not-in-the-papers"
    signals = signals_of(query, results, evidence)
    if follow_up is not None and signals.answerable is not None:
        alone = _answerable(follow_up, evidence)
        signals = signals if alone is None else replace(signals, answerable=max(signals.answerable, alone))
    if _off_topic(signals, query.language, calibration) and not _in_their_words(query, evidence, calibration):
        return "off-topic"
    if signals.denied:
        return "false-premise"
    missing = (
        _is_unanswerable(signals, query.language, calibration),
        signals.unknown_year,
        signals.counted_thing is not None and signals.counted_thing < calibration.counted_thing,
        signals.figure is not None and signals.figure < calibration.figure,
    )
    return "not-in-the-papers" if any(missing) else None


def signals_of(query: Query, results: Sequence[Retrieved], evidence: Evidence) -> Signals:
    """Measure a question against the first passages found."""
    passages = [result.passage for result in results[:_SEARCHED]]
    known_years = evidence.years
    return Signals(
        length=len(query.text.split()),
        question=_nearest(evidence, "questions", query.vector),
        question_multilingual=_nearest(evidence, "questions-multilingual", query.multilingual_vector),
        words=_words_found(query, passages, evidence),
        own_words=_words_found(query, [each for each in passages[:1] if each.kind == "own"], evidence),
        counted_thing=_counted_support(query, passages, evidence),
        figure=_figure_support(query, passages, evidence),
        answerable=_answerable(query, evidence),
        unknown_year=not asked.years_in(query.text) <= known_years,
        denied=any(
            _denies(statement, passage.text) for statement in asked.statements_in(query.text) for passage in passages
        ),
    )


def abstain(
    query: Query,
    reason: AbstentionReason,
    results: Sequence[Retrieved],
    suggestions: Sequence[str],
) -> Abstention:
    """Say so, with the nearest topics and questions that can be answered."""
    nearest = tuple(results[:3]) if reason in ("not-in-the-papers", "false-premise") else ()
    phrases = phrases_in(query.language)
    lines = [phrases[reason]]
    if nearest:
        topics = "; ".join(dict.fromkeys(place_name(result.passage) for result in nearest))
        lines.append(f"{phrases['nearest']} {topics}.")
    if suggestions:
        lines.append(f"{phrases['ask-instead']}\n\n" + "\n".join(f"- {suggestion}" for suggestion in suggestions))
    return Abstention(
        query.text, reason, "\n\n".join(lines), query.language, tuple(results), nearest, tuple(suggestions)
    )


def courtesy(text: str, kind: SmallTalk, language: str, suggestions: Sequence[str]) -> Abstention:
    """A fitting reply to a greeting, thanks or a question about the assistant itself."""
    phrases = phrases_in(language)
    offered = tuple(suggestions) if kind in ("greeting", "who", "help") else ()
    lines = [phrases[kind]]
    if offered:
        lines.append(f"{phrases['ask-instead']}\n\n" + "\n".join(f"- {suggestion}" for suggestion in offered))
    return Abstention(text, "small-talk", "\n\n".join(lines), language, (), (), offered)


def _off_topic(signals: Signals, language: str, calibration: Calibration) -> bool:
    # Editors' questions tell what the papers are about. Documents that people added may be about anything.
    if signals.own_words >= calibration.off_topic_words:
        return False
    if language != "en" and signals.question_multilingual:
        return signals.question_multilingual < calibration.off_topic_multilingual
    # An index without editors' questions or token vectors has nothing to compare with.
    if (
        signals.length <= calibration.short_question_words
        and 0 < signals.question < calibration.off_topic_short_question
    ):
        return True
    return 0 < signals.question < calibration.off_topic_question and 0 < signals.words < calibration.off_topic_words


def _is_unanswerable(signals: Signals, language: str, calibration: Calibration) -> bool:
    """Whether it is more like questions that the papers do not answer than like those they do."""
    if signals.answerable is None or signals.own_words >= calibration.off_topic_words:
        return False
    return signals.answerable < (calibration.answerable if language == "en" else calibration.answerable_multilingual)


def _answerable(query: Query, evidence: Evidence) -> float | None:
    """How surely the papers answer it, as log odds."""
    metrics = evidence.snapshot.metrics
    models = [("-multilingual", query.multilingual_vector)]
    if query.language == "en":
        models.append(("", query.vector))
    leanings = [
        metrics[suffix].leaning(vector) for suffix, vector in models if vector is not None and suffix in metrics
    ]
    beyond = _likeness(evidence, "unanswered-multilingual", query.multilingual_vector)
    if not beyond or not leanings:
        return None
    answered = _likeness(evidence, "questions-multilingual", query.multilingual_vector)
    weights = ENGLISH if query.language == "en" else OTHER_LANGUAGES
    likeness = weights.answered * answered - weights.beyond * beyond
    return likeness + weights.leaning * float(np.clip(np.mean(leanings), -MOST_LEANING, MOST_LEANING)) + weights.base


def _in_their_words(query: Query, evidence: Evidence, calibration: Calibration) -> bool:
    """Whether a short question asks for an abbreviation that the papers use ("What is an SSEO?")."""
    if len(query.text.split()) > calibration.short_question_words:
        return False
    named = [word for token in asked.abbreviations_in(query.text) for word in words_of(token)]
    return bool(named) and all(word in evidence.word_weights.weights for word in named)


def _words_found(query: Query, passages: Sequence[Passage], evidence: Evidence) -> float:
    """How near the question's words come, on average, to the best match among the passages' words."""
    if query.tokens is None:
        return 0.0
    best = [
        tokens
        for tokens in (_best_matches(query.tokens, evidence.tokens_of(p)) for p in passages)
        if tokens is not None
    ]
    return float(np.max(best, axis=0).mean()) if best else 0.0


def _counted_support(query: Query, passages: Sequence[Passage], evidence: Evidence) -> float | None:
    """How near the thing counted comes to the words right after a number; None when no count is asked for."""
    thing = asked.counted_thing(query.text)
    pieces = query.pieces_between(thing.start, thing.end) if thing else None
    if pieces is None:
        return None
    best = 0.0
    for passage in passages:
        for number in asked.quantities_in(passage.text):
            near = evidence.tokens_between(passage, number.end, number.end + _UNIT_REACH)
            matches = _best_matches(pieces, near)
            if matches is not None:
                best = max(best, float(matches.max()))
    return best


def _figure_support(query: Query, passages: Sequence[Passage], evidence: Evidence) -> float | None:
    """How near a sentence that holds a number comes to what is asked; None when no figure is asked for.

    Counts are judged by what follows the number instead, see `_counted_support`.
    """
    if not asked.asks_quantity(query.text) or asked.counted_thing(query.text) is not None:
        return None
    thing = asked.asked_thing(query.text)
    pieces = (query.pieces_between(thing.start, thing.end) if thing else None) if query.language == "en" else None
    pieces = query.tokens if pieces is None else pieces
    if pieces is None or query.language != "en":
        return 1.0 if any(asked.quantities_in(passage.text) for passage in passages[:3]) else 0.0
    best = 0.0
    for passage in passages:
        for sentence in passage.sentences:
            if asked.quantities_in(passage.quote(sentence)):
                matches = _best_matches(pieces, evidence.tokens_between(passage, sentence.start, sentence.end))
                if matches is not None:
                    best = max(best, float(matches.mean()))
    return best


def _denies(statement: str, text: str) -> bool:
    """Whether the text negates a rare word that the statement asserts ("published" against "not yet published")."""
    for word in re.findall(r"[^\W\d_]{6,}", statement):
        asserted = re.search(rf"\b{_NEGATION}\s+(?:\w+\s+)?{re.escape(word)}", statement, re.IGNORECASE) is None
        if asserted and re.search(rf"\b{_NEGATION}\s+{re.escape(word)}\b", text, re.IGNORECASE):
            shared = set(words_of(statement)) & set(words_of(text))
            if len(shared) >= 0.5 * len(set(words_of(statement))):
                return True
    return False


def _best_matches(pieces: Matrix, tokens: Matrix) -> Vector | None:
    return (pieces @ tokens.T).max(axis=1) if len(tokens) else None


def _likeness(evidence: Evidence, unit: str, vector: Vector | None) -> float:
    """How near the three nearest questions of the nearest passage come, see `UnitVectors.likeness`."""
    units = evidence.snapshot.learned.get(unit)
    if units is None or vector is None or not len(units.rows):
        return 0.0
    return float(units.likeness(vector, len(evidence.snapshot.passages)).max())


def _nearest(evidence: Evidence, unit: str, vector: Vector | None) -> float:
    units = evidence.snapshot.units.get(unit)
    if units is None or vector is None or not len(units.rows):
        return 0.0
    return float(np.max(units.vectors @ vector))
