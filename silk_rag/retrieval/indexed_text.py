"""What of a passage is embedded and indexed: its text in the context of its headings.

Headings and labels help to find a passage (a table cell says little without its column) but are never quoted.
"""

from __future__ import annotations

from silk_rag.documents import Passage, Sentence


def place_of(passage: Passage) -> str:
    """The document's title and the heading path, as one line."""
    return " > ".join((passage.document_title, *(heading.text for heading in passage.heading_path)))


def passage_text(passage: Passage) -> str:
    """What is embedded for a passage."""
    return f"{place_of(passage)}\n{passage.text}"


def sentence_text(passage: Passage, sentence: Sentence) -> str:
    """What is embedded for a sentence: itself after the nearest heading and its label."""
    heading = passage.heading_path[-1].text if passage.heading_path else ""
    return ": ".join(part for part in (heading, sentence.label, passage.quote(sentence)) if part)


def keyword_text(passage: Passage) -> str:
    """What keyword search sees of a passage."""
    labels = " ".join(sentence.label for sentence in passage.sentences if sentence.label)
    return f"{place_of(passage)}\n{labels}\n{passage.text}"
