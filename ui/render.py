"""From values to what a chat bubble shows: HTML in which every word from outside is text and nothing else.

Gradio's chat turns Markdown into HTML and lets images load. So words of documents, of questions and of models never
reach it as they are: `as_text` encodes every sign that Markdown or HTML could read, and messages are written as one
line of HTML around it. `<details>`, `<mark>` and classes pass Gradio's sanitizer, which stays switched on.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from silk_rag.answering.answer import Abstention, Answer, AnswerSentence, Citation, Comparison
from silk_rag.answering.attribution import place_name
from silk_rag.answering.layout import table_of
from silk_rag.answering.phrases import phrases_in
from silk_rag.documents import Document, Heading, Passage

COPYRIGHT = "© OECD 2022"
SUMMARY_WORDS = 9
SURROUNDING_CHARACTERS = 220
_LIST_MARK = re.compile(r"^(?:[●►•▪]|-(?=\s))\s*")
#: Every ASCII sign but , ; and ' can mean something to Markdown or HTML.
_SIGNS = re.compile(r"[!-&(-+\--/:<-@\[-`{-~]")
_JOINERS = "\u200c\u200d"  # some scripts need them


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or list item of a text: `text[start:end]` without its list mark."""

    start: int
    end: int
    is_item: bool


def as_text(text: str) -> str:
    """Text that stays text in HTML and in Markdown; line ends become <br>, characters nobody sees are dropped."""
    lines = ("".join(filter(_is_visible, line.replace("\t", " "))) for line in text.splitlines())
    return "<br>".join(_SIGNS.sub(lambda sign: f"&#{ord(sign.group())};", line) for line in lines)


def _is_visible(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def safe_markdown(markdown: str) -> str:
    """Markdown of the program's own, with nothing in it that fetches, links or brings its own HTML.

    Replies of the self-assessment and reports are Markdown with a person's words in them. Headings, bold, lists, tables
    and quotes keep their meaning; tags, images, links and formulas lose it.
    """
    neutral = markdown.translate({ord("<"): "&lt;", ord("["): "&#91;", ord("$"): "&#36;", ord("`"): "&#96;"})
    return neutral.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;")


def answer_message(answer: Answer, documents: Mapping[str, Document], *, anchor: str) -> str:
    """An answer with its sources below it. `anchor` must be another one for each message of a conversation."""
    own = len(answer.sentences) - answer.otherwise
    table = answer.comparison
    first = min((at for row in table.rows for at in row.cells if at is not None), default=own) if table else own
    parts = [_following(answer.following), _paragraphs(answer.sentences[:first], anchor)]
    if table:
        parts.append(_table(table, answer, anchor))
    if answer.otherwise:
        parts.append(_aside(phrases_in(answer.language)["otherwise"]))
        parts.extend(_paragraph([each], _lead(each.attribution), anchor) for each in answer.sentences[own:])
    parts.extend(_aside(line) for line in (answer.basis, answer.notice) if line)
    said = f'<div class="silk-answer">{"".join(parts)}</div>'
    return said + sources_section(answer.citations, documents, anchor=anchor)


def _table(comparison: Comparison, answer: Answer, anchor: str) -> str:
    """What the papers say side by side, each cell with its marks."""
    phrases = phrases_in(answer.language)
    columns, rows = table_of(comparison, phrases["from-text"])
    head = "".join(f'<th scope="col">{as_text(name)}</th>' for name in ("", *columns))
    lines = "".join(
        f'<tr><th scope="row">{as_text(heading)}</th>'
        + "".join(
            # On a phone the columns stand below each other, and each cell says whose it is.
            f'<td><span class="silk-column">{as_text(name)}</span>'
            f"{_cell(answer, at, phrases['not-reported'], anchor)}</td>"
            for name, at in zip(columns, cells, strict=True)
        )
        + "</tr>"
        for heading, cells in rows
    )
    return f'<table class="silk-comparison"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'


def _cell(answer: Answer, at: int | None, empty: str, anchor: str) -> str:
    if at is None:
        return f'<span class="silk-empty">{as_text(empty)}</span>'
    sentence = answer.sentences[at]
    lines = "<br>".join(as_text(sentence.text[b.start : b.end]) for b in blocks_of(sentence.text))
    return f"{lines} {_marks(sentence.citations, anchor)}"


def _aside(line: str) -> str:
    """A line of the assistant's own."""
    return f'<p class="silk-context">{as_text(line)}</p>'


def _lead(speaker: str | None) -> str:
    return f"<strong>{as_text(speaker)}&#58;</strong> " if speaker else ""


def _following(question: str | None) -> str:
    """The earlier question that this one was read with, so that a wrong reading is seen."""
    return _aside(f"Read as following “{question}”.") if question else ""


def sources_section(citations: Sequence[Citation], documents: Mapping[str, Document], *, anchor: str) -> str:
    """The citations of a message, each to be opened."""
    blocks = (citation_block(citation, documents, anchor=anchor) for citation in citations)
    return f'<div class="silk-sources"><h4>Sources</h4>{"".join(blocks)}</div>'


def linked_marks(safe: str, citations: Sequence[Citation], *, anchor: str) -> str:
    """Markdown that went through `safe_markdown`, with each [n] that is a citation's linked to its source."""
    numbers = {citation.number for citation in citations}

    def linked(mark: re.Match[str]) -> str:
        number = int(mark.group(1))
        return _marks([number], anchor) if number in numbers else mark.group()

    return re.sub(r"&#91;(\d{1,3})\]", linked, safe)


def abstention_message(abstention: Abstention, documents: Mapping[str, Document]) -> str:
    """That the papers do not say, and what lies nearest, to be opened."""
    message = abstention.markdown.split("\n\n", 1)[0]
    near = "".join(passage_block(found.passage, documents) for found in abstention.nearest)
    topics = f"<h4>The nearest topics in the papers</h4>{near}" if near else ""
    ask = "<p>You could ask one of these instead:</p>" if abstention.suggestions else ""
    context = _following(abstention.following)
    return f'<div class="silk-abstention">{context}<p class="silk-lead">{as_text(message)}</p>{topics}{ask}</div>'


def notice_message(text: str) -> str:
    """Something that went wrong, in words for the person."""
    return f'<div class="silk-notice">{as_text(text)}</div>'


def person_message(text: str) -> str:
    """What the person typed, as typed."""
    return f'<div class="silk-said">{as_text(text.strip())}</div>'


def citation_block(citation: Citation, documents: Mapping[str, Document], *, anchor: str) -> str:
    """A citation: closed it shows its place and first words, open the whole passage with the quote marked."""
    label = f"{as_text(place_name(citation.passage))} — <q>{as_text(first_words(citation.quote))}</q>"
    number = f'<span class="silk-number">&#91;{citation.number}&#93;</span>'
    inside = _inside(citation.passage, documents, quote=(citation.start, citation.end))
    return (
        f'<details class="silk-source" id="{anchor}-{citation.number}">'
        f"<summary>{number} {label}</summary>{inside}</details>"
    )


def passage_block(passage: Passage, documents: Mapping[str, Document]) -> str:
    """A passage that answers nothing but lies near."""
    label = f"{as_text(place_name(passage))} — {as_text(first_words(passage.text))}"
    return f'<details class="silk-source"><summary>{label}</summary>{_inside(passage, documents)}</details>'


def _inside(passage: Passage, documents: Mapping[str, Document], quote: tuple[int, int] = (0, 0)) -> str:
    before, after = surroundings(passage, documents)
    place = f"{passage.source.file_name}, {passage.source.place}{copyright_of(passage)}"
    return (
        f'<p class="silk-path">{heading_path(passage)}</p>'
        f"{_surrounding(before)}"
        f'<div class="silk-passage">{marked(passage.text, *quote)}</div>'
        f"{_surrounding(after)}"
        f'<p class="silk-lines">{as_text(place)}</p>'
    )


def copyright_of(passage: Passage) -> str:
    """The papers' copyright line; documents that the people here added have none."""
    return "" if passage.kind == "own" else f" · {COPYRIGHT}"


def heading_path(passage: Passage) -> str:
    """Document title and headings; those that are not the papers' own are in italics."""
    steps = [Heading(passage.document_title), *passage.heading_path]
    if len(steps) > 1 and steps[0].text == steps[1].text:
        del steps[0]
    return " \u203a ".join(f"<em>{as_text(step.text)}</em>" if step.editorial else as_text(step.text) for step in steps)


def surroundings(passage: Passage, documents: Mapping[str, Document]) -> tuple[str, str]:
    """The end of the passage before it in its document, the beginning of the one after it; "" where there is none."""
    document = documents.get(passage.document_id)
    neighbours = document.passages if document else ()
    place = next((at for at, each in enumerate(neighbours) if each.id == passage.id), None)
    if place is None:
        return "", ""
    before = neighbours[place - 1].text if place else ""
    after = neighbours[place + 1].text if place + 1 < len(neighbours) else ""
    return _last_part(before), _first_part(after)


def _surrounding(text: str) -> str:
    return f'<p class="silk-around">{as_text(text)}</p>' if text else ""


def _first_part(text: str) -> str:
    flat = " ".join(text.split())
    if len(flat) <= SURROUNDING_CHARACTERS:
        return flat
    return flat[:SURROUNDING_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _last_part(text: str) -> str:
    flat = " ".join(text.split())
    if len(flat) <= SURROUNDING_CHARACTERS:
        return flat
    return "… " + flat[-SURROUNDING_CHARACTERS:].split(" ", 1)[-1]


def first_words(text: str, most: int = SUMMARY_WORDS) -> str:
    """The beginning of a text in one line, with … where it goes on."""
    words = re.sub(r"[●►•▪]", " ", _LIST_MARK.sub("", text)).lstrip(" “\"‘'").split()
    return " ".join(words[:most]) + (" …" if len(words) > most else "")


def marked(text: str, start: int, end: int) -> str:
    """The text as paragraphs and lists, `text[start:end]` in <mark>; a mark ends and begins again at a paragraph."""
    pieces = ((block.is_item, _marked_block(text, block, start, end)) for block in blocks_of(text))
    return _as_html(pieces)


def _marked_block(text: str, block: Block, start: int, end: int) -> str:
    first, last = max(block.start, start), min(block.end, end)
    if first >= last:
        return as_text(text[block.start : block.end])
    before, quoted, after = text[block.start : first], text[first:last], text[last : block.end]
    return f"{as_text(before)}<mark>{as_text(quoted)}</mark>{as_text(after)}"


def blocks_of(text: str) -> Iterator[Block]:
    """Paragraphs and list items, in order; together they hold every word. A blank line parts paragraphs."""
    for found in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        for line in re.finditer(r"[^\n]*\S", found.group()):
            start = found.start() + line.start()
            mark = _LIST_MARK.match(line.group().lstrip())
            skipped = len(line.group()) - len(line.group().lstrip()) + (mark.end() if mark else 0)
            yield Block(start + skipped, found.start() + line.end(), mark is not None)


def _as_html(pieces: Iterator[tuple[bool, str]]) -> str:
    parts = []
    for is_item, group in groupby(pieces, key=lambda piece: piece[0]):
        tag = "li" if is_item else "p"
        inner = "".join(f"<{tag}>{content}</{tag}>" for _, content in group)
        parts.append(f"<ul>{inner}</ul>" if is_item else inner)
    return "".join(parts)


def _paragraphs(sentences: Sequence[AnswerSentence], anchor: str) -> str:
    """The first sentence alone; then a paragraph a speaker, who is named where another one begins."""
    first = sentences[0] if sentences else None
    parts = [_paragraph(sentences[:1], _lead(first.attribution) if first and first.needs_place else "", anchor)]
    speaker = sentences[0].attribution if sentences else None
    for name, group in groupby(sentences[1:], key=lambda sentence: sentence.attribution):
        lead = _lead(name) if name != speaker else ""
        parts.append(_paragraph(list(group), lead, anchor))
        speaker = name
    return "".join(parts)


def _paragraph(sentences: Sequence[AnswerSentence], lead: str, anchor: str) -> str:
    pieces: list[tuple[bool, str]] = []
    for sentence in sentences:
        new = [(block.is_item, as_text(sentence.text[block.start : block.end])) for block in blocks_of(sentence.text)]
        new[-1] = (new[-1][0], f"{new[-1][1]} {_marks(sentence.citations, anchor)}")
        if pieces and len(new) == 1 and not new[0][0] and not pieces[-1][0]:
            pieces[-1] = (False, f"{pieces[-1][1]} {new[0][1]}")
        else:
            pieces.extend(new)
    if pieces:
        pieces[0] = (pieces[0][0], lead + pieces[0][1])
    return _as_html(iter(pieces))


def _marks(numbers: Sequence[int], anchor: str) -> str:
    return " ".join(f'<a class="silk-mark" href="#{anchor}-{number}">&#91;{number}&#93;</a>' for number in numbers)


def progress_bar(progress: Mapping[str, Any]) -> str:
    """How far the self-assessment is: a sentence, a bar, and the parts. Holds numbers and part letters only."""
    answered, skipped, total = (int(progress[key]) for key in ("answered", "skipped", "total"))
    said = f"{answered} of {total} answered"
    said += f" · {skipped} skipped" if skipped else ""
    said += f" · about {int(progress['minutes_left'])} min left" if progress["remaining"] else " · nothing left open"
    share = round(100 * (answered + skipped) / total) if total else 0
    parts = "".join(
        f"<li>{html.escape(str(letter))} {int(counts['answered'])}/{int(counts['total'])}</li>"
        for letter, counts in progress["by_category"].items()
    )
    return (
        f'<div class="silk-progress"><p>{said}</p>'
        '<div role="progressbar" aria-label="Progress of the self-assessment" aria-valuemin="0" '
        f'aria-valuemax="{total}" aria-valuenow="{answered + skipped}" aria-valuetext="{said}">'
        f'<div style="width:{share}%"></div></div>'
        f'<ul aria-label="Answered in each part">{parts}</ul></div>'
    )
