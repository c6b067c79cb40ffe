"""Cut a document into passages along its headings: 40 to 180 words where its sentences allow, never within one.

A section that is too short goes with its neighbour under the same heading; the heading between them then stands in the
passage's text, but is no sentence of it and is never quoted as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.markdown import passage_id
from ingest.own.blocks import Block, ParsedFile
from ingest.sentences import sentences_of
from silk_rag.documents import Document, Heading, Passage, Sentence, SourceSpan

SHORTEST_WORDS = 40
LONGEST_WORDS = 180
#: Raised by one when this file cuts differently: indexes are then built again.
PASSAGES_VERSION = 1
_BETWEEN_BLOCKS = "\n\n"


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some sentences of one block, which stay together: `text[start:end]` of the document."""

    start: int
    end: int
    words: int
    sentences: tuple[Sentence, ...]
    block: Block


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage in the making: it begins at `begin`, and its own heading, where it is the first below, at `above`."""

    path: tuple[str, ...]
    above: int
    begin: int
    pieces: tuple[_Piece, ...]

    @property
    def words(self) -> int:
        return sum(piece.words for piece in self.pieces)


def document_from(parsed: ParsedFile, *, identity: str, name: str, title: str, language: str) -> Document:
    """The document of a file, with its passages. `name` is the file's, and is what citations show."""
    text, drafts = _drafts(parsed.blocks, title, language)
    template = SourceSpan(name, 0, 0, parsed.unit)
    passages = tuple(_with_ids(_passage(draft, text, identity, title, template) for draft in _merged(drafts)))
    return Document(identity, title, "own", text, passages, name)


def size_in_words(text: str) -> int:
    """How long a text is, in words; in scripts without spaces twelve letters count as one."""
    return max(len(text.split()), len(text) // 12)


def _drafts(blocks: Sequence[Block], title: str, language: str) -> tuple[str, list[_Draft]]:
    """The document's text, and every section divided into drafts."""
    text = ""
    path: list[tuple[int, str]] = []
    above: int | None = None
    section: list[_Piece] = []
    drafts: list[_Draft] = []
    for block in blocks:
        start = len(text) + len(_BETWEEN_BLOCKS) if text else 0
        text += (_BETWEEN_BLOCKS if text else "") + block.text
        if block.kind != "heading":
            section.extend(_pieces(block, start, language))
            continue
        drafts.extend(_divided(section, path, above))
        above, section = start, []
        path = [step for step in path if step[0] < block.level]
        if _letters(block.text) != _letters(title):
            path.append((block.level, block.text))
    drafts.extend(_divided(section, path, above))
    return text, drafts


def _pieces(block: Block, start: int, language: str) -> Iterator[_Piece]:
    """A block, in as many pieces as it takes for each to be short enough."""
    sentences = _sentences(block, start, language)
    part: list[Sentence] = []
    for sentence in sentences:
        if part and size_in_words(block.text[part[0].start - start : sentence.end - start]) > LONGEST_WORDS:
            yield _piece(block, part, start, whole=len(part) == len(sentences))
            part = []
        part.append(sentence)
    if part:
        yield _piece(block, part, start, whole=len(part) == len(sentences))


def _piece(block: Block, sentences: Sequence[Sentence], start: int, *, whole: bool) -> _Piece:
    """With `whole` the block's item mark, which no sentence holds, belongs to the piece."""
    first, last = (start, start + len(block.text)) if whole else (sentences[0].start, sentences[-1].end)
    words = size_in_words(block.text[first - start : last - start])
    return _Piece(first, last, words, tuple(sentences), block)


def _sentences(block: Block, start: int, language: str) -> list[Sentence]:
    if not block.cells:
        return sentences_of(block.text, offset=start, language=language)
    sentences: list[Sentence] = []
    for cell in block.cells:
        own = sentences_of(cell.text, offset=start, language=language)
        sentences.extend(replace(sentence, label=cell.label) for sentence in own)
        start += len(cell.text) + 1
    return sentences


def _divided(section: Sequence[_Piece], path: Sequence[tuple[int, str]], above: int | None) -> Iterator[_Draft]:
    """Drafts of about equal length from the pieces of a section."""
    if not section:
        return
    headings = tuple(text for _, text in path)
    total = sum(piece.words for piece in section)
    target = total / -(-total // LONGEST_WORDS) if total else 1.0
    begin = section[0].start
    above = begin if above is None else above
    part: list[_Piece] = []
    size = 0
    for piece in section:
        if part and (size + piece.words > LONGEST_WORDS or size + piece.words / 2 > target):
            yield _Draft(headings, above, begin, tuple(part))
            part, size, begin, above = [], 0, piece.start, piece.start
        part.append(piece)
        size += piece.words
    yield _Draft(headings, above, begin, tuple(part))


def _merged(drafts: Sequence[_Draft]) -> Iterator[_Draft]:
    """Drafts with those that are too short put to a neighbour under the same heading."""
    current: _Draft | None = None
    for draft in drafts:
        if current is not None and _belong_together(current, draft):
            path = _common(current.path, draft.path)
            # The first one's own heading, when it is no longer in the path, stands in the text like the second one's.
            begin = current.begin if path == current.path else current.above
            current = _Draft(path, begin, begin, (*current.pieces, *draft.pieces))
            continue
        if current is not None:
            yield current
        current = draft
    if current is not None:
        yield current


def _belong_together(one: _Draft, other: _Draft) -> bool:
    """Whether one of two neighbours is too short, both fit into a passage, and they stand under one heading."""
    too_short = min(one.words, other.words) < SHORTEST_WORDS
    common = len(_common(one.path, other.path))
    related = common >= max(len(one.path), len(other.path)) - 1
    return too_short and related and one.words + other.words <= LONGEST_WORDS


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return one[:count]


def _passage(draft: _Draft, text: str, identity: str, title: str, span: SourceSpan) -> Passage:
    start, end = draft.begin, draft.pieces[-1].end
    return Passage(
        id=identity,
        document_id=identity,
        document_title=title,
        kind="own",
        heading_path=tuple(Heading(heading) for heading in draft.path),
        text=text[start:end],
        start=start,
        sentences=tuple(
            replace(sentence, start=sentence.start - start, end=sentence.end - start)
            for piece in draft.pieces
            for sentence in piece.sentences
        ),
        source=replace(
            span,
            first_line=min(piece.block.first for piece in draft.pieces),
            last_line=max(piece.block.last for piece in draft.pieces),
        ),
    )


def _with_ids(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Ids that stay as long as the text does; a text that stands in a document again is counted."""
    seen: Counter[str] = Counter()
    for passage in passages:
        again = seen[passage.text]
        seen[passage.text] += 1
        counted = f"{passage.text}\0{again}" if again else passage.text
        yield replace(passage, id=passage_id(passage.document_id, counted))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
