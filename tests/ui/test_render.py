"""What a chat bubble shows: the words as they are, and nothing that runs, loads or leaves."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silk_rag.answering.answer import Abstention, Answer, AnswerSentence, Citation
from silk_rag.answering.attribution import place_name
from silk_rag.bootstrap import Services
from silk_rag.documents import Document, Heading, Passage, Sentence, SourceSpan
from silk_rag.retrieval.retriever import Retrieved
from tests.ui.conftest import XSS
from ui import render
from ui.plain import answer_plain

ALLOWED_TAGS = {
    "div", "p", "ul", "li", "br", "em", "strong", "mark", "q", "span", "a", "h4", "details", "summary",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn")), max_size=200)


class _Tags(HTMLParser):
    """Collects tags, attributes, the text, and the text inside <mark>."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.marked = ""
        self._in_mark = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)
        self._in_mark = self._in_mark or tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = self._in_mark and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.words += data
        self.marked += data if self._in_mark else ""


def _passage(text: str, *, title: str = "A title", heading: str = "A heading", at: int = 0) -> Passage:
    return Passage(
        id=f"p{at}",
        document_id="foreword",
        document_title=title,
        kind="paper",
        heading_path=(Heading(heading), Heading("Ours", editorial=True)),
        text=text,
        start=0,
        sentences=(Sentence(0, len(text)),),
        source=SourceSpan("silk-2022.txt", 10, 12),
    )


def _documents(*passages: Passage) -> dict[str, Document]:
    return {"foreword": Document("foreword", "A title", "paper", "", passages, "silk-2022")}


def _squeezed(text: str) -> str:
    return re.sub(r"[\s●►•▪-]", "", text)


@given(PRINTABLE)
def test_text_is_shown_as_typed(text: str) -> None:
    """Whatever is typed comes out as the same text, with no tag and no sign that Markdown reads."""
    shown = render.as_text(text)
    assert html.unescape(shown) == text
    assert not re.search(r"[<>*_`\[\]()!$\\~|]", shown)
    assert "://" not in shown


def test_characters_nobody_sees_are_dropped() -> None:
    """Tag characters, direction overrides, zero-width marks and control characters do not reach the page."""
    hidden = "a\U000e0041\u202e\u200b\x07b"
    assert render.as_text(hidden) == "ab"


@pytest.mark.parametrize("attack", XSS)
def test_attacks_are_text_everywhere(attack: str) -> None:
    """An attack in a document, a title, a heading, a question or an answer stays text in every kind of message."""
    passage = _passage(attack, title=attack, heading=attack)
    documents = _documents(_passage(attack, at=1), passage, _passage(attack, at=2))
    answer = Answer(
        question=attack,
        markdown=attack,
        mode="extractive",
        language="en",
        sentences=(AnswerSentence(attack, (1,), attack), AnswerSentence(attack, (1,), "other " + attack)),
        citations=(Citation(1, passage, 0, len(attack)),),
        retrieved=(),
    )
    near = (Retrieved(passage, 1.0),)
    abstention = Abstention(
        question=attack,
        reason="off-topic",
        markdown=attack,
        language="en",
        retrieved=near,
        nearest=near,
        suggestions=(attack,),
    )
    messages = [
        render.answer_message(answer, documents, anchor="a"),
        render.abstention_message(abstention, documents),
        render.notice_message(attack),
        render.person_message(attack),
    ]
    for message in messages:
        found = _Tags(message)
        assert set(found.tags) <= ALLOWED_TAGS
        assert {name for name, _ in found.attributes} <= {"class", "id", "href"}
        assert all((value or "").startswith("#a-") for name, value in found.attributes if name == "href")
        assert "\n" not in message
        assert not re.search(r"!\[|\]\(|\$\$|://", message)


@pytest.mark.parametrize("attack", XSS)
def test_markdown_of_the_program_brings_no_attack(attack: str) -> None:
    """A reply or report with an attack in it has no tag, no image, no link and no formula left."""
    shown = render.safe_markdown(f"**Noted**\n\n| a | b |\n|---|---|\n\n> {attack}")
    assert "**Noted**" in shown
    assert not re.search(r"<|\[|\$\$|://", shown)


def test_quote_is_marked_at_its_offsets() -> None:
    """The marked words are those of `text[start:end]`, also across paragraphs and list items."""
    text = "First words here.\n\n● One item & more\n\n● Two <items>\n\nLast words."
    start, end = text.index("words"), text.index("<items>") + len("<items>")
    found = _Tags(render.marked(text, start, end))
    assert _squeezed(found.marked) == _squeezed(text[start:end])
    assert _squeezed(found.words) == _squeezed(text)


def test_every_sentence_of_the_corpus_can_be_marked(services: Services) -> None:
    """For every sentence of every real passage the mark holds its words, and the passage is shown whole."""
    for passage in services.snapshot.passages:
        for sentence in passage.sentences:
            found = _Tags(render.marked(passage.text, sentence.start, sentence.end))
            assert _squeezed(found.marked) == _squeezed(passage.quote(sentence))
            assert _squeezed(found.words) == _squeezed(passage.text)


def test_source_shows_place_path_surroundings_and_lines(services: Services) -> None:
    """An opened source names its place and lines, has editorial headings in italics, and its neighbours around it."""
    document = services.snapshot.documents["executive-summary"]
    passage = document.passages[1]
    sentence = passage.sentences[0]
    block = render.citation_block(
        Citation(3, passage, sentence.start, sentence.end), services.snapshot.documents, anchor="x"
    )
    assert block.startswith('<details class="silk-source" id="x-3"><summary>')
    words = _Tags(block).words
    assert f"[3] {place_name(passage)} — " in words
    assert f"silk-2022.txt, {passage.source.place} · © OECD 2022" in words
    assert document.passages[0].text[-40:].split()[-1] in words
    assert document.passages[2].text.split()[0] in words
    for heading in passage.heading_path:
        assert ("<em>" + render.as_text(heading.text) in block) == heading.editorial


def test_first_and_last_passage_have_one_neighbour(services: Services) -> None:
    """Nothing is shown before the first passage of a document or after its last one."""
    documents = services.snapshot.documents
    passages = documents["executive-summary"].passages
    assert render.surroundings(passages[0], documents)[0] == ""
    assert render.surroundings(passages[-1], documents)[1] == ""


def test_marks_of_an_answer_lead_to_its_sources() -> None:
    """Each [n] of an answer links to the source of that number, and only to it."""
    passage = _passage("Some words. More words.")
    answer = Answer(
        question="q",
        markdown="",
        mode="extractive",
        language="en",
        sentences=(AnswerSentence("Some words.", (1,)), AnswerSentence("More words.", (2,), "Foreword")),
        citations=(Citation(1, passage, 0, 11), Citation(2, passage, 12, 23)),
        retrieved=(),
    )
    message = render.answer_message(answer, _documents(passage), anchor="m7")
    assert re.findall(r'href="#([^"]+)"', message) == ["m7-1", "m7-2"]
    assert re.findall(r'<details class="silk-source" id="([^"]+)"', message) == ["m7-1", "m7-2"]
    assert _Tags(message).words.startswith("Some words. [1]Foreword: More words. [2]")


def test_plain_answer_carries_its_sources() -> None:
    """What is copied holds the answer, each quote with place and lines, and the copyright line."""
    passage = _passage("Some words.")
    answer = Answer(
        "Why?", "", "extractive", "en", (AnswerSentence("Some words.", (1,)),), (Citation(1, passage, 0, 11),), ()
    )
    plain = answer_plain(answer)
    assert plain.startswith("Why?\n\nSome words. [1]\n")
    assert "[1] Foreword, Ours, A title: “Some words.” (silk-2022.txt, lines 10-12 · © OECD 2022)" in plain


def test_progress_is_told_to_everybody() -> None:
    """Progress is a sentence, a bar that screen readers understand, and counts by part."""
    progress = {
        "answered": 3, "skipped": 1, "remaining": 4, "total": 8, "minutes_left": 2,
        "by_category": {"A": {"answered": 3, "total": 4}, "B": {"answered": 0, "total": 4}},
    }  # fmt: skip
    bar = render.progress_bar(progress)
    assert "3 of 8 answered · 1 skipped · about 2 min left" in bar
    assert 'role="progressbar"' in bar
    assert 'aria-valuenow="4"' in bar
    assert "width:50%" in bar
    assert "A 3/4" in bar
