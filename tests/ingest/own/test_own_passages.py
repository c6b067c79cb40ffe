"""Passages of own documents: whole sentences, of a readable length, under their headings, in the words of the file."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.own.blocks import Block, Cell, ParsedFile, row_block
from ingest.own.passages import LONGEST_WORDS, document_from, size_in_words
from silk_rag.documents import Document

SENTENCE = "Every new market was tried with one order first, and then with two."


def made_of(*blocks: Block) -> Document:
    """The document of some blocks."""
    parsed = ParsedFile("text", None, "line", blocks)
    return document_from(parsed, identity="own-1", name="a.txt", title="A title", language="en")


def heading(text: str, level: int = 2) -> Block:
    """A heading on line 1."""
    return Block("heading", text, 1, 1, level=level)


def paragraph(sentences: int, line: int = 1) -> Block:
    """A paragraph of sentences of 13 words."""
    return Block("paragraph", " ".join([SENTENCE] * sentences), line, line)


ANY_BLOCK = st.one_of(
    st.builds(heading, st.sampled_from(["Markets", "Partners", "A title", "Costs"]), st.integers(1, 6)),
    st.builds(paragraph, st.integers(1, 40), st.integers(1, 99)),
    st.builds(lambda text: Block("item", f"- {text}.", 1, 1), st.text("abc .", min_size=1).map(str.strip).filter(bool)),
    st.just(row_block([Cell("Kenya", "Country"), Cell("It began in 2014. It goes on.", "Story")], 3, 3)),
)


@given(st.lists(ANY_BLOCK, max_size=30))
def test_passages_are_slices_of_their_document(blocks: list[Block]) -> None:
    """Each is exactly the text it stands in, its sentences are exactly its own, and none overlaps another."""
    document = made_of(*blocks)
    for passage in document.passages:
        assert document.text[passage.start : passage.start + len(passage.text)] == passage.text
        assert passage.sentences
        for one, other in pairwise(passage.sentences):
            assert 0 <= one.start < one.end <= other.start
        assert passage.sentences[-1].end <= len(passage.text)
    for before, after in pairwise(document.passages):
        assert before.start + len(before.text) <= after.start
    assert len({passage.id for passage in document.passages}) == len(document.passages)


@given(st.lists(ANY_BLOCK, max_size=30))
def test_no_word_below_the_headings_is_lost(blocks: list[Block]) -> None:
    """Every paragraph, item and cell is in a passage."""
    words = sum(len(block.text.split()) for block in blocks if block.kind == "paragraph")
    found = sum(len(p.quote(s).split()) for p in made_of(*blocks).passages for s in p.sentences if s.label is None)
    assert found >= words


def test_long_paragraphs_are_cut_between_sentences() -> None:
    """Passages of 40 to 180 words, each of whole sentences."""
    passages = made_of(heading("Markets"), paragraph(60)).passages
    assert all(40 <= size_in_words(passage.text) <= LONGEST_WORDS for passage in passages)
    assert all(passage.text.startswith("Every") and passage.text.endswith("two.") for passage in passages)
    assert sum(len(passage.sentences) for passage in passages) == 60


def test_short_sections_go_together_under_their_common_heading() -> None:
    """Two short sections make one passage; the headings between stand in its text, and are never quoted."""
    (passage,) = made_of(
        heading("Abroad", 1), heading("Kenya"), paragraph(1, 4), heading("Oman"), paragraph(2, 9)
    ).passages
    assert [h.text for h in passage.heading_path] == ["Abroad"]
    assert passage.text.startswith("Kenya\n\nEvery")
    assert "Oman" not in {passage.quote(sentence) for sentence in passage.sentences}
    assert passage.source.place == "lines 4-9"


def test_sections_long_enough_stand_alone() -> None:
    """Sections of different headings are not mixed when each is long enough."""
    document = made_of(heading("Kenya"), paragraph(5), heading("Oman"), paragraph(5))
    assert [p.heading_path[-1].text for p in document.passages] == ["Kenya", "Oman"]


def test_the_title_is_no_heading_of_its_own_document() -> None:
    """A heading that repeats the title adds nothing to the path."""
    (passage,) = made_of(heading("A TITLE", 1), paragraph(5)).passages
    assert passage.heading_path == ()


def test_scripts_without_spaces_have_a_length() -> None:
    """A page of Chinese is not one word."""
    text = "社会的企业走向国际。" * 400
    document = made_of(Block("paragraph", text, 1, 1))
    assert len(document.passages) > 1
    assert "".join(passage.text for passage in document.passages) == text
