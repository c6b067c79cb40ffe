"""A length of time told by its two ends: "from March to September", "first call in May 2019, signed in June 2020".

A pure function over normalised text; what it finds is a matter of counting, so the dialogue notes it with some doubt.
"""

from __future__ import annotations

import re
from functools import lru_cache

from silk_rag.assessment.normalise import find_phrase
from silk_rag.assessment.values import AnswerValue
from silk_rag.assessment.words import ReplyWords

# "May" and "march" are verbs, "mai" is never in Italian, "mars" a planet: months only behind such a word.
_OTHER_WORDS = frozenset({"may", "march", "mai", "mars"})
_BEFORE_A_MONTH = tuple(
    "in from since until by to of between and early late mid de a en entre et von bis im seit und".split()
)
_YEAR = r"(?:19|20)\d\d"


def span_in(normal: str, words: ReplyWords) -> AnswerValue | None:
    """The months between the two that a text names; None when it names more or fewer, or another number."""
    found = list(_months(tuple(words.month_names)).finditer(normal))
    if len(found) != 2 or re.search(r"\d", _months(tuple(words.month_names)).sub("", normal)):
        return None
    first, last = (words.month_names[match.group(1)] for match in found)
    years = [int(match.group(2)) if match.group(2) else None for match in found]
    if years[0] and years[1]:
        between = 12 * (years[1] - years[0]) + last - first
    else:
        later = any(find_phrase(normal, phrase) >= 0 for phrase in words.next_year)
        between = last - first + (12 if later or last < first else 0)
    return AnswerValue(float(between), "months") if between > 0 else None


@lru_cache(maxsize=2)
def _months(names: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted((name for name in names if name not in _OTHER_WORDS), key=len, reverse=True)
    plain = "|".join(map(re.escape, longest))
    doubtful = "|".join(sorted(set(names) & _OTHER_WORDS))
    behind = "|".join(rf"(?<=\b{each} )" for each in _BEFORE_A_MONTH)
    named = rf"(?<!\w)((?:{behind})(?:{doubtful})|{plain})(?:에서|부터|까지|에)?(?!\w)"
    return re.compile(rf"{named}(?:\s+(?:de |del |of |do )?({_YEAR}))?")
