"""Tool 2 as a questionnaire: the printed questions and, beside them, how each is asked and how its answer is read.

The printed wordings come from `tool-2.yaml`; kinds, explanations and the wordings as questions are the editors' and
come from `tool-2-guide.yaml`. The two files share nothing but the question ids. Other languages: `translations`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast, get_args

import yaml

from silk_rag.assessment.normalise import normalise
from silk_rag.assessment.translations import TRANSLATIONS_FILE, Translation, translated
from silk_rag.documents import SourceSpan
from silk_rag.errors import CorpusInvalid, InvalidInput
from silk_rag.yaml_text import read_yaml

AnswerKind = Literal["yes_no", "choice", "level", "percent", "duration", "text"]
Favourable = Literal["yes", "no", "neutral"]
Reading = Literal["favourable", "unfavourable", "mixed", "neutral"]
Mode = Literal["retrospective", "planning"]

TOOL_FILE = "tool-2.yaml"
GUIDE_FILE = "tool-2-guide.yaml"
SOURCE_FILE = "silk-2022.txt"
YES_NO: Mapping[str | int, str] = {"yes": "yes", "partly": "partly", "no": "no", "too_early": "too early to tell"}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. `combines` marks the option that stands for several of the others ("both", "a mixture")."""

    key: str
    label: str
    words: tuple[str, ...]
    reads: Reading = "neutral"
    combines: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Five levels: their labels, and the words (normalised) that mean one of them."""

    name: str
    labels: Mapping[int, str]
    words: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Question:
    """One of the 78. `text` is the paper's own; every other wording is the editors'.

    `sse_specific` is True for the five that Box 2.1 names and None elsewhere: the mark did not survive in print.
    """

    id: str
    category: str
    printed_number: int
    text: str
    source: SourceSpan
    sse_specific: bool | None
    kind: AnswerKind
    favourable: Favourable
    why: str
    planning: str
    as_question: str | None = None
    quick: bool = False
    options: tuple[Option, ...] = ()
    scale: Scale | None = None
    translations: Mapping[str, Translation] = field(default_factory=dict)

    def translation(self, language: str) -> Translation | None:
        """The question in a language (a BCP 47 tag), if it has been translated."""
        return self.translations.get(language.casefold().partition("-")[0])

    def wording(self, mode: Mode) -> str:
        """The question as it is put to the person."""
        if mode == "planning":
            return self.planning
        return self.as_question or self.text

    def answers(self, language: str = "en") -> Mapping[str | int, str]:
        """What its answers are called, under the keys they are stored by; empty where any words or number may come."""
        if (translation := self.translation(language)) is not None:
            return translation.answers
        if self.kind == "yes_no":
            return YES_NO
        if self.scale is not None:
            return {int(level): label for level, label in self.scale.labels.items()}
        return {option.key: option.label for option in self.options}

    def option(self, key: str) -> Option | None:
        """The option with this key."""
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True)
class Category:
    """A part of the grid, named as printed (in capitals)."""

    id: str
    name: str
    questions: tuple[Question, ...]

    @property
    def title(self) -> str:
        """The name in sentence case, for headings that need not shout."""
        return self.name.capitalize() if self.name.isupper() else self.name


@dataclass(frozen=True, slots=True)
class Walk:
    """Another tool, walked through in the same way: Tool 1's prompts, Tool 3's indicators."""

    id: str
    title: str
    parts: tuple[Category, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """The ids of its questions, as the tool has them."""
        return tuple(question.id for part in self.parts for question in part.questions)


@dataclass(frozen=True)
class Questionnaire:
    """The grid. `version` changes whenever an English wording, a kind or a reading does; `walks` are no part of it."""

    categories: tuple[Category, ...]
    version: str
    walks: tuple[Walk, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Every question under its id, in the grid's order."""
        return {question.id: question for category in self.categories for question in category.questions}

    @cached_property
    def category_by_id(self) -> Mapping[str, Category]:
        """Every category under its letter."""
        return {category.id: category for category in self.categories}

    @cached_property
    def every(self) -> Mapping[str, Question]:
        """Every question that can be asked under its id, those of the walks included."""
        walked = (question for walk in self.walks for part in walk.parts for question in part.questions)
        return {**self.by_id, **{question.id: question for question in walked}}

    @cached_property
    def every_part(self) -> Mapping[str, Category]:
        """Every category of the grid and every part of a walk under its id."""
        return {**self.category_by_id, **{part.id: part for walk in self.walks for part in walk.parts}}

    def walk(self, name: str) -> Walk | None:
        """The walk of this name."""
        return next((walk for walk in self.walks if walk.id == name), None)

    def walk_of(self, question_id: str) -> Walk | None:
        """The walk that a question belongs to; None for the grid's own."""
        return next((walk for walk in self.walks if question_id in walk.order), None)

    def in_scope(self, scope: str | Iterable[str]) -> tuple[str, ...]:
        """Question ids of a scope in the grid's order: "full", "quick" or category letters.

        Raises InvalidInput for anything else, naming what is allowed.
        """
        if scope == "full":
            return tuple(self.by_id)
        if scope == "quick":
            return tuple(question.id for question in self.by_id.values() if question.quick)
        letters = [scope] if isinstance(scope, str) else list(scope)
        unknown = [letter for letter in letters if letter not in self.category_by_id]
        if unknown or not letters:
            allowed = ", ".join(self.category_by_id)
            raise InvalidInput(f'A scope is "full", "quick" or a list of categories out of {allowed}.', field="scope")
        return tuple(question.id for question in self.by_id.values() if question.category in letters)


def load_questionnaire(tools: Path) -> Questionnaire:
    """Read the grid and its guide from the folder of tools. Raises CorpusInvalid naming file, place and fix."""
    grid, guide = read_mapping(tools / TOOL_FILE), read_mapping(tools / GUIDE_FILE)
    guided = {str(entry.get("id")): entry for entry in _list(guide, "questions", GUIDE_FILE)}
    scales = {name: _scale(name, entry) for name, entry in guide.get("scales", {}).items()}
    categories = tuple(_category(entry, guided, scales) for entry in _list(grid, "categories", TOOL_FILE))
    known = {question.id for category in categories for question in category.questions}
    if stray := sorted(set(guided) - known):
        raise CorpusInvalid(f"{GUIDE_FILE}: {', '.join(stray)} stand in no category of {TOOL_FILE}; remove them.")
    every = {question.id: question for category in categories for question in category.questions}
    every = translated(every, read_mapping(tools / TRANSLATIONS_FILE))
    categories = tuple(replace(each, questions=tuple(every[one.id] for one in each.questions)) for each in categories)
    digest = hashlib.sha256(json.dumps([grid, guide], sort_keys=True, default=str).encode()).hexdigest()
    # The walks are made of questions, and so is this module's grid: they can only be read once it is there.
    from silk_rag.assessment.walks import load_walks

    return Questionnaire(categories=categories, version=digest[:12], walks=load_walks(tools))


def read_mapping(path: Path) -> dict[str, Any]:
    """The top level of a YAML file. Raises CorpusInvalid naming the file when it is missing or something else."""
    try:
        content = read_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CorpusInvalid(f"{path.name} is missing from {path.parent}; restore it from the repository.") from error
    except yaml.YAMLError as error:
        raise CorpusInvalid(f"{path.name} is not valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise CorpusInvalid(f"{path.name}: the top level must be a mapping.")
    return content


def _list(content: Mapping[str, Any], key: str, file: str) -> list[dict[str, Any]]:
    entries = content.get(key)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CorpusInvalid(f"{file}: `{key}` must be a list of mappings.")
    return entries


def _category(entry: dict[str, Any], guided: Mapping[str, Any], scales: Mapping[str, Scale]) -> Category:
    place = f"{TOOL_FILE}, category {entry.get('id')}"
    questions = _list(entry, "questions", place)
    return Category(
        id=_text(entry, "id", place),
        name=_text(entry["name"], "text", place),
        questions=tuple(_question(question, str(entry["id"]), guided, scales) for question in questions),
    )


def _question(entry: dict[str, Any], category: str, guided: Mapping[str, Any], scales: Mapping[str, Scale]) -> Question:
    question_id = _text(entry, "id", TOOL_FILE)
    place = f"{GUIDE_FILE}, {question_id}"
    guide = guided.get(question_id)
    if guide is None:
        raise CorpusInvalid(f"{GUIDE_FILE} says nothing about {question_id}; add an entry for it.")
    kind = _one_of(guide, "kind", get_args(AnswerKind), place)
    options = tuple(_option(option, place) for option in guide.get("options", []))
    if (kind == "choice") != bool(options):
        raise CorpusInvalid(f"{place}: `options` belong to the kind choice, and a choice needs them.")
    scale = scales.get(str(guide.get("scale")))
    if kind == "level" and scale is None:
        raise CorpusInvalid(f"{place}: a level needs a `scale` out of {', '.join(scales)}.")
    first, last = entry["lines"]
    return Question(
        id=question_id,
        category=category,
        printed_number=int(entry["printed_number"]),
        text=_text(entry, "text", f"{TOOL_FILE}, {question_id}"),
        source=SourceSpan(SOURCE_FILE, int(first), int(last)),
        sse_specific=True if entry.get("sse_specific") else None,
        kind=cast("AnswerKind", kind),
        favourable=cast("Favourable", _one_of(guide, "favourable", get_args(Favourable), place)),
        why=_text(guide, "why", place),
        planning=_text(guide, "planning", place),
        as_question=guide.get("as_question"),
        quick=bool(guide.get("quick", False)),
        options=options,
        scale=scale,
    )


def _option(entry: dict[str, Any], place: str) -> Option:
    key = _text(entry, "key", place)
    return Option(
        key=key,
        label=_text(entry, "label", place),
        words=tuple(normalise(str(word)) for word in [entry["label"], key, *entry.get("words", [])]),
        reads=cast("Reading", _one_of({"reads": "neutral", **entry}, "reads", get_args(Reading), place)),
        combines=bool(entry.get("combines", False)),
    )


def _scale(name: str, entry: dict[str, Any]) -> Scale:
    labels = {int(level): str(label) for level, label in entry.get("labels", {}).items()}
    if sorted(labels) != [1, 2, 3, 4, 5]:
        raise CorpusInvalid(f"{GUIDE_FILE}, scale {name}: `labels` needs the levels 1 to 5.")
    words = {normalise(str(word)): int(level) for level, phrases in entry["words"].items() for word in phrases}
    return Scale(name=name, labels=labels, words=words | {normalise(label): level for level, label in labels.items()})


def _text(entry: Mapping[str, Any], key: str, place: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CorpusInvalid(f"{place}: `{key}` must be a text that is not empty.")
    return value


def _one_of(entry: Mapping[str, Any], key: str, allowed: tuple[str, ...], place: str) -> str:
    value = entry.get(key)
    if value not in allowed:
        raise CorpusInvalid(f"{place}: `{key}` is {value!r}; it must be one of {', '.join(allowed)}.")
    return str(value)
