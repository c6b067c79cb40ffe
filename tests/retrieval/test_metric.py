"""The learned metric: what tells passages apart counts, what all questions share does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.metric import Examples, learn, write_metrics
from silk_rag.bootstrap import Services
from silk_rag.retrieval.metric import Metric, shipped_metrics
from silk_rag.retrieval.snapshot import UnitVectors

PASSAGES, EACH, SUBJECT, STORY = 30, 8, 6, 12


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    lengths: NDArray[np.float64] = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / lengths).astype(np.float32)


@pytest.fixture(scope="module")
def examples() -> Examples:
    """Questions whose subject lies in some dimensions and whose longer story in others; sentences have no story."""
    chance = np.random.default_rng(0)
    subjects = chance.normal(size=(PASSAGES, SUBJECT))
    rows = np.repeat(np.arange(PASSAGES), EACH)
    said = subjects[rows] + 0.3 * chance.normal(size=(len(rows), SUBJECT))
    stored = _unit(np.hstack([said, 2.0 * chance.normal(size=(len(rows), STORY))]))
    sentences = _unit(np.hstack([subjects, 0.5 * chance.normal(size=(PASSAGES, STORY))]))
    marks = np.array([(at, row, 0) for at, row in enumerate(rows)], dtype=np.int32)
    away = _unit(np.hstack([2.0 + chance.normal(size=(40, SUBJECT)), chance.normal(size=(40, STORY))]))
    return Examples(stored, stored, rows.astype(np.int32), sentences, marks, away)


def _found(units: UnitVectors, asked: NDArray[np.float32], rows: NDArray[np.int32]) -> float:
    """How often the nearest unit is of the question's own passage."""
    return float(
        np.mean([units.rows[int(np.argmax(units.similarities(q)))] == row for q, row in zip(asked, rows, strict=True)])
    )


def test_what_is_learned_holds_for_questions_not_seen(examples: Examples) -> None:
    """Of a third of the questions nothing was learned; they find their sentences all the same."""
    unseen = np.arange(len(examples.rows)) % 3 == 0
    metric = learn(examples.without(unseen))
    sentences = UnitVectors(examples.sentences, np.arange(PASSAGES, dtype=np.int32))
    asked, rows = examples.asked[unseen], examples.rows[unseen]
    before, after = _found(sentences, asked, rows), _found(sentences.mapped_by(metric), asked, rows)
    assert before < 0.5
    assert after > 2 * before


def test_what_is_answered_is_told_from_what_is_not(examples: Examples) -> None:
    """Questions nothing answers lean the other way."""
    metric = learn(examples, steps=1)
    assert np.mean([metric.leaning(vector) > 0 for vector in examples.asked]) > 0.9
    assert np.mean([metric.leaning(vector) < 0 for vector in examples.unanswered]) > 0.9


def test_learning_twice_gives_the_same(examples: Examples) -> None:
    """Nothing depends on chance."""
    assert np.array_equal(learn(examples, steps=3).matrix, learn(examples, steps=3).matrix)


def test_leaving_questions_out_keeps_the_marks_of_the_others(examples: Examples) -> None:
    """Marks follow their questions."""
    kept = examples.without(examples.rows < PASSAGES // 2)
    assert [int(sentence) for _, sentence, _ in kept.answering] == [int(row) for row in kept.rows]


def test_a_metric_survives_its_file(tmp_path: Path, examples: Examples) -> None:
    """What was written is what is read, in half precision; without a file there is none."""
    metric = learn(examples, steps=1)
    write_metrics({"some-model": metric}, tmp_path / "metrics.npz")
    read = shipped_metrics(tmp_path / "metrics.npz")["some-model"]
    assert np.allclose(read.of_units(examples.sentences), metric.of_units(examples.sentences), atol=0.01)
    assert shipped_metrics(tmp_path / "none.npz") == {}


def test_lengths_are_one() -> None:
    """A question at the centre has no direction: it is like nothing, not an error."""
    nothing = np.zeros(3, dtype=np.float32)
    metric = Metric(np.eye(3, dtype=np.float32), np.ones(3, dtype=np.float32), nothing, nothing)
    assert np.allclose(metric.of_question(np.ones(3, dtype=np.float32)), 0.0)
    assert np.isclose(np.linalg.norm(metric.of_question(np.array([1, 2, 3], dtype=np.float32))), 1.0)


def test_the_shipped_metrics_fit_the_shipped_models(services: Services) -> None:
    """Both models have one, and a story of one's own does not drown what is asked."""
    snapshot = services.snapshot
    assert set(snapshot.metrics) == {"", "-multilingual"}
    assert services.retriever.multilingual is not None
    plain = services.retriever.multilingual.embed_query("What is social franchising?")
    told = services.retriever.multilingual.embed_query(
        "We are forty people who mend bicycles in a small town near Turin and have done so since 1998. "
        "A friend on the board talks of nothing else. What is social franchising?"
    )
    learned, size = snapshot.learned["questions-multilingual"], len(snapshot.passages)
    asked = np.argsort(-learned.likeness(plain, size))[:3]
    assert set(asked) <= set(np.argsort(-learned.likeness(told, size))[:6])
