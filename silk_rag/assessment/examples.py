"""Example answers, from `example-answers.yaml`: how people tell what they could have answered with a word."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from silk_rag.assessment.questionnaire import Question, Questionnaire
from silk_rag.errors import CorpusInvalid

EXAMPLES_FILE = "example-answers.yaml"
YES_NO_VALUES = ("yes", "partly", "no", "too_early")
LEVELS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, the question it answers, and the value it gives."""

    question_id: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Examples:
    """All examples, and sentences that answer nothing."""

    answers: tuple[Example, ...]
    none: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every sentence once."""
        return tuple(dict.fromkeys((*(example.text for example in self.answers), *self.none)))


def file_hash(tools: Path) -> str:
    """What names a version of the examples. Raises CorpusInvalid when the file is missing."""
    return hashlib.sha256(_content(tools).encode()).hexdigest()


def load_examples(tools: Path, grid: Questionnaire) -> Examples:
    """Read and check the examples. Raises CorpusInvalid naming the question and the value that do not fit."""
    try:
        content = yaml.safe_load(_content(tools))
        answers = tuple(_examples(content["answers"], grid))
        none = tuple(_text(each, "none") for each in content["none"])
    except yaml.YAMLError as error:
        raise CorpusInvalid(f"{EXAMPLES_FILE} is not valid YAML: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise CorpusInvalid(
            f"{EXAMPLES_FILE}: `answers` or `none` is missing or has the wrong shape ({error})."
        ) from error
    return Examples(answers, none)


def values_of(question: Question) -> tuple[str, ...]:
    """The values that a question's examples may give; none where a number or free words are asked."""
    if question.kind == "yes_no":
        return YES_NO_VALUES
    return LEVELS if question.kind == "level" else tuple(option.key for option in question.options)


def _content(tools: Path) -> str:
    try:
        return (tools / EXAMPLES_FILE).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CorpusInvalid(f"{EXAMPLES_FILE} is missing from {tools}; restore it from the repository.") from error


def _examples(answers: Mapping[str, Any], grid: Questionnaire) -> Iterator[Example]:
    for question_id, by_value in answers.items():
        question = grid.by_id.get(question_id)
        if question is None:
            raise CorpusInvalid(f"{EXAMPLES_FILE}: there is no question {question_id}; remove it.")
        for value, sentences in by_value.items():
            if value not in values_of(question):
                raise CorpusInvalid(
                    f"{EXAMPLES_FILE}, {question_id}: {value!r} is none of its values; put it in quotes."
                )
            yield from (Example(question_id, value, _text(each, f"{question_id}, {value}")) for each in sentences)


def _text(sentence: object, place: str) -> str:
    if not isinstance(sentence, str) or not sentence.strip():
        raise CorpusInvalid(f"{EXAMPLES_FILE}, {place}: {sentence!r} is no text; put it in quotes.")
    return sentence
