"""Messages that name questions: "change C3 to no", "A2 yes, A3 no", "A2-A6: yes", "go to the financial part"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from silk_rag.assessment.acts import Act, Answer, Command, Forget, Jump, OpenWalk, Unclear
from silk_rag.assessment.answers import read_answer
from silk_rag.assessment.going import is_wish_to_go, is_wish_to_skip, part_to_go_to, set_apart, without_courtesies
from silk_rag.assessment.normalise import ends_with, find_phrase, normalise, starts_with, trim
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.readings import Guess, Reading
from silk_rag.assessment.words import ReplyWords

# A to F are the grid's, P the prompts of Tool 1, I the indicators of Tool 3.
_ID = r"[a-fpi]\d{1,2}"
_IDS = re.compile(rf"(?<![\w]){_ID}(?:\s*(?:,|&|\+|/|and|-|\u2013|to|through)\s*{_ID})*(?!\w)")
_RANGE = re.compile(rf"({_ID})\s*(?:-|\u2013|to|through)\s*({_ID})")
_FORGET = re.compile(
    r"(?:please )?(?:delete|remove|clear|erase|undo|forget|reset)(?: (?:the |my )?(?:answer )?(?:to|for|of))?"
)
_WHY = re.compile(r"(?:why|explain|what (?:is|does|about|was))(?: (?:do you ask|is|does|the question))?")
_SHOW = re.compile(
    r"(?:what (?:did i (?:say|answer)|is my answer|was my answer)(?: to| for| on)?"
    r"|(?:edit|change|correct)(?: my)?(?: answer)?(?: to| for)?)"
)
# "C2 was yes so this is no", "C5 yes if C4 is".
_BEYOND_ITS_QUESTION = re.compile(r"(?i)\b(?:this (?:is|one)|if|unless|wenn|falls)\b")
_TOPIC_IN_KOREAN = re.compile(r"^(?:번은|번을|번|은|는|이|가|을|를|의|에)(?:\s+답(?:변)?(?:은|을|이)?)?\s+")
_CHANGE_IN_KOREAN = re.compile(
    r"(?:(?:으로|로)\s*)?(?:바꿔|변경|고쳐|수정|정정|해|기록)\S*(?:\s*(?:주세요|줘요?|주십시오|할게요))?\s*[.!]?$|(?<=\S)(?:으로|로)$"
)
_TOWARDS = re.compile(r"(?<!\w)(?:to|a|al|alla|ao|zu|zur|naar|para|pour|vers|on)$")
_INTO = re.compile(r"(?i)^(?:en|em|op|auf|sur|su|à|que)\s+(?=\S)")
_SKIP = re.compile(r"(?:please )?(?:skip|pass on|leave out)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some questions and the words that go with them."""

    ids: tuple[str, ...]
    text: str


def ids_in(normal: str) -> list[str]:
    """Everything in normalised text that looks like a question id, known or not, as A1."""
    return [match.upper() for match in re.findall(rf"(?<![\w]){_ID}(?!\w)", normal)]


def targeted_acts(text: str, grid: Questionnaire, words: ReplyWords) -> tuple[Act, ...] | None:
    """The acts of a message that begins by naming questions, or ends by it; None when it does neither."""
    flat = without_courtesies(set_apart(" ".join(text.split())), words)
    normal = normalise(flat)
    if not ids_in(normal):
        return None
    command = _command_on_one(normal, words)
    if command is not None:
        return _known_only(command, grid)
    chunks = _chunks(flat, words)
    if chunks is None or not any(chunk.text for chunk in chunks):
        chunks = _trailing(flat, words) or chunks
    if chunks is None:
        return None
    if _BEYOND_ITS_QUESTION.search(flat, next(_IDS.finditer(flat.casefold())).start()):
        return (Unclear("doubt", next(iter(chunks[0].ids), None)),)
    return tuple(act for chunk in chunks for act in _acts(chunk, grid, words))


def _command_on_one(normal: str, words: ReplyWords) -> Act | None:
    """As in "delete C3", "why C3?", "skip C3", "go to C3", "C3"."""
    ids = ids_in(normal)
    if len(ids) != 1:
        return None
    question_id = ids[0]
    before, _, after = trim(normal).partition(question_id.lower())
    before, after = trim(before), trim(after)
    if _FORGET.fullmatch(before) and not after:
        return Forget(question_id)
    if _WHY.fullmatch(before) and after in {"", "mean", "about", "for", "asked", "important"}:
        return Command("why", question_id)
    if (_SKIP.fullmatch(before) and not after) or _is_passed_over(before, after, words):
        return Command("skip", question_id)
    shown = not before or _is_jump(before, words) or _SHOW.fullmatch(before)
    if (after in {"", "please", "again"} and shown) or is_wish_to_go(before, after, words):
        return Jump(question_id)
    return None


def _is_passed_over(before: str, after: str, words: ReplyWords) -> bool:
    """As in "could we leave C3 out"; "passons à C3" goes there."""
    return not _TOWARDS.search(before) and is_wish_to_skip(f"{before} {after}", words)


def _is_jump(before: str, words: ReplyWords) -> bool:
    verb = next((verb for verb in words.jump_verbs if starts_with(before, verb)), None)
    rest = trim(before[len(verb) :]) if verb else before
    return all(token in words.category_nouns for token in rest.split())


def _known_only(act: Act, grid: Questionnaire) -> tuple[Act, ...]:
    question_id = getattr(act, "question_id", None)
    return (act,) if question_id in grid.every else (Unclear("unknown_question", detail=str(question_id)),)


def _chunks(text: str, words: ReplyWords) -> list[Chunk] | None:
    """As in "set A2 to yes, A3: no" -> A2 yes, A3 no. None when other words come before the first id."""
    lowered = text.casefold()
    matches = list(_IDS.finditer(lowered)) if len(lowered) == len(text) else []
    if not matches or not _only_marks(normalise(text[: matches[0].start()]), words):
        return None
    ends = [*(match.start() for match in matches[1:]), len(text)]
    chunks = [
        Chunk(tuple(_expanded(match.group(0))), _value_words(text[match.end() : end], words))
        for match, end in zip(matches, ends, strict=True)
    ]
    return _merged(chunks)


def _merged(chunks: list[Chunk]) -> list[Chunk]:
    """Questions without words of their own share the words of the next: "A2; A3: yes"."""
    merged: list[Chunk] = []
    waiting: tuple[str, ...] = ()
    for chunk in chunks:
        waiting += chunk.ids
        if chunk.text:
            merged.append(Chunk(waiting, chunk.text))
            waiting = ()
    return [*merged, Chunk(waiting, "")] if waiting else merged


def _trailing(text: str, words: ReplyWords) -> list[Chunk] | None:
    """As in "no for C3", "put not applicable for C1 and C2"."""
    lowered = text.casefold()
    matches = list(_IDS.finditer(lowered)) if len(lowered) == len(text) else []
    if len(matches) != 1 or trim(text[matches[0].end() :]):
        return None
    before = re.sub(
        r"(?i)[\s,]+(?:for|on|to|at|in|goes to|as answer to|pour|sur|à|para|en|per|su|em|für|bei|voor|bij)\s*$",
        "",
        text[: matches[0].start()],
    )
    if before == text[: matches[0].start()]:
        return None
    return [Chunk(tuple(_expanded(matches[0].group(0))), _without_marks(before, words))]


def _only_marks(normal: str, words: ReplyWords) -> bool:
    """Whether the words before an id only introduce it: "no, please change the answer to"."""
    marks = (
        *words.set_marks,
        *words.doubtful_marks,
        *words.fillers,
        "no",
        "the",
        "my",
        "answer",
        "of",
        "to",
        "question",
        *words.along,
        *words.softening,
    )
    rest = trim(normal)
    while rest:
        mark = next((mark for mark in sorted(marks, key=len, reverse=True) if starts_with(rest, mark)), None)
        if mark is None:
            return False
        rest = trim(rest[len(mark) :])
    return True


def _without_marks(text: str, words: ReplyWords) -> str:
    """The words behind those of putting: "mettez plutôt moyen", "mejor ponla en parcialmente"."""
    rest = text.strip(" ,:")
    behind = _behind(rest, words.instead)
    mark = next((mark for mark in words.set_marks if starts_with(_comparable(behind), mark)), None)
    if mark is not None and behind != rest:
        rest = behind
    mark = next((mark for mark in words.set_marks if starts_with(_comparable(rest), mark)), None)
    if mark is None:
        return rest
    rest = _behind(_behind(rest, (mark,)), words.instead)
    return _INTO.sub("", rest)


def _behind(text: str, phrases: Iterable[str]) -> str:
    """The text behind the first of these phrases that it opens with; the text itself where nothing would be left."""
    phrase = next((each for each in phrases if starts_with(_comparable(text), each)), "")
    return text[len(phrase) :].strip(" ,:") or text


def _comparable(text: str) -> str:
    """Normalised where that keeps every place, so that what is found can be cut off the text itself."""
    normal = normalise(text)
    return normal if len(normal) == len(text) else text.casefold()


def _value_words(text: str, words: ReplyWords) -> str:
    """The words of an answer without what joins them to the id before and to the one after."""
    rest = _without_marks(text.strip(" ,;:=-\u2013\u2192>."), words)
    joiner: str | None = ""
    while joiner is not None:
        low = _comparable(rest)
        joiner = next((word for word in words.set_joiners if word and starts_with(low, word)), None)
        if joiner:
            rest = rest[len(joiner) :].strip(" ,;:=-\u2013\u2192>")
    for tail in ("and also", "and", "also", "then", "&", "change", "set", "for", "et", "y", "e", "und", "en", "그리고"):
        if ends_with(rest.casefold(), tail) and rest.casefold() != tail:
            rest = rest[: -len(tail)].rstrip(" ,;")
            break
    return _without_korean_particles(rest)


def _without_korean_particles(said: str) -> str:
    """As in "D1은 아니요로 바꿔 주세요": what is to be put, without the particles and the verb of changing."""
    return _CHANGE_IN_KOREAN.sub("", _TOPIC_IN_KOREAN.sub("", said)).strip(" ,.") or said


def _expanded(ids: str) -> Iterator[str]:
    """As in "a2-a4, a6" -> A2, A3, A4, A6. A range that crosses a category or runs backwards yields its two ends."""
    for part in re.split(r"\s*(?:,|&|\+|/|and)\s*", ids):
        match = _RANGE.fullmatch(part)
        if match is None:
            yield part.upper()
            continue
        first, last = match.group(1).upper(), match.group(2).upper()
        if first[0] == last[0] and int(first[1:]) < int(last[1:]):
            yield from (f"{first[0]}{place}" for place in range(int(first[1:]), int(last[1:]) + 1))
        else:
            yield from (first, last)


def _acts(chunk: Chunk, grid: Questionnaire, words: ReplyWords) -> Iterator[Act]:
    for question_id in chunk.ids:
        question = grid.every.get(question_id)
        if question is None:
            yield Unclear("unknown_question", detail=question_id)
            continue
        if not chunk.text:
            yield Unclear("not_understood", question_id)
            continue
        if words.commands.get(trim(normalise(chunk.text))) == "skip":
            yield Command("skip", question_id)
            continue
        reading = read_answer(chunk.text, question, words)
        if isinstance(reading, Reading) and "?" not in chunk.text:
            note = "" if reading.bare else chunk.text
            yield Answer(question_id, reading.value, note, reading.hedged)
        elif isinstance(reading, Guess):
            yield Unclear("confirm", question_id, value=reading.value)
        else:
            yield Unclear("needs_confirmation" if isinstance(reading, Reading) else reading, question_id)


def jump_target(normal: str, order: Sequence[str], grid: Questionnaire, words: ReplyWords) -> Jump | None:
    """As in "go to the financial part", "back to category C", "question 40", "start over"."""
    rest = trim(normal)
    verb = next((verb for verb in words.jump_verbs if starts_with(rest, verb) and rest != verb), None)
    rest = trim(rest[len(verb) :]) if verb else rest
    tokens = [token for token in rest.split() if token not in {"please", "number", "no"}]
    core = " ".join(token for token in tokens if token not in words.category_nouns)
    named = verb is not None or len(core.split()) < len(tokens)
    if not order:
        return None
    if not named:
        return part_to_go_to(normal, order, grid, words)
    # "Then 5" answers; "question 5", "go to 5" go there.
    numbered = verb is not None or any(t in words.category_nouns and t not in words.along for t in tokens)
    if numbered and core.isdecimal() and len(core) < 4 and 1 <= int(core) <= len(order):
        return Jump(order[int(core) - 1])
    ends = {"start": 0, "beginning": 0, "first": 0, "end": -1, "last": -1}
    if core in ends and (verb or "question" in tokens):
        return Jump(order[ends[core]])
    letter = core.upper() if core.upper() in grid.category_by_id else words.categories.get(core)
    first = next((question_id for question_id in order if question_id.startswith(letter or "-")), None)
    return Jump(first) if first else part_to_go_to(normal, order, grid, words)


def walk_target(normal: str, grid: Questionnaire, words: ReplyWords) -> OpenWalk | None:
    """As in "let's go through Tool 1", "indicators checklist", "now the prospection"."""
    rest = trim(re.sub(r"(?<!\w)[ld]'", "", normal))
    verb = next((verb for verb in words.walk_verbs if starts_with(rest, verb) and rest != verb), None)
    rest = trim(rest[len(verb) :]) if verb else rest
    core = rest if rest in words.walks else " ".join(token for token in rest.split() if token not in words.walk_nouns)
    # A bare "indicators" may be part of an answer; with a verb, a number or "checklist" it is a wish.
    if verb is None and core == rest and " " not in core:
        return None
    name = words.walks.get(core)
    if name is not None:
        return OpenWalk(name) if grid.walk(name) else None
    step = words.walk_steps.get(core)
    parts = [(walk.id, part) for walk in grid.walks for part in walk.parts]
    begun = [(name, part) for name, part in parts if step and find_phrase(normalise(part.name), step) >= 0]
    return OpenWalk(begun[0][0], begun[0][1].questions[0].id) if begun else None
