"""What steers the talk instead of answering: commands, jumps, walks, a change of mode or scope."""

from __future__ import annotations

import re
from typing import cast

from silk_rag.assessment.acts import Act, Command, CommandName, SetMode, SetScope
from silk_rag.assessment.answers import bare_code, clauses
from silk_rag.assessment.context import Context
from silk_rag.assessment.normalise import ends_with, find_phrase, starts_with, trim
from silk_rag.assessment.targets import jump_target, walk_target
from silk_rag.assessment.words import ReplyWords

# "Not sure what you mean by services" asks for an explanation; a whole account that holds such words does not.
LONGEST_CLARIFICATION = 14
_ONLY_CATEGORIES = re.compile(
    r"(?:only|just)(?: do)?(?: the)?(?: categor(?:y|ies)| parts?| sections?)? "
    r"([a-f](?:(?:\s*,\s*|\s*&\s*|\s+and\s+)[a-f])*)"
)
_PLEASE = re.compile(
    r"(?<!\w)(?:please|pls|plz|bitte|s'il vous plait|s'il te plait|svp|por favor|per favore|alstublieft|"
    r"alsjeblieft)(?!\w)"
)


def steering_act(normal: str, context: Context, words: ReplyWords) -> Act | None:
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
