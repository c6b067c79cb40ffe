"""Read the editors' questions: what people might ask that a passage answers, and which of its sentences do.

They help to find the passage and the sentences, and are never shown. Questions that the papers do not answer help to
say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from silk_rag.documents import Passage
from silk_rag.errors import CorpusInvalid
from silk_rag.yaml_text import read_yaml


@dataclass(frozen=True, slots=True)
class EditorsQuestion:
    """A question and the numbers, from 1, of the sentences of its passage that answer it, best first.

    No numbers: the editors name no sentence, or the passage has only one. Authors are numbered; the first three are not
    told apart.
    """

    text: str
    answered_by: tuple[int, ...] = ()
    author: int | None = None


def questions_by_passage(folder: Path) -> dict[str, tuple[EditorsQuestion, ...]]:
    """Questions by passage id; none when there is no such folder. Raises CorpusInvalid, naming the file."""
    questions: dict[str, tuple[EditorsQuestion, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            rows: list[dict[str, Any]] = read_yaml(path.read_text(encoding="utf-8")) or []
            questions.update((row["passage"], tuple(map(_question, row["questions"]))) for row in rows)
        except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
            raise CorpusInvalid(f"{path}: each entry needs a passage id and a list of questions ({error}).") from error
    return questions


def read_unanswered(path: Path) -> tuple[str, ...]:
    """Questions that the papers do not answer; none when there is no such file. Raises CorpusInvalid, naming it."""
    if not path.exists():
        return ()
    try:
        groups: dict[str, list[str]] = read_yaml(path.read_text(encoding="utf-8")) or {}
        return tuple(str(question) for group in groups.values() for question in group)
    except (yaml.YAMLError, AttributeError, TypeError) as error:
        raise CorpusInvalid(f"{path}: it needs groups of questions, each a list ({error}).") from error


def _question(entry: object) -> EditorsQuestion:
    """A bare text, or `{ask: text, by: [numbers], author: number}`, the last two as far as they are known."""
    if not isinstance(entry, dict):
        return EditorsQuestion(str(entry))
    return EditorsQuestion(str(entry["ask"]), tuple(int(n) for n in entry.get("by", ())), entry.get("author"))


def answering_sentences(
    passages: Sequence[Passage], questions: Mapping[str, Sequence[EditorsQuestion]]
) -> list[tuple[int, int, int]]:
    """(question, sentence, place) for every sentence that answers a question; place 0 is the best.

    Questions and sentences are numbered through, in the order of the passages. Raises CorpusInvalid for a sentence
    that is not there.
    """
    found: list[tuple[int, int, int]] = []
    asked = first = 0
    for passage in passages:
        for question in questions.get(passage.id, ()):
            only = (1,) if len(passage.sentences) == 1 else ()
            for place, number in enumerate(question.answered_by or only):
                if not 1 <= number <= len(passage.sentences):
                    raise CorpusInvalid(
                        f"{passage.id} has {len(passage.sentences)} sentences; {question.text!r} names number {number}."
                    )
                found.append((asked, first + number - 1, place))
            asked += 1
        first += len(passage.sentences)
    return found
