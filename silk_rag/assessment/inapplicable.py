"""Not applicable, said with its reason: "as a mutual we cannot have investors, so it does not apply to us".

The reason denies something and would be heard as a no; that the question does not apply outranks it. Every function is
pure and looks at normalised text.
"""

from __future__ import annotations

import re

from silk_rag.assessment.codes import bare_code, clauses
from silk_rag.assessment.doubts import is_conditional
from silk_rag.assessment.normalise import find_phrase, trim
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_AND = re.compile(r"(?<!\w)(?:and|et|y|e|und|en)(?!\w)")
# A Korean reason ends its clause without a comma: "지분이 없어서 해당 없습니다".
_KOREAN_REASON = re.compile(r"(?<=[\uac00-\ud7a3][서니까로라])\s")
# "It does not apply to all of us" leaves some to whom it does.
_SOME_OTHERS = frozenset(
    "all every each some other others always both tous toutes autres todos todas otros tutti altri todos outros "
    "alle andere allen".split()
)
_LONGEST_BESIDE = 7


def is_inapplicable(normal: str, words: ReplyWords) -> bool:
    """Whether one clause says that the question does not apply, and none says yes or partly."""
    pieces = clauses(normal, words)
    parts = [trim(part) for piece in pieces for part in _apart(piece, words) if trim(part)]
    if is_conditional(pieces, words):
        return False
    codes = {bare_code(part, words) for part in parts} - {None}
    return codes <= {"no", "not_applicable"} and any(_says_so(part, words) for part in parts)


def _apart(clause: str, words: ReplyWords) -> list[str]:
    """A clause cut where it concludes: "we have no shares so this does not apply"."""
    joints = "|".join(re.escape(word) for word in words.concluding)
    reasoned = re.split(rf"(?<!\w)(?:{joints})(?!\w)", _AND.sub(" so ", clause))
    return [part for each in reasoned for part in _KOREAN_REASON.split(each)]


def _says_so(part: str, words: ReplyWords) -> bool:
    """Whether the part holds such a phrase and beside it only words that say nothing: "this is ... to us"."""
    for phrase, code in words.leads.items():
        place = find_phrase(part, phrase) if code == "not_applicable" else -1
        if place < 0:
            continue
        beside = _WORD.findall(part[:place]) + _WORD.findall(part[place + len(phrase) :])
        plain = all(token in words.light | words.no_followers or token in words.category_nouns for token in beside)
        if plain and len(beside) <= _LONGEST_BESIDE and not _SOME_OTHERS & {*beside}:
            return True
    return False
