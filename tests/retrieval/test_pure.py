"""The arithmetic of retrieval: likeness, placing, duplicates, words, late interaction, exact search."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from silk_rag.retrieval.duplicates import duplicate_groups, near_duplicates, shingles
from silk_rag.retrieval.exact import ExactSearch
from silk_rag.retrieval.late_interaction import TokenVectors, principal_projection, telling_tokens, unit_rows
from silk_rag.retrieval.own_documents import placed_by_text
from silk_rag.retrieval.ports import Matrix
from silk_rag.retrieval.snapshot import UnitVectors
from silk_rag.retrieval.words import words_of


def matrix(*rows: list[float]) -> Matrix:
    """Rows of numbers as a float32 matrix."""
    return np.array(rows, dtype=np.float32)


def test_likeness_weighs_the_three_nearest_units() -> None:
    """The nearest counts as much as the other two; fewer than three share the whole; none gives nothing."""
    near = matrix([1.0], [0.8], [0.4], [0.1], [0.5])
    units = UnitVectors(near, np.array([2, 2, 2, 2, 0], dtype=np.int32))
    assert units.likeness(np.array([1.0], dtype=np.float32), 4) == pytest.approx(
        [0.5, 0.0, 0.5 * 1.0 + 0.25 * 0.8 + 0.25 * 0.4, 0.0]
    )


def test_what_nobody_asked_about_is_placed_by_its_text() -> None:
    """Better by its text than two of three, it gets the score of the second best; worse than all, it comes last."""
    scores = np.array([30.0, 20.0, 10.0, 0.0, 0.0], dtype=np.float32)
    by_text = np.array([3.0, 2.0, 1.0, 2.5, 0.5], dtype=np.float32)
    asked_about = np.array([True, True, True, False, False])
    placed = placed_by_text(scores, by_text, asked_about)
    assert list(placed[:3]) == [30.0, 20.0, 10.0]
    assert placed[3] == 20.0
    assert placed[4] < 10.0


def test_what_is_far_better_by_its_text_stands_before_all() -> None:
    """A document of one's own that answers outright is not hidden behind the papers."""
    asked_about = np.array([True, True, False])
    placed = placed_by_text(
        np.array([30.0, 20.0, 0.0], dtype=np.float32), np.array([3.0, 2.0, 9.0], dtype=np.float32), asked_about
    )
    assert placed[2] > 30.0


@given(st.lists(st.floats(-5, 5, width=32), min_size=2, max_size=12))
def test_placing_keeps_the_order_by_text(texts: list[float]) -> None:
    """Among passages nobody asked about, a better text never stands behind a worse one."""
    by_text = np.array([1.0, 0.0, *texts], dtype=np.float32)
    asked_about = np.array([True, True, *[False] * len(texts)])
    placed = placed_by_text(np.array([2.0, 1.0, *texts], dtype=np.float32), by_text, asked_about)[2:]
    order = np.argsort(by_text[2:], kind="stable")
    assert all(before <= after + 1e-6 for before, after in pairwise(placed[order]))


SENTENCE = "Co-operatives can go international in many ways and none of them is easy for a small one."


def test_the_same_words_in_other_dress_are_duplicates() -> None:
    """Capitals and punctuation make no difference."""
    assert near_duplicates(shingles(SENTENCE), shingles(SENTENCE.upper().replace(".", "!")))


def test_a_text_that_holds_another_is_its_duplicate() -> None:
    """The shorter text counts: a summary that stands in a chapter repeats it."""
    assert near_duplicates(shingles(SENTENCE), shingles(f"Before. {SENTENCE} And a good deal more after it."))


def test_different_texts_are_no_duplicates() -> None:
    """A few words in common are not a repetition, and an empty text repeats nothing."""
    other = "Co-operatives can go bankrupt in many ways, and small ones do so faster than large ones."
    assert not near_duplicates(shingles(SENTENCE), shingles(other))
    assert not near_duplicates(shingles(""), shingles(SENTENCE))


def test_groups_name_the_first_of_each() -> None:
    """Each text gets the index of the first text it repeats, or its own."""
    assert duplicate_groups([SENTENCE, "Something else entirely is said in here.", f"So: {SENTENCE}", ""]) == [
        0,
        1,
        0,
        3,
    ]


@given(
    st.lists(st.sampled_from([SENTENCE, f"{SENTENCE} More.", "Quite another text, with other words in it.", "", "a"]))
)
def test_groups_point_backwards_to_a_group_s_head(texts: list[str]) -> None:
    """A group's number is the index of a text that heads its own group, never later than the text itself."""
    groups = duplicate_groups(texts)
    assert all(group <= index and groups[group] == group for index, group in enumerate(groups))


def test_words_are_stems_without_accents_and_stop_words() -> None:
    """Accents, capitals, endings and empty words do not keep a word from being found."""
    assert words_of("The Acció of ACCIO") == ["accio", "accio"]
    assert words_of("What is it?") == []
    assert words_of("internationalisation") == words_of("Internationalisations")


def test_compounds_are_taken_apart() -> None:
    """A compound is found by its parts."""
    assert words_of("trade-driven") == [*words_of("trade"), *words_of("driven")]


@given(st.text())
def test_words_of_any_text_are_words(text: str) -> None:
    """Whatever is typed gives words without space, and no error."""
    assert all(word and not any(sign.isspace() for sign in word) for word in words_of(text))


def test_a_passage_scores_by_the_best_match_of_each_word() -> None:
    """MaxSim: for each of the question's tokens the best token of the passage, averaged."""
    tokens = TokenVectors(
        vectors=matrix([1, 0], [0, 1], [0.6, 0.8]), starts=np.array([0, 2, 3]), projection=np.eye(2, dtype=np.float32)
    )
    scores = tokens.scores(matrix([1, 0], [0, 1]), passages=3)
    assert scores == pytest.approx([1.0, 0.7, -1.0])


def test_without_tokens_every_passage_scores_lowest() -> None:
    """A question without tokens, or an index without them, ranks nothing."""
    tokens = TokenVectors(matrix([1, 0]), np.array([0, 1]), np.eye(2, dtype=np.float32))
    assert list(tokens.scores(np.empty((0, 2), dtype=np.float32), 1)) == [-1.0]


def test_question_tokens_are_reduced_to_unit_length() -> None:
    """After the projection a dot product is a cosine again."""
    tokens = TokenVectors(matrix([1, 0]), np.array([0, 1]), np.eye(3, 2, dtype=np.float32))
    assert np.linalg.norm(tokens.reduce(matrix([3, 4, 5], [0, 2, 9])), axis=1) == pytest.approx([1, 1])


def test_pieces_without_meaning_are_left_out() -> None:
    """Stop words and marks do not count, unless there is nothing else."""
    embeddings = matrix([1, 0], [2, 0], [3, 0])
    assert telling_tokens(["[CLS]", "export", "?"], embeddings).tolist() == [[2, 0]]
    assert telling_tokens(["[CLS]", "the", "?"], embeddings).tolist() == embeddings.tolist()


def test_the_projection_keeps_the_directions_that_differ() -> None:
    """Its columns are of length 1, stand upright on each other, and hold a sample that lies in so many directions."""
    chance = np.random.default_rng(0)
    sample = (chance.standard_normal((50, 3)) @ chance.standard_normal((3, 8))).astype(np.float32)
    projection = principal_projection(sample, dimensions=3)
    assert projection.T @ projection == pytest.approx(np.eye(3), abs=1e-5)
    assert sample @ projection @ projection.T == pytest.approx(sample, abs=1e-4)


def test_rows_of_zeros_stay_zeros() -> None:
    """Length nothing cannot be made length one; it must not become not-a-number."""
    assert unit_rows(matrix([0, 0], [3, 4])).tolist() == pytest.approx(np.array([[0, 0], [0.6, 0.8]]))


def test_exact_search_orders_by_similarity() -> None:
    """The nearest comes first; equal ones in index order; never more than there are."""
    search = ExactSearch(["a", "b", "c"], matrix([0, 1], [1, 0], [1, 0]))
    assert search.nearest(np.array([1, 0], dtype=np.float32), 2) == [("b", 1.0), ("c", 1.0)]
    assert len(search.nearest(np.array([1, 0], dtype=np.float32), 9)) == 3
