"""Understands what a person typed, in the light of the question asked: text -> dialogue acts.

A pure function over the message, the question at hand and the word lists. It prefers asking back to guessing: an
answer is only returned when the words allow one reading.
"""

from __future__ import annotations

import re
from dataclasses import replace

from silk_rag.assessment.acts import Act, Answer, Command, Digress, Unclear, UnclearReason
from silk_rag.assessment.answers import read_answer
from silk_rag.assessment.asking import is_echo, is_question, opens_as_question
from silk_rag.assessment.codes import bare_code
from silk_rag.assessment.confirming import Response, response_to
from silk_rag.assessment.context import Context
from silk_rag.assessment.corrections import correction_of_the_last
from silk_rag.assessment.described import act_on_described
from silk_rag.assessment.doubts import speaks_of_another_question
from silk_rag.assessment.in_turn import answers_in_turn, speaks_of_two
from silk_rag.assessment.normalise import find_phrase, normalise, trim
from silk_rag.assessment.ports import AnswerReader
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.readings import Guess, Reading
from silk_rag.assessment.revising import act_on_revised
from silk_rag.assessment.steering import steering_act
from silk_rag.assessment.subjects import several_by_subject
from silk_rag.assessment.targets import ids_in, targeted_acts
from silk_rag.assessment.telling import act_on_told
from silk_rag.assessment.values import JUDGEMENTS
from silk_rag.assessment.words import ReplyWords

# "Kidding. Private companies only": what comes behind is meant.
_JOKING = frozenset(
    {"kidding", "just kidding", "only joking", "joking", "je plaisante", "es broma", "scherzo", "grapje"}
)
_NUMBERED_LINES = re.compile(r"(?m)^\s*(?:\d+[.)]|[-*\u2022])\s+\S")
_SENTENCE_END = re.compile(r"(?<=[.!?;\u3002\uff1f])\s+|\n+")


def understand(text: str, context: Context, words: ReplyWords, reader: AnswerReader | None = None) -> tuple[Act, ...]:
    """The acts of a message, in order; never empty.

    What is not understood as it stands is read with its slips mended, then as an answer that is told.
    """
    words = words.looking_ahead() if context.mode == "planning" else words
    heard = _by_the_words(text, context, words)
    in_turn = answers_in_turn(text, heard, context, words, reader)
    if in_turn:
        return in_turn
    if not _is_lost(heard):
        return heard
    mended = words.speller.put_right(text, context.language)
    heard_mended = _by_the_words(mended, context, words) if mended != text else heard
    if not _is_lost(heard_mended) and _bears_out(heard_mended[0], heard):
        return tuple(replace(act, note=text.strip()) if isinstance(act, Answer) else act for act in heard_mended)
    alone = not speaks_of_two(normalise(text))
    told = act_on_told(text, heard, context, words, reader) if reader and alone else None
    return told or heard


def _bears_out(mended: Act, heard: tuple[Act, ...]) -> bool:
    """Whether what is heard with the slips mended may stand: an answer or a command, or the number that was guessed."""
    guessed = next((act.value for act in heard if isinstance(act, Unclear) and act.reason == "confirm"), None)
    if guessed is not None:
        return isinstance(mended, Answer) and mended.value == guessed and guessed.unit is not None
    return isinstance(mended, Answer | Command)


def _is_lost(heard: tuple[Act, ...]) -> bool:
    """Whether nothing was made of the message."""
    return all(isinstance(act, Unclear) and act.reason in {"not_understood", "own_words", "confirm"} for act in heard)


def _by_the_words(  # noqa: PLR0911 (one return a kind of message, the surest first)
    text: str, context: Context, words: ReplyWords
) -> tuple[Act, ...]:
    """The acts as the word lists give them."""
    normal = normalise(text)
    if not any(sign.isalnum() for sign in normal):
        return (Command("why") if text.strip() == "?" else Unclear("nothing_said"),)
    if any(phrase in normal for phrase in words.not_answers):
        return (Unclear("instruction"),)
    if context.question is not None and context.proposed and _response(text, context, words) == "confirmed":
        return (Answer(context.question.id, context.proposed, context.pending),)
    steered = steering_act(normal, context, words)
    if steered is not None:
        return (steered,)
    if any(find_phrase(normal, phrase) >= 0 for phrase in words.complaints):
        return _answer_beside_a_complaint(text, context, words) or (Unclear("complaint", context.question_id),)
    targeted = targeted_acts(text, context.grid, words) or _targeted_later(text, context, words)
    targeted = targeted or act_on_described(text, context, words) or act_on_revised(text, context, words)
    targeted = targeted or several_by_subject(text, context, words)
    if targeted:
        return targeted
    asks_for_words = context.question is not None and context.question.kind == "text"
    if len(_NUMBERED_LINES.findall(text)) > 1 and not asks_for_words:
        return (Unclear("several_answers"),)
    return correction_of_the_last(text, context, words) or _by_sentence(text, context, words)


def _answer_beside_a_complaint(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """As in "You stupid machine, yes!": a plain answer that comes last, behind the anger."""
    cut = re.split(r"[,.;:!?\u2026]+\s+", text.strip(" .!"))
    last = cut[-1]
    if len(cut) < 2 or context.question is None or any(find_phrase(normalise(last), w) >= 0 for w in words.complaints):
        return None
    reading = read_answer(last, context.question, words)
    plain = isinstance(reading, Reading) and (reading.bare or context.question.kind in {"percent", "duration"})
    return (Answer(context.question.id, reading.value),) if isinstance(reading, Reading) and plain else None


def _targeted_later(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...] | None:
    """As in "Not this one. C8 no, C9 partly", "Yes. C2: no": sentences that name their questions, beside others."""
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if sentence and sentence.strip()]
    if len(sentences) < 2:
        return None
    heard = [targeted_acts(sentence, context.grid, words) for sentence in sentences]
    beside = [sentence for sentence, acts in zip(sentences, heard, strict=True) if not acts]
    if len(beside) == len(sentences):
        return None
    named = tuple(act for acts in heard if acts for act in acts)
    if context.question is not None and beside == sentences[:1]:
        reading = read_answer(beside[0], context.question, words)
        taken = any(getattr(act, "question_id", None) == context.question.id for act in named)
        if isinstance(reading, Reading) and reading.bare and not taken and not beside[0].rstrip().endswith("?"):
            return (Answer(context.question.id, reading.value), *named)
    return None if any(_may_answer(sentence, context, words) for sentence in beside) else named


def _may_answer(sentence: str, context: Context, words: ReplyWords) -> bool:
    """Whether a sentence asks, steers or answers, so that it must not be passed over."""
    if is_question(sentence, context.language, words) or steering_act(normalise(sentence), context, words) is not None:
        return True
    return context.question is not None and read_answer(sentence, context.question, words) not in {
        "not_understood",
        "own_words",
        "contradiction",
    }


def _sentences(text: str, words: ReplyWords) -> list[str]:
    """The sentences, without tags, without an echo of the question and a joke taken back at their head."""
    sentences = [sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence and sentence.strip()]
    sentences = [_without_a_tag(sentence, words) for sentence in sentences]
    beside = len(sentences) > 1 and (is_echo(sentences[0], words) or trim(normalise(sentences[0])) in _JOKING)
    return sentences[1:] if beside else sentences


def _by_sentence(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...]:
    """Sentences that steer or ask are taken apart from those that answer."""
    sentences = _sentences(text, words)
    steering: list[Act] = []
    questions: list[str] = []
    answering: list[str] = []
    for sentence in sentences:
        act = steering_act(normalise(sentence), context, words) if len(sentences) > 1 else None
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
        return tuple(steering) or (Unclear("not_understood", context.question_id),)
    acts = _answer(" ".join(answering), context, words)
    still_thinking = steering[-1:] == [Command("wait")] and trim(normalise(sentences[-1])) not in words.alone
    if _only_leaves_open(acts, steering) or still_thinking:
        return tuple(steering)
    if isinstance(acts[0], Answer) and _is_back_again(sentences[0], steering):
        steering = steering[1:]
    if steering and not isinstance(acts[0], Answer):
        return (*acts, *(act for act in steering if not (isinstance(act, Command) and act.name in {"next", "skip"})))
    return (*acts, *steering)


def _without_a_tag(sentence: str, words: ReplyWords) -> str:
    """As in "80 percent, happy now?": the tag asks nothing."""
    said, _, tag = sentence.rpartition(",")
    return said if said and sentence.endswith("?") and trim(normalise(tag)) in words.tags else sentence


def _only_leaves_open(acts: tuple[Act, ...], steering: list[Act]) -> bool:
    """As in "Couldn't say offhand. Leave that one for now": the question stays open, and no "don't know" is noted."""
    skips = any(isinstance(act, Command) and act.name == "skip" for act in steering)
    return skips and isinstance(acts[0], Answer) and acts[0].value.content == "dont_know"


def _is_back_again(first: str, steering: list[Act]) -> bool:
    """As in "Back. So, 14 months": the person is back, and answers."""
    return bool(steering) and steering[0] == Command("back") and len(first.split()) == 1


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
        return (Unclear("needs_confirmation", context.question_id),)
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
    if context.question is None or any(opens_as_question(sentence, language, words) for language in words.openers):
        return False
    reading = read_answer(sentence.rstrip("?!. "), context.question, words)
    return reading == "doubt" or (isinstance(reading, Reading) and (reading.bare or len(sentence.split()) <= 3))


def _answer(text: str, context: Context, words: ReplyWords) -> tuple[Act, ...]:
    """The message heard as an answer to the present question."""
    question = context.question
    if question is None:
        return (Unclear("not_understood"),)
    others = [question_id for question_id in ids_in(normalise(text)) if question_id in context.grid.every]
    if any(question_id != question.id for question_id in others):
        return (Unclear("mentions_other", question.id, next(other for other in others if other != question.id)),)
    if _response(text, context, words) == "ambiguous":
        return (Unclear("confirm_again", question.id, value=context.proposed),)
    return (_heard(text, read_answer(text, question, words), question, context=context, words=words),)


def _response(text: str, context: Context, words: ReplyWords) -> Response:
    """What the message says to the value that was proposed, if one was."""
    if context.proposed is None or context.question is None:
        return "an answer"
    return response_to(text, context.proposed, context.question, words)


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
