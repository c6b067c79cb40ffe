"""Understands what a person typed, in the light of the question asked: text -> dialogue acts.

A pure function over the message, the question at hand and the word lists. It prefers asking back to guessing: an
answer is only returned when the words allow one reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from silk_rag.assessment.acts import (
    Act,
    Answer,
    Command,
    CommandName,
    Digress,
    SetMode,
    SetScope,
    Unclear,
    UnclearReason,
)
from silk_rag.assessment.answers import Guess, Reading, bare_code, clauses, read_answer
from silk_rag.assessment.doubts import speaks_of_another_question
from silk_rag.assessment.normalise import ends_with, find_phrase, normalise, starts_with, trim
from silk_rag.assessment.questionnaire import Question, Questionnaire
from silk_rag.assessment.targets import ids_in, jump_target, targeted_acts, walk_target
from silk_rag.assessment.values import JUDGEMENTS, AnswerValue
from silk_rag.assessment.words import ReplyWords

# "Not sure what you mean by services" asks for an explanation; a whole account that holds such words does not.
LONGEST_CLARIFICATION = 14
_ONLY_CATEGORIES = re.compile(
    r"(?:only|just)(?: do)?(?: the)?(?: categor(?:y|ies)| parts?| sections?)? "
    r"([a-f](?:(?:\s*,\s*|\s*&\s*|\s+and\s+)[a-f])*)"
)
# "Is 30 % a lot", "should I answer no" ask, with or without their mark.
_ASKED_PLAINLY = re.compile(
    r"(?i)\s*(?:is|are|was|were|would|does|do|did|can|could|should|am)\s+"
    r"(?:(?:about |around )?\d|(?:it|we|they|you|i|he|she|this|that|these|those|there|the|an?|any|our|your|my|yes|no|"
    r"partly)\b)"
)
_PLEASE = re.compile(
    r"(?<!\w)(?:please|pls|plz|bitte|s'il vous plait|s'il te plait|svp|por favor|per favore|alstublieft|"
    r"alsjeblieft)(?!\w)"
)
# "No really, what does it mean": the later part asks, so the opening is no answer.
_ASKED_LATER = re.compile(r"(?i)[,;]\s*(?:what(?!\s+an?\b)|what's|whats|how|why|can you|could you|tell me|explain)\b")
_NUMBERED_LINES = re.compile(r"(?m)^\s*(?:\d+[.)]|[-*\u2022])\s+\S")
_SENTENCE_END = re.compile(r"(?<=[.!?;\u3002\uff1f])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Context:
    """What the words are heard against: the question asked, the one recorded just before, and the scope in order.

    `pending` holds words that were kept while the dialogue asked back, `proposed` the value it asked to confirm.
    """

    question: Question | None
    order: Sequence[str]
    grid: Questionnaire
    last_answered: Question | None = None
    just_recorded: bool = False
    pending: str = ""
    proposed: AnswerValue | None = None
    language: str = "en"


def understand(  # noqa: PLR0911 (one return a kind of message, the surest first)
    text: str, context: Context, words: ReplyWords
) -> tuple[Act, ...]:
    """The acts of a message, in order; never empty."""
    normal = normalise(text)
    if not any(sign.isalnum() for sign in normal):
        return (Command("why") if text.strip() == "?" else Unclear("nothing_said"),)
    if any(phrase in normal for phrase in words.not_answers):
        return (Unclear("instruction"),)
    steering = _steering(normal, context, words)
    if steering is not None:
        return (steering,)
    if any(find_phrase(normal, phrase) >= 0 for phrase in words.complaints):
        return (Unclear("complaint", _id(context)),)
    targeted = targeted_acts(text, context.grid, words) or _targeted_later(text, context, words)
    if targeted:
        return targeted
    asks_for_words = context.question is not None and context.question.kind == "text"
    if len(_NUMBERED_LINES.findall(text)) > 1 and not asks_for_words:
        return (Unclear("several_answers"),)
    return _earlier(text, context, words) or _by_sentence(text, context, words)


def _targeted_later(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """As in "Not this one. C8 no, C9 partly": sentences that name their questions, beside others that answer none."""
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if sentence and sentence.strip()]
    if len(sentences) < 2:
        return None
    heard = [targeted_acts(sentence, context.grid, words) for sentence in sentences]
    beside = [sentence for sentence, acts in zip(sentences, heard, strict=True) if not acts]
    if len(beside) == len(sentences) or any(_may_answer(sentence, context, words) for sentence in beside):
        return None
    return tuple(act for acts in heard if acts for act in acts)


def _may_answer(sentence: str, context: Context, words: ReplyWords) -> bool:
    """Whether a sentence asks, steers or answers, so that it must not be passed over."""
    if is_question(sentence, context.language, words) or _steering(normalise(sentence), context, words) is not None:
        return True
    return context.question is not None and read_answer(sentence, context.question, words) not in {
        "not_understood",
        "own_words",
        "contradiction",
    }


def _steering(normal: str, context: Context, words: ReplyWords) -> Act | None:
    """A command, a jump or a change of mode or scope that is the whole message."""
    core = trim(normal)
    command = _command(core, words)
    if command is not None:
        own_word = _own_word_of_the_question(core, context, words)
        return None if own_word else _as_act(command)
    scope = _ONLY_CATEGORIES.fullmatch(core)
    if scope:
        return SetScope(tuple(sorted(set(re.findall(r"(?<!\w)[A-F](?!\w)", scope.group(1).upper())))))
    if (
        any(find_phrase(core, phrase) >= 0 for phrase in words.clarifying)
        and len(core.split()) <= LONGEST_CLARIFICATION
    ):
        return Command("why")
    return (
        _after_yes_or_no(core, words)
        or walk_target(core, context.grid, words)
        or jump_target(core, context.order, context.grid, words)
    )


def _after_yes_or_no(core: str, words: ReplyWords) -> Act | None:
    """As in "no, go back": the command counts, and the yes or no before it is no answer."""
    opening = next((word for word in ("yes", "no", "yeah", "nope") if core.startswith(f"{word} ")), None)
    spoken = [opening, trim(core[len(opening) :])] if opening else []
    for pieces in (spoken, clauses(core, words)):
        codes = {bare_code(piece, words) for piece in pieces[:-1]}
        if codes not in ({"yes"}, {"no"}):
            continue
        command = _command(pieces[-1], words)
        if command == "next" and pieces[-1] in words.beginning["going_on"]:
            return Command("next")
        if command and command not in {"next", "onward", "greeting"}:
            return _as_act(command)
    return None


def _own_word_of_the_question(core: str, context: Context, words: ReplyWords) -> bool:
    """Whether a command's word answers the present question: "ready" where readiness is asked."""
    question = context.question
    if question is None or question.kind not in {"choice", "level"}:
        return False
    named = any(core in option.words for option in question.options)
    return named or (question.scale is not None and core in question.scale.words) or core in words.levels


def _command(core: str, words: ReplyWords) -> str | None:
    """The command that the words are, a filler or a politeness before or after it allowed."""
    core = trim(" ".join(_PLEASE.sub(" ", core).split())) or core
    if core in words.commands:
        return words.commands[core]
    for _ in range(3):
        filler = next((filler for filler in words.fillers if starts_with(core, filler) and core != filler), None)
        if filler is None:
            filler_behind = next((word for word in words.fillers if ends_with(core, word) and core != word), None)
            core = trim(core[: -len(filler_behind)]) if filler_behind else core
        else:
            core = trim(core[len(filler) :])
        if core in words.commands:
            return words.commands[core]
    return None


def _as_act(command: str) -> Act:
    if command == "onward":
        return Command("skip")
    if command.startswith("mode_"):
        return SetMode("planning" if command == "mode_planning" else "retrospective")
    if command.startswith("scope_"):
        return SetScope(command.removeprefix("scope_"))
    return Command(cast("CommandName", command))


def _earlier(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """Corrections of the answer given just before: "no, make that partly", "sorry, 8 months"."""
    flat = " ".join(text.split())
    rest, contradicted = _after_opening(flat, words)
    mark = next((mark for mark in words.previous_marks if starts_with(normalise(rest), mark)), None)
    if mark is not None and len(normalise(rest)) == len(rest):
        value_words = rest[len(mark) :].strip(" ,:-")
        meant = mark.endswith(("i mean", "i meant"))
        if contradicted and meant:
            return _which(value_words, context, words)
        unclear = None if meant else (Unclear("not_understood", _id(context)),)
        return _correction(value_words, context, words) or unclear
    if context.just_recorded and _opens_doubtfully(normalise(flat), words):
        return _which(rest, context, words)
    return None


def _after_opening(text: str, words: ReplyWords) -> tuple[str, bool]:
    """The text after "no,", "sorry", "wait" and fillers, and whether a yes or no stood there."""
    contradicted = False
    openings = (*words.doubtful_marks, *words.fillers, "no", "yes", "nope", "yeah")
    rest = text.strip(" ,.!-")
    for _ in range(4):
        low = rest.casefold()
        opening = next((word for word in sorted(openings, key=len, reverse=True) if starts_with(low, word)), None)
        if opening is None or opening == low or any(starts_with(low, mark) for mark in words.previous_marks):
            break
        contradicted = contradicted or opening in {"no", "yes", "nope", "yeah"}
        rest = rest[len(opening) :].strip(" ,.!-:")
    return rest, contradicted


def _opens_doubtfully(normal: str, words: ReplyWords) -> bool:
    opened = trim(re.sub(r"^(?:no|yes|oh|ah|hmm|hm)[,.!\s]+", "", normal))
    return any(starts_with(opened, mark) and opened != mark for mark in words.doubtful_marks)


def _correction(value_words: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """The value goes to the question answered last; before any answer, to the present one."""
    question = context.last_answered or context.question
    if question is None:
        return None
    reading = read_answer(value_words, question, words)
    if not isinstance(reading, Reading) and context.question is not None:
        question = context.question
        reading = read_answer(value_words, question, words)
    if isinstance(reading, Reading):
        return (Answer(question.id, reading.value, "" if reading.bare else value_words, reading.hedged),)
    return None


def _which(value_words: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """Whether a doubtful opening belongs to the question before or to this one: told by the value, else asked."""
    before, now = context.last_answered, context.question
    as_before = read_answer(value_words, before, words) if before else None
    as_now = read_answer(value_words, now, words) if now else None
    if isinstance(as_before, Reading) and isinstance(as_now, Reading):
        content = as_before.value.content
        return (Unclear("which_question", detail=content if isinstance(content, str) else f"{content:g}"),)
    for question, reading in ((before, as_before), (now, as_now)):
        if question is not None and isinstance(reading, Reading):
            return (Answer(question.id, reading.value, "" if reading.bare else value_words, reading.hedged),)
    return None


def _by_sentence(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...]:
    """Sentences that steer or ask are taken apart from those that answer."""
    sentences = [sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence and sentence.strip()]
    steering: list[Act] = []
    questions: list[str] = []
    answering: list[str] = []
    for sentence in sentences:
        act = _steering(normalise(sentence), context, words) if len(sentences) > 1 else None
        if isinstance(act, Command) and act.name == "greeting":
            continue
        if act is not None and trim(normalise(sentence)) not in words.alone:
            steering.append(act)
        elif is_question(sentence, context.language, words):
            questions.append(sentence)
        else:
            answering.append(sentence)
    if questions:
        return _with_questions(text, answering, questions, steering, context=context, words=words)
    if not answering:
        return tuple(steering) or (Unclear("not_understood", _id(context)),)
    acts = _answer(" ".join(answering), context, words)
    if steering and not isinstance(acts[0], Answer):
        return (*acts, *(act for act in steering if not (isinstance(act, Command) and act.name in {"next", "skip"})))
    return (*acts, *steering)


def _with_questions(
    text: str,
    answering: list[str],
    questions: list[str],
    steering: list[Act],
    *,
    context: Context,
    words: ReplyWords,
) -> tuple[Act, ...]:
    """A question beside a plain answer leaves the answer standing; a doubtful answer beside a question is none."""
    if any(_is_doubtful_answer(question, context, words) for question in questions):
        return (Unclear("needs_confirmation", _id(context)),)
    asked = Digress(" ".join(questions) if answering else text.strip())
    if answering:
        acts = _answer(" ".join(answering), context, words)
        # After a question a sentence is mostly about the question: "What do the papers say? Yes, I have read them."
        follows = text.strip().startswith(questions[0])
        if isinstance(acts[0], Answer) and not (follows and acts[0].note):
            return (*acts, *steering, asked)
    return (*steering, Digress(text.strip()))


def _is_doubtful_answer(sentence: str, context: Context, words: ReplyWords) -> bool:
    """As in "yes?", "18 months?": an answer said as a question."""
    if context.question is None or any(_opens_as_question(sentence, language, words) for language in words.openers):
        return False
    reading = read_answer(sentence.rstrip("?!. "), context.question, words)
    return reading == "doubt" or (isinstance(reading, Reading) and (reading.bare or len(sentence.split()) <= 3))


def is_question(sentence: str, language: str, words: ReplyWords) -> bool:
    """Whether a sentence asks something: by its mark, or by how it opens in English or the person's language."""
    if sentence.rstrip("\"')* ").endswith(("?", "\uff1f")):
        return True
    if _ASKED_PLAINLY.match(sentence) or _ASKED_LATER.search(sentence):
        return True
    if len(sentence.split()) < 2 and language != "ko":
        return False
    return any(_opens_as_question(sentence, spoken, words) for spoken in {"en", language} & set(words.openers))


def _opens_as_question(sentence: str, language: str, words: ReplyWords) -> bool:
    normal = trim(normalise(sentence))
    # "Cómo no, cerramos con excedente" is a yes, however it opens.
    if bare_code(normal.partition(",")[0], words) is not None and "," in normal:
        return False
    opened = re.sub(r"^(?:(?:ok|okay|and|but|so|well|hmm|please|yes|no|sorry)[,\s]+)+", "", normal)
    # "Yes, according to our survey" answers, "according to the papers ..." asks.
    openers = [opener for opener in words.openers[language] if opened == normal or opener != "according to"]
    return any(starts_with(opened, opener) for opener in openers)


def _answer(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...]:
    """The message heard as an answer to the present question."""
    question = context.question
    if question is None:
        return (Unclear("not_understood"),)
    others = [question_id for question_id in ids_in(normalise(text)) if question_id in context.grid.every]
    if any(question_id != question.id for question_id in others):
        return (Unclear("mentions_other", question.id, next(other for other in others if other != question.id)),)
    if context.proposed is not None and bare_code(normalise(text), words) == "yes":
        return (Answer(question.id, context.proposed, context.pending),)
    return (_heard(text, read_answer(text, question, words), question, context=context, words=words),)


def _heard(
    text: str,
    reading: Reading | Guess | UnclearReason,
    question: Question,
    *,
    context: Context,
    words: ReplyWords,
) -> Answer | Unclear:
    """The answer, or what is asked back."""
    if isinstance(reading, Reading):
        if not reading.bare and speaks_of_another_question(normalise(text), words):
            return _of_which(reading, question, context)
        return Answer(question.id, reading.value, _note(text, reading, context), reading.hedged)
    completed = _completed(text, question, context, words)
    if completed is not None:
        return completed
    if isinstance(reading, Guess):
        return Unclear("confirm", question.id, value=reading.value)
    return Unclear(_told(text, reading, words), question.id)


def _of_which(reading: Reading, question: Question, context: Context) -> Unclear:
    """As in "yes to the previous one"."""
    if context.last_answered is None:
        return Unclear("not_understood", question.id)
    content = reading.value.content
    return Unclear("which_question", detail=content if isinstance(content, str) else f"{content:g}")


def _note(text: str, reading: Reading, context: Context) -> str:
    own = "" if reading.bare else text.strip()
    return " ".join(part for part in (context.pending, own) if part)


def _completed(text: str, question: Question, context: Context, words: ReplyWords) -> Answer | None:
    """As in "18" and then, asked for the unit, "months"."""
    if question.kind not in {"duration", "percent"} or not context.pending:
        return None
    together = f"{context.pending} {text}"
    reading = read_answer(together, question, words)
    return Answer(question.id, reading.value, together, reading.hedged) if isinstance(reading, Reading) else None


def _told(text: str, reason: UnclearReason, words: ReplyWords) -> UnclearReason:
    """Judgements said where none is asked for are not the person's own words about the matter."""
    if reason == "own_words" and bare_code(normalise(text), words) in JUDGEMENTS:
        return "not_understood"
    return reason


def _id(context: Context) -> str | None:
    return context.question.id if context.question else None
