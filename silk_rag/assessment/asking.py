"""Tells what asks from what answers."""

from __future__ import annotations

import re

from silk_rag.assessment.codes import bare_code
from silk_rag.assessment.normalise import normalise, starts_with, trim
from silk_rag.assessment.words import ReplyWords

# "Is 30 % a lot", "should I answer no" ask, with or without their mark.
_ASKED_PLAINLY = re.compile(
    r"(?i)\s*(?:is|are|was|were|would|does|do|did|can|could|should|am)\s+"
    r"(?:(?:about |around )?\d|(?:it|we|they|you|i|he|she|this|that|these|those|there|the|an?|any|our|your|my|yes|no|"
    r"partly)\b)"
)
# "No really, what does it mean": the later part asks, so the opening is no answer.
_ASKED_LATER = re.compile(r"(?i)[,;]\s*(?:what(?!\s+an?\b)|what's|whats|how|why|can you|could you|tell me|explain)\b")
# "20 % of what", "outward meaning what".
_ASKED_LAST = re.compile(r"(?i)(?<!\w)(?:of|than|meaning|means|like|compared to|for|such as) what\W*$")
_LONGEST_ECHO = 2


def is_question(sentence: str, language: str, words: ReplyWords) -> bool:
    """Whether a sentence asks something: by its mark, or by how it opens in English or the person's language."""
    if sentence.rstrip("\"')* ").endswith(("?", "\uff1f")):
        return True
    if _ASKED_PLAINLY.match(sentence) or _ASKED_LATER.search(sentence) or _ASKED_LAST.search(sentence):
        return True
    if len(sentence.split()) < 2 and language != "ko":
        return False
    return any(opens_as_question(sentence, spoken, words) for spoken in {"en", language} & set(words.openers))


def is_echo(sentence: str, words: ReplyWords) -> bool:
    """As in "Prices? No, they're the same": a word of the question said again before it is answered."""
    normal = trim(normalise(sentence))
    if not sentence.rstrip().endswith("?") or len(normal.split()) > _LONGEST_ECHO:
        return False
    opens = any(opens_as_question(sentence, language, words) for language in words.openers)
    known = normal in words.commands or bare_code(normal, words) is not None or any(sign.isdecimal() for sign in normal)
    return not opens and not known


def opens_as_question(sentence: str, language: str, words: ReplyWords) -> bool:
    """Whether a sentence opens as questions do in a language."""
    normal = trim(normalise(sentence))
    # "Cómo no, cerramos con excedente" is a yes, however it opens.
    if bare_code(normal.partition(",")[0], words) is not None and ("," in normal or language != "en"):
        return False
    opened = re.sub(r"^(?:(?:ok|okay|and|but|so|well|hmm|please|yes|no|sorry)[,\s]+)+", "", normal)
    # "Yes, according to our survey" answers, "according to the papers ..." asks.
    openers = [opener for opener in words.openers[language] if opened == normal or opener != "according to"]
    return any(starts_with(opened, opener) for opener in openers)
