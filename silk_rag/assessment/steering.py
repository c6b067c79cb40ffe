"""What steers the talk instead of answering: commands, jumps, walks, a change of mode or scope."""

from __future__ import annotations

import re
from typing import cast

from silk_rag.assessment.acts import Act, Command, CommandName, SetMode, SetScope
from silk_rag.assessment.codes import bare_code, clauses
from silk_rag.assessment.context import Context
from silk_rag.assessment.doubts import is_about_the_talk
from silk_rag.assessment.going import is_wish_to_go_back, is_wish_to_skip
from silk_rag.assessment.normalise import ends_with, find_phrase, starts_with, trim
from silk_rag.assessment.targets import jump_target, walk_target
from silk_rag.assessment.words import ReplyWords

# "Not sure what you mean by services" asks for an explanation; a whole account that holds such words does not.
LONGEST_CLARIFICATION = 14
LONGEST_WISH = 14
_ONLY_CATEGORIES = re.compile(
    r"(?:only|just)(?: do)?(?: the)?(?: categor(?:y|ies)| parts?| sections?)? "
    r"([a-f](?:(?:\s*,\s*|\s*&\s*|\s+and\s+)[a-f])*)"
)
_PLEASE = re.compile(
    r"(?<!\w)(?:please|pls|plz|bitte|s'il vous plait|s'il te plait|svp|por favor|per favore|alstublieft|"
    r"alsjeblieft)(?!\w)|\s*(?:해 ?)?(?:주세요|줘요|줘|주십시오|주실래요|할게요|갑시다|가요)$"
)
# What a wish to go elsewhere may be strengthened or softened with: "skip this whole section as well, then".
_LOOSE = re.compile(
    r"(?<!\w)(?:whole|entire|complete|as well|too|all of|for now|then|now|maybe|perhaps|let's|lets|we can|we could|"
    r"i'd)(?!\w)"
)
_SECTION = r"(?:section|part|category|block|chapter|topic|page)"
_SECTION_LEFT = re.compile(
    rf"(?:the )?(?:rest of )?(?:this|the) (?:rest of (?:this|the) )?{_SECTION} "
    rf"(?:isn't|isnt|is not|doesn't|doesnt|does not) (?:for|concern|apply|matter|relevant|about)\b.*|(?:skip|"
    rf"leave out|drop|jump over|pass over) .*\b(?:this|the|that) "
    rf"(?:rest of (?:this|the) )?{_SECTION}"
)
_LEAVES_OUT = re.compile(
    r"(?:let's |lets |please |also |and )*(?:skip|leave out|drop|jump over|pass over) (?:all )?(?:of )?(.+)"
)
_NEXT_SENTENCE = re.compile(r"[.!?;\n]\s+\S")
_SEPARATED = re.compile(r"[,.;:!]")
_HESITATES = re.compile(
    r"^(?:(?:hold on|hang on|wait|sorry|oops|oh|ah|actually|no wait|one moment|un momento|moment|attendez|espera|"
    r"aspetta)[,\s]+)+"
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
        _leaving_the_part(core, context, words)
        or _opened_by(core, words)
        or _after_yes_or_no(core, words)
        or walk_target(core, context.grid, words)
        or jump_target(core, context.order, context.grid, words)
        or _asked_politely(core, words)
    )


def _asked_politely(core: str, words: ReplyWords) -> Act | None:
    """As in "thank you, I would rather skip this one", "could we please go back one question"."""
    if is_wish_to_skip(core, words):
        return Command("skip")
    return Command("back") if is_wish_to_go_back(core, words) else None


def _leaving_the_part(core: str, context: Context, words: ReplyWords) -> Act | None:
    """As in "skip this whole section", "the rest of this part isn't for us", "skip the process stuff" when in it."""
    plain = " ".join(_LOOSE.sub(" ", _PLEASE.sub(" ", core)).split())
    if _SECTION_LEFT.fullmatch(plain) or (clauses(plain, words) and _SECTION_LEFT.fullmatch(clauses(plain, words)[0])):
        return Command("next_category")
    named = _LEAVES_OUT.fullmatch(plain)
    present = context.question
    if named is None or present is None:
        return None
    topic = " ".join(token for token in named.group(1).split() if token not in words.category_nouns)
    return Command("next_category") if words.categories.get(topic) == present.category else None


def _opened_by(core: str, words: ReplyWords) -> Act | None:
    """As in "I've got to run, the bus is here": how a short message opens says what is wanted."""
    if len(core.split()) > LONGEST_WISH or _NEXT_SENTENCE.search(core):
        return None
    command = _opening_of(core, words)
    return _as_act(command) if command else None


def _opening_of(core: str, words: ReplyWords) -> str | None:
    wish = _HESITATES.sub("", _without_fillers(core, words))
    opening = next((each for each in words.opening_order if starts_with(wish, each)), None)
    return words.command_openings[opening] if opening else None


def _without_fillers(core: str, words: ReplyWords) -> str:
    for _ in range(3):
        filler = next((filler for filler in words.fillers if starts_with(core, filler) and core != filler), None)
        if filler is None:
            break
        core = trim(core[len(filler) :])
    return core


def _after_yes_or_no(core: str, words: ReplyWords) -> Act | None:
    """As in "no, go back": the command counts, and the yes or no before it is no answer."""
    opening = next((word for word in ("yes", "no", "yeah", "nope") if core.startswith(f"{word} ")), None)
    spoken = [opening, trim(core[len(opening) :])] if opening else []
    told = [piece for piece in clauses(core, words) if not is_about_the_talk(piece, words)]
    for pieces in (spoken, told):
        codes = {bare_code(piece, words) for piece in pieces[:-1]}
        if codes not in ({"yes"}, {"no"}):
            continue
        command = _command(pieces[-1], words) or _opening_of(pieces[-1], words)
        if command == "repeat" and not _SEPARATED.search(core):
            return None  # "No again" is a no once more.
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
    core = _HESITATES.sub("", core)
    for _ in range(3):
        filler = next((filler for filler in words.fillers if starts_with(core, filler) and core != filler), None)
        if filler is None:
            filler_behind = next((word for word in words.fillers if ends_with(core, word) and core != word), None)
            core = trim(core[: -len(filler_behind)]) if filler_behind else core
        else:
            core = trim(core[len(filler) :])
        if core in words.commands:
            return words.commands[core]
    return words.commands.get(" ".join(_LOOSE.sub(" ", core).split()))


def _as_act(command: str) -> Act:
    if command == "onward":
        return Command("skip")
    if command.startswith("mode_"):
        return SetMode("planning" if command == "mode_planning" else "retrospective")
    if command.startswith("scope_"):
        return SetScope(command.removeprefix("scope_"))
    return Command(cast("CommandName", command))
