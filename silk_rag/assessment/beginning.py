"""The first exchange: looking back or planning ahead, and how much of the grid, in the person's own words.

Nothing is chosen that was not said in one reading: two choices in one breath, a choice denied and a choice put as a
question are asked back. What was chosen is said, and can be changed at any time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from silk_rag.assessment import wording
from silk_rag.assessment.acts import Act, Command, Digress, SetMode, SetScope, Unclear
from silk_rag.assessment.asking import is_question
from silk_rag.assessment.commands import Step
from silk_rag.assessment.context import Context
from silk_rag.assessment.events import AskedBack, Digressed, Event, ModeSet, Paused, ScopeSet, Undecided
from silk_rag.assessment.normalise import find_phrase, longest_first, normalise, starts_with, trim
from silk_rag.assessment.questionnaire import Mode, Questionnaire
from silk_rag.assessment.replies import understand
from silk_rag.assessment.state import State, apply
from silk_rag.assessment.words import ReplyWords

_LETTERS = re.compile(r"(?:[a-f](?!\w)[\s,;&+/]*(?:(?:and|et|y|e|und|en|plus)\s+)?)+")
# The words a denial may stand away from what it denies: "not the quick scan", "we are not yet planning".
_DENIAL_REACH = 3
_LONGEST_REQUEST = 4
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_ORDINALS: Mapping[str, int] = {"first": 1, "second": 2, "third": 3}
# What may be said before anything is decided; all else waits for the first question.
_ALLOWED = frozenset({"why", "progress", "help", "privacy", "language", "pause", "greeting", "wait", "repeat", "next"})
_MODES: tuple[Mode, ...] = ("retrospective", "planning")

_WHY: Mapping[str, str] = {
    "mode": (
        "The papers mean their grid for both: to assess an internationalisation afterwards, or to help plan one. The "
        "questions are the same, worded for what happened or for what you expect. If you have done one thing and plan "
        "another, take the one you want to learn from first; you can do the other later and compare."
    ),
    "scope": (
        "The effort should be in proportion to what is at stake for you. The quick scan is the editors' choice of the "
        "questions that tell most, and a fair start: you can widen it to all at any time, and nothing you answered is "
        "lost. Parts make sense when you care for one side only, for instance mission or finance."
    ),
}
_NOT_CAUGHT = "I did not catch which, so nothing is chosen yet. The number is enough."
_ASKED_BACK: Mapping[str, str] = {
    "contradiction": "I am not sure which you mean, so nothing is chosen yet.",
    "which_parts": "Gladly. Which parts? Say for instance “C and E”, or “mission and finance”.",
    "needs_confirmation": (
        "You put that as a question, so nothing is chosen yet. Say it without the question mark and I will."
    ),
    "nothing_said": "Take your time.",
    "complaint": "Fair enough. The quick scan is short, and every question can be skipped.",
    "instruction": "I can only note what you answer yourself. Nothing is chosen yet.",
}
_HELP = (
    "First we settle what to go through; the number or your own words are enough. Then the questions come one at a "
    "time, and you may skip any, go back, correct, ask why, and ask the papers anything in between."
)


@dataclass(frozen=True, slots=True)
class Cues:
    """What the words point at, each once; what they deny stands apart."""

    found: frozenset[str]
    denied: frozenset[str]


def understand_beginning(text: str, state: State, grid: Questionnaire, words: ReplyWords) -> tuple[Act, ...]:
    """The acts of a message while mode or scope are undecided; never empty."""
    normal = normalise(text)
    stage: Undecided = state.undecided[0]
    context = Context(question=None, order=state.order, grid=grid, language=state.language)
    heard = understand(text, context, words)
    if len(heard) == 1 and isinstance(heard[0], Command) and heard[0].name in _ALLOWED:
        return heard
    asks = is_question(text, state.language, words)
    if not asks or _is_request(normal, words):
        choices = _choices(trim(normal), stage, state, grid, words)
        if choices:
            return choices
    elif any(find_phrase(normal, phrase) >= 0 for phrase in words.beginning["explain"]):
        return (Command("why"),)
    elif len(normal.split()) <= _LONGEST_REQUEST and _choices(trim(normal), stage, state, grid, words):
        return (Unclear("needs_confirmation"),)
    acts = tuple(act for act in heard if _is_allowed(act))
    return acts or (Unclear("not_understood"),)


def _is_allowed(act: Act) -> bool:
    if isinstance(act, Command):
        return act.name in _ALLOWED and act.question_id is None
    if isinstance(act, Unclear):
        return act.reason in {"complaint", "instruction", "nothing_said"}
    return isinstance(act, Digress)


def _is_request(normal: str, words: ReplyWords) -> bool:
    """As in "could we do the quick scan?": a wish put as a question."""
    opened = trim(re.sub(r"^(?:(?:ok|okay|hi|hello|well|so|please|and)[,\s]+)+", "", trim(normal)))
    return any(starts_with(opened, phrase) for phrase in words.beginning["requests"])


def _choices(core: str, stage: Undecided, state: State, grid: Questionnaire, words: ReplyWords) -> tuple[Act, ...]:
    """What is chosen; what is unclear about it comes instead. Empty when the words choose nothing."""
    if any(find_phrase(core, phrase) >= 0 for phrase in words.beginning["you_choose"]):
        return _recommended(stage)
    if stage == "mode" and core in words.beginning["both"]:
        return (Command("why"),)
    place = _place(core, words)
    if place is not None:
        return _by_place(place, stage)
    mode = _cues(core, {name: words.beginning[name] for name in _MODES}, words)
    chosen: list[Act] = []
    if "mode" in state.undecided and (mode.found or mode.denied):
        if len(mode.found) != 1:
            return (Unclear("contradiction"),)
        chosen.append(SetMode("planning" if "planning" in mode.found else "retrospective"))
    if "scope" in state.undecided:
        scope = _scope(core, stage, grid, words)
        chosen += [scope] if scope else []
    return tuple(chosen)


def _recommended(stage: Undecided) -> tuple[Act, ...]:
    """Effort in proportion: the quick scan is a fair start. Which view is right only the person can know."""
    return (SetScope("quick"),) if stage == "scope" else (Command("why"),)


def _place(core: str, words: ReplyWords) -> int | None:
    """As in "2", "option 2", "the second one"."""
    match = re.fullmatch(r"(?:the |option |number |nr\.? |no\. |#)*(\w+)(?: one| option)?[.)]?", core)
    if match is None:
        return None
    word = match.group(1)
    if word.isdecimal():
        return int(word)
    return _ORDINALS.get(word) or (int(words.numbers[word]) if word in words.numbers and len(word) > 2 else None)


def _by_place(place: int, stage: Undecided) -> tuple[Act, ...]:
    if stage == "mode":
        return (SetMode(_MODES[place - 1]),) if place in {1, 2} else ()
    by_place: Mapping[int, Act] = {
        1: SetScope("quick"),
        2: SetScope("full"),
        3: Unclear("which_parts"),
        20: SetScope("quick"),
        78: SetScope("full"),
    }
    return (by_place[place],) if place in by_place else ()


def _scope(core: str, stage: Undecided, grid: Questionnaire, words: ReplyWords) -> SetScope | Unclear | None:
    named = _cues(core, {name: words.beginning[name] for name in ("quick", "full", "parts")}, words)
    marked = any(find_phrase(core, phrase) >= 0 for phrase in words.beginning["only"])
    told = stage == "scope" or marked or "parts" in named.found
    letters, denied = _categories(core, words) if told else ((), False)
    if letters and "quick" not in named.found:
        without = any(find_phrase(core, phrase) >= 0 for phrase in words.beginning["without"])
        if without:
            return SetScope(tuple(letter for letter in grid.category_by_id if letter not in letters))
        return Unclear("contradiction") if denied or "full" in named.found else SetScope(letters)
    lengths = named.found - {"parts"}
    if len(lengths) > 1 or (lengths and letters) or (named.denied and not lengths):
        return Unclear("contradiction")
    if lengths:
        return SetScope(next(iter(lengths)))
    return Unclear("which_parts") if named.found else None


def _categories(core: str, words: ReplyWords) -> tuple[tuple[str, ...], bool]:
    """The parts that are named by their words or, with nothing else beside them, by their letters."""
    names: dict[str, list[str]] = {}
    for phrase, letter in words.categories.items():
        names.setdefault(letter, []).append(phrase)
    cues = _cues(core, names, words)
    typed = {letter for clause in re.split(r"[.;:!?\n]", core) for letter in _letters(clause, words)}
    return tuple(sorted(cues.found | cues.denied | typed)), bool(cues.denied)


def _letters(clause: str, words: ReplyWords) -> set[str]:
    """As in "only C and D", "parts a, f"; a letter beside other words is none."""
    rest = clause
    for phrase in longest_first((*words.beginning["only"], *words.beginning["parts"], *words.beginning["without"])):
        rest = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", rest)
    rest = trim(" ".join(token for token in rest.split() if token not in {*words.category_nouns, "full", "all"}))
    return {each.upper() for each in re.findall(r"(?<!\w)[a-f](?!\w)", rest)} if _LETTERS.fullmatch(rest) else set()


def _cues(text: str, meanings: Mapping[str, Iterable[str]], words: ReplyWords) -> Cues:
    """Every meaning whose phrases stand in the text; what a longer phrase has claimed no shorter one finds again."""
    of_phrase = {phrase: meaning for meaning, phrases in meanings.items() for phrase in phrases}
    found: set[str] = set()
    denied: set[str] = set()
    for phrase in longest_first(of_phrase):
        place = _find(text, phrase)
        while place >= 0:
            clause = re.split(r"[,.;:!?]", text[:place])[-1]
            before = re.findall(r"[\w']+", clause)[-_DENIAL_REACH:]
            is_denied = any(word in words.opposing or word in words.denials for word in before)
            (denied if is_denied else found).add(of_phrase[phrase])
            text = text[:place] + "\0" * len(phrase) + text[place + len(phrase) :]
            place = _find(text, phrase)
    return Cues(frozenset(found - denied), frozenset(denied))


def _find(text: str, phrase: str) -> int:
    """Where the phrase stands; Korean words carry their particles at their end."""
    return text.find(phrase) if _HANGUL.search(phrase) else find_phrase(text, phrase)


def greeting(state: State, grid: Questionnaire) -> str:
    """The first words where something is still to be decided, and the first thing that is."""
    welcome = (
        "Welcome. We go through the evaluation grid of the SILK papers together, "
        f"{len(grid.by_id)} questions at most, and you get a report. "
        "Answer in your own words; **help**, **why?** and **pause** work at any time. Every answer is saved at once."
    )
    return f"{welcome}\n\n{ask_beginning(state, grid)}"


def ask_beginning(state: State, grid: Questionnaire) -> str:
    """What is to be decided next, with the choices numbered."""
    if state.undecided[0] == "mode":
        return (
            "**Do we look back, or plan ahead?**\n\n"
            "1. **Look back** at what you did abroad\n"
            "2. **Plan ahead** for what you are going to do"
        )
    quick, full = len(grid.in_scope("quick")), len(grid.in_scope("full"))
    parts = " · ".join(f"{category.id} {category.title}" for category in grid.categories)
    return (
        "**How much of it?**\n\n"
        f"1. A **quick scan** of {quick} questions, about {wording.minutes(quick)}\n"
        f"2. **All {full}** questions, about {wording.minutes(full)}\n"
        f"3. **Parts** of your choice, for instance “only finance and mission”: {parts}"
    )


def step_at_beginning(act: Act, state: State, grid: Questionnaire) -> Step:
    """What one act leads to while something is undecided."""
    match act:
        case SetMode():
            view = "plan ahead" if act.mode == "planning" else "look back"
            other = "looking back at it" if act.mode == "planning" else "planning mode"
            return Step((ModeSet(act.mode),), f"Good, we **{view}**. (Say “{other}” to change that later.)", "again")
        case SetScope():
            scope = (act.scope,) if isinstance(act.scope, str) else act.scope
            order = grid.in_scope(act.scope)
            decided = apply(state, ScopeSet(scope, order))
            said = f"Good: **{wording.asked(decided, grid)}**, about {wording.minutes(len(order))}."
            return Step((ScopeSet(scope, order),), said, "again")
        case Digress():
            return Step((Digressed(act.text),), closing="again", digression=act.text)
        case Command():
            events: tuple[Event, ...] = (Paused(),) if act.name == "pause" else ()
            return Step(events, _said_to(act, state, grid), "none" if act.name in {"pause", "wait"} else "again")
        case Unclear():
            return Step((AskedBack(None, act.reason),), _ASKED_BACK.get(act.reason, _NOT_CAUGHT), "again")
        case _:
            return Step(closing="again")


def _said_to(act: Command, state: State, grid: Questionnaire) -> str:
    said: Mapping[str, str] = {
        "why": _WHY[state.undecided[0]],
        "progress": _how_long(grid),
        "help": _HELP,
        "privacy": wording.PRIVACY,
        "language": wording.LANGUAGES,
        "pause": wording.paused(),
        "wait": "Take your time.",
        "greeting": "Hello!",
    }
    return said.get(act.name, "")


def _how_long(grid: Questionnaire) -> str:
    quick, full = len(grid.in_scope("quick")), len(grid.in_scope("full"))
    return (
        f"About half a minute a question: {wording.minutes(quick)} for the quick scan, {wording.minutes(full)} for all "
        f"{full}, in between for parts. You can stop at any time and go on later, and widen a quick scan afterwards."
    )
