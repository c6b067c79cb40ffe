"""Yes, partly or no by setting right what was said before: "not one job, seven!", "at first no, now yes".

What holds by now, what is counted instead, what would be fairer, and what is told behind "it's not as if it had not".
Every function is pure and looks at normalised text.
"""

from __future__ import annotations

import re

from silk_rag.assessment.codes import bare_code
from silk_rag.assessment.normalise import find_phrase, starts_with, trim
from silk_rag.assessment.question_words import stems_of
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.values import JUDGEMENTS
from silk_rag.assessment.words import ReplyWords

_STEM = 5
_NOT_SO_FEW = re.compile(
    r"^(?:not|no|non|nao|pas|nicht|niet) (?:just |only |solo |nur )?(one|a|an|\w+)(?: [^\W\d_]+){0,2}?"
    r"(?:\s*[,;:\u2013-]\s*(?:but |sino |mais |ma |mas |sondern |maar )?|\s+(?:but|sino|mais|ma|mas|"
    r"sondern|maar)\s+)\W*(\w+)(?: [^\W\d_]+){0,2}\W*$"
)
_AT_FIRST = re.compile(
    r"(?<!\w)(?:at first|first|in the beginning|at the beginning|to begin with|initially|before|earlier|"
    r"early on|au debut|"
    r"d'abord|avant|al principio|antes|primero|all'inizio|prima|no inicio|no comeco|primeiro|anfangs|am anfang|zuerst|"
    r"fruher|eerst|in het begin|vroeger|처음엔|처음에는|전에는)(?!\w)"
)
_BY_NOW = re.compile(
    r"(?:^|[,.;:]?\s)(?:but |mais |pero |ma |mas |aber |maar )?(?:now|today|later|by now|then|in the end|maintenant|"
    r"aujourd'hui|apres|ahora|hoy|despues|luego|adesso|ora|oggi|poi|agora|hoje|depois|jetzt|heute|inzwischen|spater|nu|"
    r"vandaag|later|지금은|이제는)(?!\w)"
)
_NO_MORE = re.compile(
    r"(?<!\w)(?:not any ?more|no longer|no more|anymore|plus maintenant|ya no|non piu|ja nao|nicht mehr|"
    r"niet meer)(?!\w)"
)
_FAIRER = re.compile(
    r"^(?:would be|is|is probably|might be|serait|est|seria|es|sarebbe|e|ware|ist|zou|is) "
    r"(?:the )?(?:more |plus |mas |piu |mais )?(?:fair|fairer|fairest|closer|close|nearer|truer|honest|accurate|right|"
    r"juste|exact|proche|justo|exacto|cerca|giusto|vicino|certo|richtiger|fairer|eerlijker|juister)\w*"
    r"(?: (?:to the truth|answer|word|i think|de la verite|de la verdad|al vero|da verdade|zijn))*$"
)
_HELPED = frozenset(
    "it we they that this helped help did worked aide ayudo aiutato aiuto ajudou geholfen geholpen".split()
)


def set_right(normal: str, question: Question, words: ReplyWords) -> str | None:
    """The code that stands in the end, "contradiction" when what was said first is over, or None."""
    for read in (_counted, _by_now, _fairer):
        code = read(normal, words)
        if code:
            return code
    return _beside_the_denial(normal, question, words)


def _counted(normal: str, words: ReplyWords) -> str | None:
    """As in "not one job, seven!", "not one but two"."""
    found = _NOT_SO_FEW.match(normal)
    if found is None:
        return None
    few, many = (_number(each, words) for each in found.groups())
    return "yes" if few is not None and many is not None and many > few else None


def _number(said: str, words: ReplyWords) -> float | None:
    return float(said) if said.isdecimal() else words.numbers.get(said)


def _by_now(normal: str, words: ReplyWords) -> str | None:
    """As in "not in the beginning but now yes"; "yes at first, not any more" contradicts itself."""
    opened = _AT_FIRST.search(normal)
    if opened is None or re.search(r"\d", normal):
        return None
    if _NO_MORE.search(normal, opened.end()):
        return "contradiction"
    later = _BY_NOW.search(normal, opened.end())
    code = bare_code(normal[later.end() :], words) if later else None
    return code if code in JUDGEMENTS else None


def _fairer(normal: str, words: ReplyWords) -> str | None:
    """As in "partly would be fairer"."""
    lead = next(
        (each for each in words.lead_order if words.leads[each] == "partly" and starts_with(normal, each)), None
    )
    return "partly" if lead and _FAIRER.match(trim(normal[len(lead) :])) else None


def _beside_the_denial(normal: str, question: Question, words: ReplyWords) -> str | None:
    """As in "it's not as if we had done nothing; yes, we did", "não é que não tenha melhorado, melhorou um pouco"."""
    head, *later = re.split(r"[,;.:]\s+", normal, maxsplit=1)
    if not later or not any(find_phrase(head, phrase) >= 0 for phrase in words.turned_denials):
        return None
    code = bare_code(later[0], words) or bare_code(later[0].replace(",", ""), words)
    if code == "yes":
        return "yes"
    told = " ".join(t for t in later[0].split() if t[:_STEM] not in stems_of(question) and t not in _HELPED)
    return "partly" if told != later[0] and bare_code(told, words) == "partly" else None
