"""What around an answer makes it doubtful: irony, conditions, words about the talk or about something else.

Every function is pure and looks at normalised text. What is doubted is asked back, never dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from silk_rag.assessment.normalise import find_phrase, longest_first, normalise, starts_with, trim
from silk_rag.assessment.question_words import wordings_of
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.words import ReplyWords

# "Same capacity as before" tells of the matter, "same as before" of an answer.
_SAME_THING = re.compile(r"(?<!\w)same (?!as )(?:[\w-]+ ){1,3}as (?:before|above)")
_NUMBER = re.compile(r"\d[\d.,]*")
_WORD = re.compile(r"[^\W\d_][\w'-]*")
# "not more than 30 %", "not even a year" give the number; "not 30 %" does not.
_AFTER_NOT = frozenset({"more", "less", "over", "under", "even", "quite", "only", "much", "above", "below"})
_SHARE_OF = re.compile(
    r"(?:%|per ?cent|pct|prozent|procent|half|thirds?|quarters?|fifths?|tenths?|moitie|tiers|quart|mitad|tercio|cuarto|"
    r"meta|terzo|quarto|terco|halfte|drittel|viertel|helft|derde|kwart)"
    r"\s*(?:of|de|des|du|d'|del|della|di|do|da|dos|das|von|der|van)\s+(.*)"
)
_LONGEST_OWNER = 4
# "Si contamos", "se tivermos", "wäre es": what only holds under a condition, by the form of its verb.
_IF = (
    r"si (?:on|nous|vous|l'on|le|la|les|el|los|las|nos|me|te|lo|hay|todo|tout|\w+(?:amos|emos|imos))(?!\w)|"
    r"se (?:\w+(?:ssimo|ssero|sse|iamo|armos|ermos|irmos|ssemos)|si|noi|nos|houver|tudo|tutto|ci)(?!\w)|"
    r"(?:quand|lorsque) (?:on|nous|il|ils|elle) (?:aur|ser|pourr|fer|recevr|obtiendr)\w+|"
    r"cuando (?:\w+(?:emos|amos)|haya|tengan|llegue|paguen)(?!\w)|quando (?:\w+(?:remo|rmos)|houver|ci sara)(?!\w)|"
    r"(?:ware|hatten wir|waren wir|gabe es|wurden wir) |(?:zouden we|hadden we|was het maar) "
)
_CONDITION_AT_THE_HEAD, _CONDITION = (
    re.compile(_IF),
    re.compile(
        rf"(?<!\w)(?:{_IF})|(?:었|았|였|했|없|는|한|된|간)(?:다면|으면)|(?<=[\uac00-\ud7a3])(?:라면|이면)(?!\w)"
    ),
)
# "99 % sure" says how sure one is.
_HOW_SURE = re.compile(
    r"\d ?(?:%|per ?cent|pct|procent|prozent|pour ?cent|por ?ciento|por ?cento|per ?cento) "
    r"(?:sure|certain|confident|positive|convinced|sur|surs|seguro|segura|sicuro|sicura|certo|certa|sicher|zeker|"
    r"organic|vegan|natural|local|recycled|bio|biologico|ecologico)(?!\w)"
)
# "Our partner makes 50 % of its earnings there": the share of somebody else.
_SOMEONE_ELSE = re.compile(
    r"(?:(?:our|the|my|their|a) (?:[\w-]+ )?(?:partners?|competitors?|neighbou?rs?|suppliers?|customers?|clients?|"
    r"buyers?|importers?|federation|others?)|competitors|other (?:co-?ops|firms|companies)|"
    r"notre partenaire|nos partenaires|nuestro socio|nuestros socios|il nostro partner|i nostri partner|"
    r"o nosso parceiro|os nossos parceiros|unser partner|unsere partner|onze partner|우리 파트너는|파트너는) "
    r"(?!is about|are about|share|sales|business|projects?)"
)
# "D'après", "dall'estero": what is joined to a word in French and Italian.
_ELIDED = re.compile(r"^(?:qu|[cdjlmnst]|dall|dell|nell|sull|all|un|quest)'(?=\w)")
_KOREAN_STEM, _KOREAN_PARTICLE = 2, 3
_MOST_BESIDE = 3
_NOTHING = ("nothing", "never", "nobody")


def is_ironic(normal: str, words: ReplyWords) -> bool:
    """As in "yeah right", "yes, in my dreams"."""
    spoken = " ".join(normal.replace(",", " ").split())
    return any(find_phrase(spoken, phrase) >= 0 for phrase in words.irony) or any(
        sign in normal for sign in ("/s", ";-)", ";)")
    )


def is_conditional(pieces: Sequence[str], words: ReplyWords) -> bool:
    """As in "yes, if we count volunteers": a later clause that sets a condition, or says whose words these are."""
    return any(opens_a_condition(piece, words) for piece in pieces[1:]) or any(
        starts_with(piece, phrase) for piece in pieces[1:] for phrase in words.reported
    )


def opens_a_condition(clause: str, words: ReplyWords) -> bool:
    """As in "if we ...", "si contamos ...", "once the ..."."""
    stated = any(starts_with(clause, phrase) for phrase in words.conditions)
    return stated or _CONDITION_AT_THE_HEAD.match(clause) is not None


def holds_a_condition(normal: str) -> bool:
    """Whether a condition stands anywhere, told by the form of its verb: "oui si on compte les dons"."""
    return _CONDITION.search(normal) is not None


def is_about_the_talk(clause: str, words: ReplyWords) -> bool:
    """As in "yes, I understand", "right, let me think": words to the one who asks, not about the matter."""
    core = trim(clause)
    if words.commands.get(core) == "wait":
        return True
    said = next((phrase for phrase in words.about_the_talk if starts_with(core, phrase)), None)
    # "I know" is said to the one who asks; "I know three co-ops that left" is not.
    return said is not None and len(core[len(said) :].split()) <= _MOST_BESIDE


def is_counted(rest: str, word: str) -> bool:
    """As in "네 명이": a Korean counter carries its particle, and what looks like a yes before it is a four."""
    return "\uac00" <= word[0] <= "\ud7a3" and rest.startswith(word)


def speaks_of_another_question(normal: str, words: ReplyWords) -> bool:
    """As in "yes to the previous one"."""
    said = _SAME_THING.sub(" ", normal)
    return any(find_phrase(said, phrase) >= 0 for phrase in words.other_question)


def is_no_measure(normal: str, question: Question, words: ReplyWords) -> bool:
    """Whether a number in the text measures something else: "3 years ago", "it grew by 30 %", "not 18 months"."""
    elsewhere = (*words.no_measure[question.kind], *words.wishes, *_NOTHING)
    if any(find_phrase(normal, phrase) >= 0 for phrase in elsewhere):
        return True
    if question.kind == "percent" and (_HOW_SURE.search(normal) or _SOMEONE_ELSE.match(normal)):
        return True
    for number in _NUMBER.finditer(normal):
        clause = re.split(r"[,;:]\s", normal[: number.start()])[-1]
        before = _WORD.findall(clause)[-2:]
        if before and before[-1] in words.denials:
            return True
        if len(before) == 2 and before[0] in words.denials and before[1] not in _AFTER_NOT:
            return True
    return question.kind == "percent" and _is_share_of_else(normal, question, words)


def _is_share_of_else(normal: str, question: Question, words: ReplyWords) -> bool:
    """As in "30 % of our staff" where a share of earnings is asked."""
    match = _SHARE_OF.search(normal)
    if match is None:
        return False
    owner = _WORD.findall(match.group(1))[:_LONGEST_OWNER]
    known = {*words.money, *_WORD.findall(normalise(question.text))}
    return bool(owner) and not any(word in known for word in owner) and not all(word in words.light for word in owner)


@lru_cache(maxsize=128)
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for hundreds of phrases, made once for each question: compiling it costs more than using it."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first(phrases)))})(?!\w)")


def is_about_something_else(
    rest: str, text: str, question: Question, known: Iterable[str], words: ReplyWords, *, most: int
) -> bool:
    """Whether more than `most` of the words in `rest` belong neither to the question nor to how people answer.

    `known` are words that count as the answer's own. Names, written with a capital in `text`, are no sign either way.
    """
    names = {normalise(name) for name in re.findall(r"(?<=[a-z,;] )[A-Z]\w+", text)}
    asked = normalise(wordings_of(question))
    own = {
        *_WORD.findall(asked),
        *words.light,
        *words.local,
        *words.abroad,
        *words.units,
        *words.numbers,
        *words.money,
        *names,
    }
    beside = (*words.fillers, *words.companions, *words.approximately, *words.hedges, *words.percent_signs)
    beside = (*beside, *(each for each in words.money if " " in each))
    rest = _NUMBER.sub(" ", rest)
    rest = _any_of((*known, *beside, *words.doubtful_marks)).sub(" ", rest)
    said = (_ELIDED.sub("", word) for word in _WORD.findall(rest))
    foreign = [word for word in said if word not in own and len(word) > 1]
    return len([word for word in foreign if not _goes_on_from(word, own)]) > most


def _goes_on_from(word: str, own: Iterable[str]) -> bool:
    """As in "매출의": a Korean word that is known, with its particle."""
    if not "\uac00" <= word[0] <= "\ud7a3":
        return False
    return any(
        len(each) >= _KOREAN_STEM and word.startswith(each) and len(word) - len(each) <= _KOREAN_PARTICLE
        for each in own
    )
