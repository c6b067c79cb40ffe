"""The grid's questions in other languages, from `tool-2-translations.yaml`: unofficial, and complete or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from silk_rag.assessment.normalise import normalise
from silk_rag.errors import CorpusInvalid

if TYPE_CHECKING:
    from silk_rag.assessment.questionnaire import Mode, Question, Scale

TRANSLATIONS_FILE = "tool-2-translations.yaml"
_BEFORE_MARK = re.compile(r" (?=[?!:;%»])")
_NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Translation:
    """A question in another language; `label` says there that it is unofficial.

    `answers` are the names of its answers under the keys they are stored by; `remark` says how else to answer.
    """

    retrospective: str
    planning: str
    label: str
    answers: Mapping[str | int, str] = field(default_factory=dict)
    remark: str = ""

    def wording(self, mode: Mode) -> str:
        """The question as it is put to the person."""
        return self.planning if mode == "planning" else self.retrospective


def translated(questions: Mapping[str, Question], content: Mapping[str, Any]) -> dict[str, Question]:
    """The questions with every language of the file; what it calls their answers is understood as a reply.

    Raises CorpusInvalid naming language and place of what is missing or belongs to no question.
    """
    languages = _mapping(content, "languages", "the top level")
    if not languages:
        raise CorpusInvalid(f"{TRANSLATIONS_FILE}: `languages` is empty; restore it from the repository.")
    for language, entry in languages.items():
        if stray := sorted(set(_mapping(entry, "questions", str(language))) - set(questions)):
            raise CorpusInvalid(
                f"{TRANSLATIONS_FILE}, {language}: {', '.join(stray)} are not questions of Tool 2; remove them."
            )
    return {
        question_id: _with_words(
            question,
            {str(language): _translation(question, entry, str(language)) for language, entry in languages.items()},
        )
        for question_id, question in questions.items()
    }


def _translation(question: Question, entry: Mapping[str, Any], language: str) -> Translation:
    place = f"{language}, {question.id}"
    wordings = _mapping(_mapping(entry, "questions", language), question.id, language)
    open_ended = question.kind in {"level", "percent", "duration"}
    return Translation(
        retrospective=_text(wordings, "retrospective", place),
        planning=_text(wordings, "planning", place),
        label=_text(entry, "label", language),
        answers=_answers(question, entry, language),
        remark=_text(_mapping(entry, "hints", language), question.kind, f"{language}, hints") if open_ended else "",
    )


def _answers(question: Question, entry: Mapping[str, Any], language: str) -> dict[str | int, str]:
    names: Mapping[Any, Any] = {}
    place = language
    if question.kind == "yes_no":
        names, place = _mapping(entry, "yes_no", language), f"{language}, yes_no"
    elif question.options:
        names, place = _mapping(_mapping(entry, "options", language), question.id, language), f"{place}, {question.id}"
    elif question.scale is not None:
        names = _mapping(_mapping(entry, "scales", language), question.scale.name, language)
        place = f"{language}, {question.scale.name}"
    return {key: _text(names, key, place) for key in question.answers()}


def _with_words(question: Question, translations: Mapping[str, Translation]) -> Question:
    """The question with its translations; whoever types what an answer is called in one of them gives that answer."""
    options = tuple(
        replace(
            option,
            words=tuple(
                dict.fromkeys([*option.words, *(normalise(each.answers[option.key]) for each in translations.values())])
            ),
        )
        for option in question.options
    )
    scale = None if question.scale is None else _scale_with_words(question.scale, translations)
    return replace(question, translations=translations, options=options, scale=scale)


def _scale_with_words(scale: Scale, translations: Mapping[str, Translation]) -> Scale:
    words = {normalise(each.answers[level]): level for each in translations.values() for level in scale.labels}
    return replace(scale, words={**words, **scale.words})


def _mapping(content: object, key: str, place: str) -> Mapping[Any, Any]:
    found = content.get(key) if isinstance(content, dict) else None
    if not isinstance(found, dict):
        raise CorpusInvalid(f"{TRANSLATIONS_FILE}, {place}: `{key}` is missing or no mapping; add it.")
    return found


def _text(content: Mapping[Any, Any], key: str | int, place: str) -> str:
    """A text as it is shown. A space before a mark is French, and a mark alone on a new line is a mistake there."""
    text = content.get(key)
    if not isinstance(text, str) or not text.strip():
        raise CorpusInvalid(f'{TRANSLATIONS_FILE}, {place}: "{key}" must be a text in quotes that is not empty.')
    return _BEFORE_MARK.sub(_NO_BREAK_SPACE, text)
