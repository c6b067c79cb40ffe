"""Takes the words of others out of a message: "our president says it's fantastic, I see no difference" -> the rest.

What others say is no answer. It is left out only where the person goes on in words of their own; a message that is
nothing but a report stays as it is, and is asked back. Every function is pure and looks at normalised text.
"""

from __future__ import annotations

import re

from silk_rag.assessment.normalise import find_phrase, normalise, starts_with, trim
from silk_rag.assessment.words import ReplyWords

_CLAUSE = re.compile(r"[,.;:!]\s+|\s+(?:but|pero|mais|ma|mas|aber|maar)\s+|\n")
_WORD = re.compile(r"[^\W\d_][\w'-]*")
# As many words as a subject has before the verb that reports: "the chair of our housing association says".
_LONGEST_SUBJECT = 7


def own_part(text: str, words: ReplyWords) -> str:
    """The text without the reports it opens with, if an own clause follows; otherwise the text itself."""
    rest = text
    while True:
        found = _CLAUSE.search(rest)
        clause = normalise(rest[: found.start()]) if found else ""
        disagrees = rest != text and any(find_phrase(clause, phrase) >= 0 for phrase in words.disagreeing)
        if found is None or not (disagrees or is_reported(clause, words)):
            return rest
        after = rest[found.end() :]
        if not disagrees and not _is_own(trim(normalise(after)), words) and not _CLAUSE.search(after):
            return rest
        rest = after


def is_reported(clause: str, words: ReplyWords) -> bool:
    """Whether the clause tells what somebody else says or thinks: "my boss says no", not "I say no"."""
    for verb in words.reporters:
        place = find_phrase(clause, verb)
        subject = _WORD.findall(clause[:place]) if place > 0 else []
        if 0 < len(subject) <= _LONGEST_SUBJECT and not any(word in words.own_voice for word in subject):
            return True
    return False


def is_about_others(normal: str, words: ReplyWords) -> bool:
    """Whether a message tells of other organisations and nothing of the own: "a co-op down the road did well"."""
    told = _WORD.findall(normal)
    if any(word in words.own_voice or word in words.own_possessions for word in told):
        return False
    return any(find_phrase(normal, phrase) >= 0 for phrase in words.others)


def agreed(normal: str, words: ReplyWords) -> str | None:
    """The code that others say and the person calls right: "the union would tell you no, and they're right"."""
    if not any(find_phrase(normal, phrase) >= 0 for phrase in words.agreeing):
        return None
    for verb in words.reporters:
        place = find_phrase(normal, verb)
        said = trim(normal[place + len(verb) :]) if place > 0 else ""
        phrase = next((each for each in words.lead_order if starts_with(said, each)), None)
        if phrase and is_reported(normal[: place + len(verb)], words):
            return words.leads[phrase]
    return None


def _is_own(clause: str, words: ReplyWords) -> bool:
    """Whether the clause opens in the person's own voice: "I see ...", "for me ...", "we ..."."""
    return any(starts_with(clause, word) for word in (*words.own_voice, *words.own_view))
