"""Follow-ups that ask for the same again in another way: "shorter", "more", "the second one", "and in Mexico?".

They are read without a model: from the question before, the passages that its answer cited, and the cases both name.
What leans on the conversation in any other way is left to `conversation`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from silk_rag.answering.conversation import Exchange
from silk_rag.cases import Case, cases_asked_about

Move = Literal["shorter", "more", "pointing", "swap"]

#: A follow-up with more words than this says something of its own.
_MOST_WORDS = 10
_SHORTER = re.compile(
    r"(?:\w+\W+){0,4}(?:shorter|briefly|brief|in short|in a nutshell|in (?:one|two|a few) (?:sentences?|words?|lines?)|"
    r"summari[sz]e(?: it| that| this)?|tl;?dr|plus court|plus bref|en bref|en résumé|résume|m[áa]s cort[oa]|"
    r"m[áa]s breve|en resumen|resum[ea]|pi[ùu] breve|in breve|riassumi|mais curt[oa]|mais breve|em resumo|resume|"
    r"k[üu]rzer|kurz gesagt|zusammengefasst|korter|in het kort|samengevat|짧게|간단히|요약)(?:\W+\w+){0,3}",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:(?:please|ok|okay|yes|and|can you|could you|tell me|show me|give me|say|is there|are there|do you have|"
    r"i want|any|some)\W+)*"
    r"(?:more(?: about (?:it|that|this))?(?: details?| examples?)?|go on|continue|keep going|"
    r"(?:anything|what|who|which|where|something) else|(?:any |the |some )?others?|which others?|"
    r"another(?: one| example)?|"
    r"encore|(?:dis-m'en )?plus|autre chose|qui d'autre|quoi d'autre|continue|m[áa]s|algo m[áa]s|qui[ée]n m[áa]s|"
    r"qu[ée] m[áa]s|sigue|altro|di pi[ùu]|chi altro|cos'altro|continua|mais|mais algu[ée]m|o que mais|quem mais|"
    r"mehr|noch mehr|weiter|wer noch|was noch|meer|nog meer|wie nog|ga door|더|더 알려 ?줘|계속)"
    r"(?:\W+(?:please|then|on this|on that))*",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_POINTS = re.compile(
    rf"(?:the |that |your )?\b(?P<word>{'|'.join(_ORDINALS)}|last)\b"
    r"(?: (?:one|point|quote|quotation|source|citation|passage|example|item|case|organi[sz]ation))?"
    r"|(?:number|no\.?|source|point|citation|quote|nr\.?)\s*(?P<number>[1-9])\b|\[(?P<mark>[1-9])\]",
    re.IGNORECASE,
)
#: What else may stand beside it for a message to be about nothing but that citation.
_ASKS_ABOUT = re.compile(
    r"(?:(?:and|what|who|how|tell|me|us|more|about|of|on|is|was|are|does|do|did|explain|say|mean|it|please|can|could|you|"
    r"show|give|details?|the|that|this|one|with|for|in|why|say|go|into|expand)\W*)*",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"(?:(?:and|now|please|can you|could you)\W+)*"
    r"(?:compare (?:the two|them|both|these|those)(?: two)?|what(?:'s|’s| is| are) the differences?"
    r"(?: between (?:them|the two|these|those|both)(?: two)?)?|"
    r"how (?:do|are) (?:they|the two|these) (?:differ|compare|different)|"
    r"compare-les|compare les deux|quelle (?:est la )?différence|comp[áa]ral[oa]s|cu[áa]l es la diferencia|confrontali|"
    r"qual [èé] a? ?(?:la )?(?:differenza|diferença)|compare-os|vergleiche (?:sie|beide|die beiden)|"
    r"was ist der unterschied|vergelijk (?:ze|beide)|wat is het verschil|비교해 ?줘|차이가 뭐야)",
    re.IGNORECASE,
)
#: "And in X?", with nothing else in it.
_SWAPS = re.compile(
    r"(?:and|what about|how about|what of|same (?:question )?for|"
    r"is (?:it|that|this) (?:also )?(?:the same|true|so|different) (?:for|with|at|in)|"
    r"does (?:it|that|this) (?:also )?(?:hold|apply|go|work) (?:also )?(?:for|to|at|in|with)|"
    r"et|et pour|qu'en est-il|y|qu[ée] tal|e|und|wie ist es|"
    r"en|hoe zit het met|그리고)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SMALL_WORDS = re.compile(
    r"(?:the|in|of|for|with|at|from|to|about|a|an|its?|case|one|people|co-?op|en|au|aux|à|la|le|les|de|du|des|pour|el|los|"
    r"in|il|lo|di|per|o|os|no|na|do|da|para|bei|mit|dem|der|die|das|von|de|het|bij|voor|then|there|like|it|is|was)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is asked: the `question` by itself, and which cases it is about where its words alone may not say so.

    For "the second one" also the passage pointed at, and for "more" those that were shown already.
    """

    move: Move
    question: str
    cases: tuple[str, ...] = ()
    pointed_at: str | None = None
    shown: frozenset[str] = frozenset()


def follow_up(text: str, before: Sequence[Exchange], cases: Sequence[Case]) -> FollowUp | None:
    """How a message takes up the exchange before it, or None when it asks something of its own."""
    if not before or len(text.split()) > _MOST_WORDS:
        return None
    last = before[-1]
    said = text.strip(" \t?!.…")
    if _SHORTER.fullmatch(said):
        return FollowUp("shorter", last.question)
    if pointed_at := _pointed_at(said, last):
        return FollowUp("pointing", last.question, pointed_at=pointed_at)
    if _MORE.fullmatch(said):
        same = takewhile(lambda exchange: exchange.question == last.question, reversed(before))
        return FollowUp("more", last.question, shown=frozenset(p for exchange in same for p in exchange.passages))
    return _compared(before, cases) if _COMPARES.fullmatch(said) else _swapped(said, last.question, cases)


def _pointed_at(said: str, last: Exchange) -> str | None:
    """The passage behind the citation that a message points at, if it is about nothing else."""
    found = _POINTS.search(said)
    if found is None or not last.passages:
        return None
    around = f"{said[: found.start()]} {said[found.end() :]}"
    if _ASKS_ABOUT.fullmatch(around.strip(" ?!.,'")) is None:
        return None
    word = (found["word"] or "").lower()
    if word == "last":
        return last.passages[-1]
    number = _ORDINALS.index(word) + 1 if word else int(found["number"] or found["mark"])
    return last.passages[number - 1] if number <= len(last.passages) else None


def _swapped(said: str, question: str, cases: Sequence[Case]) -> FollowUp | None:
    """The question before, asked of another case: "How does Scotland help?", "and Catalonia?"."""
    opening = _SWAPS.match(said)
    if opening is None:
        return None
    new, old = _cases_in(said, cases), _cases_in(question, cases)
    if len(new) != 1 or len(old) != 1 or new[0][0].id == old[0][0].id:
        return None
    case, mention = new[0]
    rest = said[opening.start("rest") : mention.start()] + " " + said[mention.end() :]
    if any(_SMALL_WORDS.fullmatch(word.strip(" ,'’")) is None for word in rest.split()):
        return None
    start, end = old[0][1].span()
    return FollowUp("swap", f"{question[:start]}{mention.group()}{question[end:]}", cases=(case.id,))


def _compared(before: Sequence[Exchange], cases: Sequence[Case]) -> FollowUp | None:
    """The question before, asked of its case together with the one that was asked about before that."""
    question = before[-1].question
    mentions = [found[0] for exchange in reversed(before) if len(found := _cases_in(exchange.question, cases)) == 1]
    if not mentions:
        return None
    newest, here = mentions[0]
    other, there = next(((case, found) for case, found in mentions if case.id != newest.id), (newest, here))
    if other is newest or here.string != question:
        return None
    both = f"{question[: here.start()]}{there.group()} and {here.group()}{question[here.end() :]}"
    return FollowUp("swap", both, cases=(other.id, newest.id))


def _cases_in(text: str, cases: Sequence[Case]) -> list[tuple[Case, re.Match[str]]]:
    """The cases a text names; where it names none, those whose places it names."""
    named = cases_asked_about(text, cases)
    return named or [(case, found) for case in cases if (found := case.place_in(text))]
