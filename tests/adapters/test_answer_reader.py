from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from silk_rag.adapters.answer_reader import LEARNT_FILE, ExampleReader, likely, source_of
from silk_rag.adapters.likeness import learn, read_learnt
from silk_rag.adapters.multilingual import MultilingualE5Embedder
from silk_rag.assessment.examples import Examples, load_examples
from silk_rag.assessment.questionnaire import Questionnaire, load_questionnaire
from silk_rag.assessment.telling import NOTED
from silk_rag.errors import CorpusInvalid, ModelUnusable
from silk_rag.testing import HashingTokenEmbedder

TOOLS = Path(__file__).parents[2] / "corpus" / "tools"


@pytest.fixture(scope="module")
def grid() -> Questionnaire:
    """Tool 2 as the corpus has it."""
    return load_questionnaire(TOOLS)


@pytest.fixture(scope="module")
def reader() -> ExampleReader:
    """The reader as it is shipped."""
    return ExampleReader(TOOLS, MultilingualE5Embedder())


def test_the_shipped_file_fits_the_examples_and_the_model(grid: Questionnaire) -> None:
    """Who corrects an example has to learn anew: `python -m silk_rag.adapters.answer_reader`."""
    embedder = MultilingualE5Embedder()
    learnt = read_learnt(TOOLS / LEARNT_FILE)
    assert learnt.source == source_of(TOOLS, embedder)
    texts = load_examples(TOOLS, grid).texts
    assert len(learnt.sentences) == len(texts)
    for row in (0, 700, len(texts) - 1):
        centred = embedder.embed_query(texts[row]) - learnt.centre
        assert centred / np.linalg.norm(centred) @ learnt.sentences[row] > 0.99


@pytest.mark.parametrize(
    ("question_id", "text", "value"),
    [
        ("B7", "three years of fighting with the licensing office", "yes"),
        ("F1", "we sell twice as much as before", "yes"),
        ("F1", "not one euro more came in", "no"),
        ("B3", "they wrote to us one morning, we had no idea who they were", "accident"),
        ("E9", "hemos contratado a seis personas", "yes"),
    ],
)
def test_told_answers_are_read(
    reader: ExampleReader, grid: Questionnaire, question_id: str, text: str, value: str
) -> None:
    """People may tell what happened, in the languages of the questions."""
    read = reader(text, grid.by_id[question_id])
    assert read is not None
    assert read.value.content == value
    assert read.ahead > 0


def test_small_talk_answers_nothing(reader: ExampleReader, grid: Questionnaire) -> None:
    """What answers nothing is nearer to what answers nothing."""
    for text in ("it rains cats and dogs here today", "I have to ask our accountant about this first"):
        read = reader(text, grid.by_id["F1"])
        assert read is not None
        assert not NOTED["yes_no"].reached_by(read)


def test_questions_for_figures_are_not_read(reader: ExampleReader, grid: Questionnaire) -> None:
    """A share is no matter of likeness."""
    assert reader("a great part of our sales", grid.by_id["B1"]) is None


def test_a_file_that_does_not_fit_is_not_used(tmp_path: Path, grid: Questionnaire) -> None:
    """Examples that were corrected since, another model or a damaged file cost the reader, not the talk."""
    assert ExampleReader(TOOLS, HashingTokenEmbedder())("sales doubled", grid.by_id["F1"]) is None
    shutil.copy(TOOLS / "example-answers.yaml", tmp_path)
    embedder = MultilingualE5Embedder()
    assert ExampleReader(tmp_path, embedder)("sales doubled", grid.by_id["F1"]) is None
    (tmp_path / LEARNT_FILE).write_bytes(b"no archive")
    assert ExampleReader(tmp_path, embedder)("sales doubled", grid.by_id["F1"]) is None
    with pytest.raises(ModelUnusable, match="answer_reader"):
        read_learnt(tmp_path / LEARNT_FILE)


def test_the_same_examples_make_the_same_reader(grid: Questionnaire) -> None:
    """Nothing is left to chance, and what was written is read again."""
    every = load_examples(TOOLS, grid)
    few = Examples(every.answers[::12], every.none[:40])
    embedder = HashingTokenEmbedder()
    vectors = {text: embedder.embed_query(text) for text in few.texts}
    worded = {each.id: embedder.embed_query(each.text) for each in grid.by_id.values()}
    one, two = (learn(few, vectors, grid, worded, "few") for _ in range(2))
    assert np.array_equal(one.weights, two.weights)
    text, question_id = few.answers[0].text, few.answers[0].question_id
    read = likely(one.scores(vectors[text], text, question_id), grid.by_id[question_id])
    assert read is not None
    assert read.value.content == few.answers[0].value


def test_a_wrong_example_is_named(tmp_path: Path, grid: Questionnaire) -> None:
    """Editors are told the place and the fix."""
    for content, named in (
        ("answers: {Z9: {'yes': [a]}}\nnone: []", "Z9"),
        ("answers: {B7: {true: [a]}}\nnone: []", "B7"),
        ("answers: {B7: {'yes': [3]}}\nnone: []", "quotes"),
        ("answers: {}", "none"),
        ("[", "YAML"),
    ):
        (tmp_path / "example-answers.yaml").write_text(content, encoding="utf-8")
        with pytest.raises(CorpusInvalid, match=named):
            load_examples(tmp_path, grid)
