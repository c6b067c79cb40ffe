"""Documents, passages and sentences of the real corpus, and the data files beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import yaml

from ingest.alignment import LineRange, SourceLetters, align_anywhere
from ingest.corpus import corpus_files, corpus_hash, source_lines
from ingest.index import questions_for
from ingest.markdown import LONGEST_PASSAGE_WORDS
from ingest.questions import answering_sentences
from ingest.sentences import sentences_of
from ingest.tools import leaves_in
from silk_rag.contradictions import read_contradictions
from silk_rag.documents import Document
from silk_rag.settings import Settings

CORPUS = Settings().corpus
Documents = Mapping[str, Document]


def test_every_file_is_a_document_of_its_name(documents: Documents) -> None:
    """A document's id is its file's name: an id in a citation leads to the file."""
    assert list(documents) == [path.stem for path in corpus_files(CORPUS)]


def test_passages_stand_in_their_document_where_they_say(documents: Documents) -> None:
    """A passage is a slice of its document's text, and passages follow each other without overlapping."""
    for document in documents.values():
        assert document.passages
        for passage in document.passages:
            assert document.text[passage.start : passage.start + len(passage.text)] == passage.text
        for before, after in pairwise(document.passages):
            assert before.start + len(before.text) <= after.start


def test_documents_are_headings_and_passages_and_nothing_else(documents: Documents) -> None:
    """What lies between two passages is headings and blank lines: no paragraph is lost to retrieval."""
    for document in documents.values():
        rest, end = "", 0
        for passage in document.passages:
            rest += document.text[end : passage.start]
            end = passage.start + len(passage.text)
        rest += document.text[end:]
        assert [line for line in rest.splitlines() if line.strip() and not line.startswith("#")] == []


def test_passage_ids_are_unique(documents: Documents) -> None:
    """An id names one passage."""
    ids = [passage.id for document in documents.values() for passage in document.passages]
    assert len(ids) == len(set(ids))


def test_passages_have_a_size_that_can_be_read(documents: Documents) -> None:
    """Passages of prose are at most some 330 words long, unless a single paragraph is longer."""
    long = [
        (passage.id, len(passage.text.split()))
        for document in documents.values()
        for passage in document.passages
        if "\n\n" in passage.text and len(passage.text.split()) > 1.5 * LONGEST_PASSAGE_WORDS
    ]
    assert long == []


def test_sentences_lie_in_order_in_their_passage(documents: Documents) -> None:
    """Sentences do not overlap, leave their passage or begin and end with space."""
    for document in documents.values():
        for passage in document.passages:
            assert passage.sentences
            for sentence in passage.sentences:
                quote = passage.quote(sentence)
                assert 0 <= sentence.start < sentence.end <= len(passage.text)
                assert quote == quote.strip() != ""
            for before, after in pairwise(passage.sentences):
                assert before.end <= after.start


def test_sentences_leave_out_only_marks_and_space(documents: Documents) -> None:
    """Between the sentences of a passage stand list marks and space: every word of it can be quoted."""
    mark = re.compile(r"\s*(?:[●►•◦▪–-]|\(?\d{1,2}[.)]|[A-Za-z][.)])?\s*")
    for document in documents.values():
        for passage in document.passages:
            ends = [0, *(sentence.end for sentence in passage.sentences)]
            starts = [*(sentence.start for sentence in passage.sentences), len(passage.text)]
            gaps = [passage.text[end:start] for end, start in zip(ends, starts, strict=True)]
            assert all(mark.fullmatch(gap) for gap in gaps), (passage.id, gaps)


def test_no_sentence_is_cut(documents: Documents) -> None:
    """A sentence ends where a block ends or with a full stop, question mark or the like; none goes on after it."""
    ends = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
    for document in documents.values():
        for passage in document.passages:
            for sentence, following in pairwise(passage.sentences):
                between = passage.text[sentence.end : following.start]
                assert "\n" in between or ends.search(passage.quote(sentence)), (passage.id, passage.quote(sentence))


def test_passages_end_with_their_block(documents: Documents) -> None:
    """No passage begins or ends inside a paragraph: a line end or the document's border stands on both sides."""
    for document in documents.values():
        for passage in document.passages:
            end = passage.start + len(passage.text)
            assert document.text[passage.start - 1] == "\n"
            assert document.text[end : end + 1] in {"", "\n"}


def test_source_spans_lie_in_the_lines_of_their_file(documents: Documents) -> None:
    """A passage names lines of the source that exist, first before last, and its words stand there."""
    lines = source_lines(CORPUS, "silk-2022")
    for document in documents.values():
        for passage in document.passages:
            span = passage.source
            assert span.file == "silk-2022"
            assert 1 <= span.first_line <= span.last_line <= len(lines)
            source = SourceLetters(lines, [LineRange(span.first_line, span.last_line)])
            sentence = max(passage.sentences, key=lambda each: each.end - each.start)
            assert align_anywhere(passage.quote(sentence), source, set()).ratio > 0.98, passage.id


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    """A number or a small letter goes on with the sentence before it."""
    text = "It has appr. 96 000 members. They meet."
    assert [text[s.start : s.end] for s in sentences_of(text)] == ["It has appr. 96 000 members.", "They meet."]


def test_an_opening_quotation_mark_belongs_to_what_it_opens() -> None:
    """A sentence that is quoted from somebody keeps its quotation mark; the one before it does not end with it."""
    text = 'It relies on public consumers. “The key to success is the balance."'
    pieces = [text[s.start : s.end] for s in sentences_of(text)]
    assert pieces == ["It relies on public consumers.", '“The key to success is the balance."']


def test_the_mark_of_a_list_item_is_not_quoted() -> None:
    """Quotes begin with words, whatever mark the item has in print; offsets move with the block."""
    (sentence,) = sentences_of("● Develop a vision.", offset=10)
    assert (sentence.start, sentence.end) == (12, 29)


def test_editors_questions_belong_to_passages_that_exist(documents: Documents) -> None:
    """A question for a passage that is not there would never be found."""
    known = {passage.id for document in documents.values() for passage in document.passages}
    questions = questions_for(CORPUS)
    assert set(questions) <= known
    assert all(questions.values())
    assert all(each.text.strip() == each.text != "" for asked in questions.values() for each in asked)


def test_most_editors_questions_name_the_sentences_that_answer_them(documents: Documents) -> None:
    """All but the rows of keywords, and each sentence is there."""
    passages = [passage for document in documents.values() for passage in document.passages]
    questions = questions_for(CORPUS)
    marked = {question for question, _, _ in answering_sentences(passages, questions)}
    assert len(marked) > 0.9 * sum(map(len, questions.values()))


def test_editors_questions_are_filed_under_their_document() -> None:
    """Each file of questions speaks of the document it is named after, and of each passage once."""
    for path in sorted((CORPUS / "questions").glob("*.yaml")):
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        passages = [row["passage"] for row in rows]
        assert all(re.fullmatch(rf"{path.stem}-[0-9a-f]{{10}}", passage) for passage in passages)
        assert len(passages) == len(set(passages))


def test_both_sides_of_a_contradiction_stand_in_the_papers(documents: Documents) -> None:
    """Every quote of a contradiction is verbatim in the document or the tool's data it names; each has two sides."""
    contradictions = read_contradictions(CORPUS / "contradictions.yaml")
    assert contradictions
    for contradiction in contradictions:
        assert len(contradiction.sides) >= 2
        for side in contradiction.sides:
            printed = [documents[side.document].text, *_leaf_texts(side.document)]
            assert any(side.quote in text for text in printed), (contradiction.id, side.quote)


def _leaf_texts(document: str) -> list[str]:
    """What is printed in a tool, its row groups included, which are part of no passage."""
    path = CORPUS / "tools" / f"{document}.yaml"
    return (
        [leaf["text"] for leaf in leaves_in(yaml.safe_load(path.read_text(encoding="utf-8")))] if path.exists() else []
    )


def test_tool_2_has_its_78_questions(documents: Documents) -> None:
    """Six categories with 7, 20, 16, 15, 12 and 8 questions, numbered A1 to F8 without a gap."""
    data = yaml.safe_load((CORPUS / "tools" / "tool-2.yaml").read_text(encoding="utf-8"))
    ids = {category["id"]: [question["id"] for question in category["questions"]] for category in data["categories"]}
    counts = {"A": 7, "B": 20, "C": 16, "D": 15, "E": 12, "F": 8}
    assert ids == {letter: [f"{letter}{n}" for n in range(1, count + 1)] for letter, count in counts.items()}
    rendered = [s.label for passage in documents["tool-2"].passages for s in passage.sentences if s.label]
    assert rendered == [identity for group in ids.values() for identity in group]


def test_the_wording_of_tool_2_stands_in_its_lines() -> None:
    """Each question's words are found, complete and in order, in exactly the source lines it names."""
    data = yaml.safe_load((CORPUS / "tools" / "tool-2.yaml").read_text(encoding="utf-8"))
    lines = source_lines(CORPUS, "silk-2022")
    checked = 0
    for leaf in leaves_in(data["categories"]):
        source = SourceLetters(lines, [LineRange(*leaf["lines"])])
        assert align_anywhere(leaf["text"], source, set()).ratio == 1.0, leaf
        checked += 1
    box_2_1_words_five_of_them_again = 5
    assert checked == 78 + 6 + box_2_1_words_five_of_them_again


def test_five_questions_are_marked_as_specific_to_the_social_economy() -> None:
    """The papers name five such questions; the others are not known to be, and say nothing."""
    data = yaml.safe_load((CORPUS / "tools" / "tool-2.yaml").read_text(encoding="utf-8"))
    marks = [q.get("sse_specific") for category in data["categories"] for q in category["questions"]]
    assert marks.count(True) == 5
    assert marks.count(None) == 73


def test_the_hash_of_the_corpus_is_stable() -> None:
    """The same files give the same hash: an index is not built again for nothing."""
    assert corpus_hash(CORPUS) == corpus_hash(CORPUS)
