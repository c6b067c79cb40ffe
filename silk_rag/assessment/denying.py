"""A no said by the grammar of a clause: "not a penny from the state", "no investor ever called", "can't say we did".

A clause that denies once says no, one that denies twice says yes: "not without trouble", "can't deny it did". Where all
its words are the question's own or say nothing beside them, that is the answer; where it tells more, it is a guess that
needs a second opinion. Every function is pure and looks at normalised text.
"""

from __future__ import annotations

import re

from silk_rag.assessment.normalise import find_phrase, trim
from silk_rag.assessment.question_words import stems_of
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.readings import Guess, Reading
from silk_rag.assessment.values import AnswerValue
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_STEM = 5
_LONGEST, _LONGEST_SURE = 14, 8
# "I can't say I know", "can't say whether": what is not known is not denied.
_NOT_KNOWN = re.compile(
    r"(?<!\w)(?:know|sure|remember|recall|whether|if|what|how|which|why|for|yet|exactly|much|more|no|yes|so|si|oui|non|"
    r"sim|nao|ja|nein|nee)(?!\w)"
)
_TURNS = re.compile(
    r"(?<!\w)(?:but|except|only|just|other than|apart from|mais que|sauf|sino|salvo|tranne|se non|exceto|senao|ausser|"
    r"nur|behalve|alleen|(?:no|never been|not been|be|n't been) (?:worse|better)|wonder|doubt|denying|"
    r"like|as if|that much|bad|would|should|might|answer|say|said|fail\w*|lack\w*|stop|prevent\w*|"
    r"avoid\w*)(?!\w)"
)
# "Ne" and "n'" only announce the word that denies.
_ANNOUNCING = frozenset({"ne", "n", "en"})
_WITHOUT = frozenset({"without", "sans", "sin", "senza", "sem", "ohne", "zonder"})
_BOTH, _NOR = frozenset({"neither", "weder", "noch"}), frozenset({"nor", "noch"})
# "No investor has left us" denies something else than that investors came.
_CONTRARY = frozenset("left leave lost lose stopped against away gone".split())
# The denials that also stand by themselves.
_SPOKEN = frozenset({"no", "nope", "non", "nao", "nein", "nee"})
_LEAST_OF = re.compile(
    r"(?:not (?:one|a|an|a single|even (?:one|a))|no|pas une?|pas un seul|ni une?|ni un solo|"
    r"neanche un[ao]?|nemmeno un[ao]?|"
    r"nem uma?|nem um so|kein\w*|nicht ein\w*|geen(?: enkele?)?|niet een)(?!\w)"
)
# "That it did", "que non": what cannot be said is itself a no.
_NO_BEHIND = re.compile(r"(?:(?P<that>que|di|che|dass|dat) )?(?:no|non|nao|nein|nee)(?!\w)(?P<behind>.*)", re.DOTALL)
_IN_EARNEST = re.compile(
    r"(?<=\w) (?:honestly|really|truthfully|in good faith|in all honesty|vraiment|honnetement|realmente|sinceramente|"
    r"davvero|onestamente|ehrlich|wirklich|eerlijk)(?= \w)"
)
_SINGLE = re.compile(
    r"(?:a single|any|one|even one|ni un[ao]?(?: sol[ao])?|ningun[ao]?|un[ao]? sol[ao]|aucune?|nessun[ao]?|nenhum[a]?|"
    r"uma? unic[ao]|kein\w*|geen)(?!\w)(?P<what>.*)",
    re.DOTALL,
)
_FEWEST = 3
# "No puedo decir que no" is a yes, "no diría que no" only half of one.
_ABLE = re.compile(r"can|could|peu[tx]|pued|podemos|poss|puo|pode|kann|konnen|kan")
_JOINS = frozenset(
    (
        "ever even at all to of so far any got came gave brought saw was were is are been has had did seul "
        "case cas caso fall geval soit sea sia seja 하죠 합니다 해요 하겠어요 하지요 "
        "seule solo sola single einzige einziger einzigen einziges enkel enkele"
    ).split()
)


def unsaid(normal: str, question: Question, words: ReplyWords) -> Reading | Guess | None:
    """What is said by saying that it cannot be said, or denied: "can't say we did", "no puedo negar que sí"."""
    normal = _IN_EARNEST.sub("", normal)
    if _recalls_none(normal, question, words):
        return Reading(AnswerValue("no"), bare=False)
    for phrases, value in ((words.cannot_deny, "yes"), (words.cannot_say, "no")):
        for phrase in phrases:
            place = find_phrase(normal, phrase)
            before = re.split(r"[,;:.!]\s", normal[:place]) if place >= 0 else []
            if not before or len(_WORD.findall(before[-1])) > 2 or len(_WORD.findall(normal[:place])) > _LONGEST_SURE:
                continue
            rest = trim(normal[place + len(phrase) :])
            if value == "no" and (litotes := _NO_BEHIND.match(rest)):
                return _not_no(litotes, words, able=_ABLE.search(phrase) is not None)
            if value == "no" and (not rest or _NOT_KNOWN.match(_behind_that(rest)) or _is_not_known(rest)):
                return None
            clause = re.split(r"[,;:.!]", rest)[0]
            turned = {"yes": "no", "no": "yes"}[value] if _denials(clause, words) else value
            return _reading(turned, sure=not _foreign(_WORD.findall(clause), question, words))
    return None


def _not_no(litotes: re.Match[str], words: ReplyWords, *, able: bool) -> Reading | None:
    """As in "I would not say no. We exchange a lot": a yes where it goes on, or where the phrase means nothing else."""
    behind = trim(litotes.group("behind"))
    said_so = able and litotes.group("that") is not None and (not behind or behind in words.fillers)
    goes_on = len(_WORD.findall(behind)) >= _FEWEST and not _denials(behind, words) and not _TURNS.search(behind)
    return Reading(AnswerValue("yes"), bare=False) if said_so or goes_on else None


def _recalls_none(normal: str, question: Question, words: ReplyWords) -> bool:
    """As in "I cannot recall a single technical problem": none of what is asked for, and nothing else."""
    for phrase in words.cannot_recall:
        place = find_phrase(normal, phrase)
        single = _SINGLE.match(trim(normal[place + len(phrase) :])) if place >= 0 else None
        if single and len(_WORD.findall(normal[:place])) <= 2:
            return not _foreign(_WORD.findall(single.group("what")), question, words)
    return False


def is_none_at_all(normal: str, words: ReplyWords) -> bool:
    """As in "not one investor, not for us, not for the town"."""
    return _LEAST_OF.match(normal) is not None and _denials(normal, words) > 1


def denied(clause: str, question: Question, words: ReplyWords, *, alone: bool) -> Reading | Guess | None:
    """What a clause says by denying; `alone` says that the message is no more than this clause."""
    tokens = _WORD.findall(clause)
    denials = _denials(clause, words)
    if not 2 <= len(tokens) <= _LONGEST or not denials or re.search(r"\d", clause):
        return None
    heads = _is_denying(tokens[0], words)
    if heads and any(token in _WITHOUT for token in tokens[1:3]):
        troubled = question.favourable == "no" and not _foreign(tokens, question, words)
        return _reading("yes", sure=troubled)
    if _TURNS.search(clause) or any(
        find_phrase(clause, each) >= 0 for each in (*words.turned_denials, *words.cannot_say)
    ):
        return None
    again = [place for place, token in enumerate(tokens[1:4], 1) if token == tokens[0] or _is_denying(token, words)]
    if tokens[0] in _SPOKEN and again and (denials > 1 or tokens[1] == tokens[0]):
        return _said_again(clause, tokens, again[-1], question, words, alone=alone)
    named = [token for token in tokens if token[:_STEM] in stems_of(question) and len(token) > 3]
    least = heads and _LEAST_OF.match(clause) is not None and any(token in words.least for token in tokens[1:4])
    if denials != 1 or not (named or least):
        return None
    foreign = _foreign(tokens, question, words)
    # The Portuguese "no ano passado" opens like a no: what is denied stands right behind it.
    governed = tokens[0] != "no" or any(token in named for token in tokens[1:3]) or least
    return _reading("no", sure=alone and not foreign and governed and len(tokens) <= _LONGEST_SURE)


def _said_again(
    clause: str, tokens: list[str], last: int, question: Question, words: ReplyWords, *, alone: bool
) -> Reading | Guess | None:
    """As in "no no it was simple", "no nothing new there": the first no stands by itself, the rest says why."""
    if tokens[last] == tokens[0] and tokens[1] == tokens[0]:
        return Reading(AnswerValue("no"), bare=False)
    rest = clause[clause.index(tokens[0]) + len(tokens[0]) :].strip()
    once = _denials(rest, words) == 1
    return Reading(AnswerValue("no"), bare=False) if once else denied(rest, question, words, alone=alone)


def _reading(value: str, *, sure: bool) -> Reading | Guess:
    return Reading(AnswerValue(value), bare=False) if sure else Guess(AnswerValue(value))


def _behind_that(rest: str) -> str:
    return re.sub(r"^(?:that|que|qu'|che|dass|dat)\s*", "", rest)


def _is_not_known(rest: str) -> bool:
    """As in "can't say I know": a clause on one's own knowing."""
    return (
        re.match(r"(?:that )?(?:i|we)(?:'m| am|'re| are| do|'d| would| can)? (?:know|sure|remember|recall|tell)", rest)
        is not None
    )


def _denials(clause: str, words: ReplyWords) -> int:
    """How often a clause denies: all words of a language with concord, such as "no ... nada", deny once together."""
    tokens = _WORD.findall(clause)
    paired = _NOR if tokens and tokens[0] in _BOTH else frozenset()
    each = sum(
        token in words.denying or token.endswith("n't")
        for token in tokens
        if token not in words.concord and token not in paired
    )
    shared = any(token in words.concord for token in tokens if token not in _ANNOUNCING)
    return int(each + shared)


def _is_denying(token: str, words: ReplyWords) -> bool:
    return token in words.denying or token in words.concord or token.endswith("n't")


def _foreign(tokens: list[str], question: Question, words: ReplyWords) -> list[str]:
    """The words that neither the question holds nor how people answer."""
    own = stems_of(question)
    known = {
        *words.light,
        *words.least,
        *words.nothing_found,
        *words.local,
        *words.abroad,
        *words.beside_nothing,
        *_JOINS,
    }
    known |= words.troubles if question.favourable == "no" else set()
    known |= {word for phrase in (*words.companions, *words.fillers) for word in phrase.split()}
    return [
        token
        for token in tokens
        if not (
            (token in known and token not in _CONTRARY)
            or token[:_STEM] in own
            or _is_denying(token, words)
            or len(token) < 2
        )
    ]
