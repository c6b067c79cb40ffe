"""Retrieval over the real index."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from evals.samples import load_samples
from silk_rag.adapters.chroma import open_chroma, write_chroma
from silk_rag.adapters.index_folder import current_snapshot
from silk_rag.adapters.index_store import read_snapshot
from silk_rag.adapters.language import detect_language
from silk_rag.bootstrap import Services
from silk_rag.contradictions import read_contradictions
from silk_rag.retrieval.exact import ExactSearch
from silk_rag.retrieval.retriever import Retriever
from silk_rag.retrieval.scores import DEPTH

QUESTIONS = [sample.question for sample in load_samples("dev1")][::6]


@pytest.fixture(scope="module")
def retriever(services: Services) -> Retriever:
    """The retriever of the running services."""
    return services.retriever


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("k", [1, 8, 50])
def test_k_passages_come_back_each_once_best_first(retriever: Retriever, question: str, k: int) -> None:
    """As many passages as asked for, none twice, scores never rising, and no two that repeat each other."""
    found = retriever.retrieve(retriever.understand(question), k)
    assert len(found) == k
    assert len({result.passage.id for result in found}) == k
    assert all(before.score >= after.score for before, after in pairwise(found))
    rows = retriever.index.snapshot.row_of
    groups = Counter(retriever.groups[rows[result.passage.id]] for result in found)
    assert max(groups.values()) == 1


def test_no_passages_for_a_k_of_nothing(retriever: Retriever) -> None:
    """Asking for none gives none."""
    assert retriever.retrieve(retriever.understand("What is SILK?"), 0) == []


def test_fewer_passages_are_the_first_of_more(retriever: Retriever) -> None:
    """A larger k adds passages behind; it does not change the order."""
    query = retriever.understand("How do we find partners abroad?")
    few, many = (
        [result.passage.id for result in retriever.retrieve(query, 5)],
        [result.passage.id for result in retriever.retrieve(query, 20)],
    )
    assert many[:5] == few


def test_the_same_question_finds_the_same(retriever: Retriever) -> None:
    """Retrieval leaves nothing to chance."""
    found = [retriever.retrieve(retriever.understand("Which risks are there?"), 10) for _ in range(2)]
    assert found[0] == found[1]


def test_repeated_passages_are_folded_into_one(retriever: Retriever) -> None:
    """Where the papers say the same twice, one passage comes and names the other places."""
    folded = [
        result
        for question in QUESTIONS
        for result in retriever.retrieve(retriever.understand(question), 8)
        if result.repeated_in
    ]
    assert folded
    rows = retriever.index.snapshot.row_of
    for result in folded:
        group = retriever.groups[rows[result.passage.id]]
        assert {retriever.groups[rows[other.id]] for other in result.repeated_in} == {group}
        assert result.passage.id not in {other.id for other in result.repeated_in}


def test_both_sides_of_a_contradiction_are_kept_apart(retriever: Retriever, services: Services) -> None:
    """A passage that says otherwise is never hidden as a repetition."""
    quotes = {
        side.quote
        for contradiction in read_contradictions(services.settings.corpus / "contradictions.yaml")
        for side in contradiction.sides
    }
    held = [row for row, p in enumerate(services.snapshot.passages) if any(quote in p.text for quote in quotes)]
    assert held
    assert all(retriever.groups[row] == row for row in held)


def test_a_case_that_is_named_is_found(retriever: Retriever) -> None:
    """A question that names a case is answered from what the papers say of it."""
    query = retriever.understand("What did CoopCycle do?")
    assert query.cases == ("coopcycle",)
    assert "coopcycle" in retriever.retrieve(query, 1)[0].passage.cases


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How do we find partners abroad?", "en"),
        ("¿Cómo encontramos socios en el extranjero?", "es"),
        ("Comment trouver des partenaires à l'étranger ?", "fr"),
        ("Wie finden wir Partner im Ausland?", "de"),
        ("Come troviamo partner all'estero?", "it"),
        ("해외 파트너를 어떻게 찾나요?", "ko"),
        ("KOICA Mondragon", "en"),
        ("?", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_question_is_told(text: str, language: str) -> None:
    """The languages people ask in are recognised; names and next to nothing count as English."""
    assert detect_language(text) == language


def test_a_question_in_another_language_finds_the_same_lesson(retriever: Retriever) -> None:
    """An English text is found by a Spanish question."""
    english = retriever.retrieve(retriever.understand("What is inward internationalisation?"), 5)
    spanish = retriever.retrieve(retriever.understand("¿Qué es la internacionalización hacia adentro?"), 5)
    assert {result.passage.id for result in english} & {result.passage.id for result in spanish}


def test_a_language_can_be_given(retriever: Retriever) -> None:
    """Whoever knows the language of the question says so, and is believed."""
    assert retriever.understand("Mondragon", language="es").language == "es"


def test_chroma_finds_what_exact_search_finds(services: Services, tmp_path: Path) -> None:
    """The approximate index gives the same best passages as comparing with every vector, for real questions."""
    place = current_snapshot(services.settings.index_folder)
    assert place is not None
    snapshot, vectors = read_snapshot(place / "index.sqlite", services.snapshot.id)
    ids = [passage.id for passage in snapshot.passages]
    write_chroma(tmp_path / "chroma", ids, [passage.text for passage in snapshot.passages], vectors)
    chroma = open_chroma(tmp_path / "chroma", expected=len(ids), probe=vectors[0])
    exact = ExactSearch(ids, vectors)
    for question in QUESTIONS:
        vector = services.retriever.embedder.embed_query(question)
        near, true = chroma.nearest(vector, 10), exact.nearest(vector, 10)
        assert [identity for identity, _ in near] == [identity for identity, _ in true]
        assert np.allclose([score for _, score in near], [score for _, score in true], atol=1e-3)
        assert len(chroma.nearest(vector, DEPTH)) == DEPTH


def test_only_wanted_passages_come_back_and_all_of_them_are_found(services: Services) -> None:
    """A search in one document ranks all of it, however far from the question, and folds in nothing from elsewhere."""
    retriever = services.retriever
    query = retriever.understand("What is inward internationalisation?")
    whole = retriever.retrieve(query, 500, wanted=lambda passage: passage.document_id == "tool-4")
    found = {passage.id for result in whole for passage in (result.passage, *result.repeated_in)}
    assert found == {passage.id for passage in services.snapshot.documents["tool-4"].passages}
