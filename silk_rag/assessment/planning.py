"""Yes and no where a plan is asked about: what is hoped for or aimed at is a yes, what is not planned is a no.

"We do expect some", "not planned", "that's not in our plans", "não contamos com isso". Only the question's own words
and words that say nothing may stand beside. A pure function over normalised text.
"""

from __future__ import annotations

import re

from silk_rag.assessment.normalise import find_phrase, trim
from silk_rag.assessment.question_words import stems_of
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_STEM = 5
_LONGEST = 12
# "Not planned yet", "noch nicht geplant" leave it open; "if", "maybe" doubt it.
_OPEN = re.compile(
    r"(?<!\w)(?:yet|still|if|whether|maybe|perhaps|not sure|know|encore|todavia|aun|ancora|ainda|noch|nog|"
    r"ob|wenn|falls|(?:one|we) can (?:only |but |always )?hope|had (?:planned|hoped|expected|wanted|intended)|"
    r"(?:was|were) (?:planning|hoping|expecting|going|supposed)|used to|avions|avait|habiamos|avevamo|tinhamos|hatten|"
    r"hadden|sobald|zodra|once|"
    r"si|se|als|discuss\w*|decid\w*|think\w* about|아직)(?!\w)"
)
# "The bank expects it": what others intend.
_OTHERS_INTEND = re.compile(
    r"(?<!\w)(?:(?!our (?:co-?op|coop|cooperative|association|organisation|mutual|board|team))"
    r"(?:the|our|my|their|his|her) (?:[\w-]+ ){1,2}(?:expects?|hopes?|wants?|reckons?|intends?|"
    r"aims?|plans to|foresees?)|"
    r"(?:they|he|she|people|everyone|everybody) (?:all )?(?:expects?|hopes?|wants?|reckons?|intends?|"
    r"aims?|plans?))(?!\w)"
)

# These point at what is asked and intend nothing: "esa es la intención", "on ne compte pas dessus".
_POINTING = frozenset("esa ese esse essa dessus questa questo quello daran dazu hierop hiermee".split())
# Turns of phrase that judge what is to come, said of anything: nothing else may stand beside them.
_THAT_IS = r"(?:well |yes |yeah )?(?:that|this|it)(?:'?s| is) (?:exactly |precisely |just |just about |really )?"
_SPOKEN = {
    "yes": rf"{_THAT_IS}(?:what (?:we(?:'?re| are)|i(?:'?m| am)) (?:all )?(?:after|going for|here for|joining for)|"
    r"why we(?:'?re| are) doing it|one of (?:our|the|my) (?:main |big )?"
    r"(?:dreams|aims|goals|hopes|reasons|ambitions)|"
    r"the (?:whole |entire |main )?(?:idea|point|plan|aim|purpose|goal)(?: of (?:it|this|that|the (?!question)\w+))?)"
    r"(?: yes)?|"
    r"(?:otherwise|or) (?:we|i) wouldn'?t (?:bother|do it|be doing (?:it|this))|"
    r"(?:there (?:is|are|will be) |there's |(?:it|that|this)(?:'s| is|'ll be| will be) )?bound to "
    r"(?:be (?:some|a few|one|any)|happen|come up)|"
    r"(?:we|i) (?:do |fully |certainly )*(?:mean|intend|plan|hope) to(?: do (?:so|that))?"
    r"(?:, (?:once|twice|every|each) [^,;]+)?|그(?:러|렇게 되)(?:길|기를) (?:바랍니다|바라요|희망합니다)|"
    r"(?:that |it )?goes without saying|inevitably|it(?:'s| is) inevitable",
    "no": r"(?:i |we )?(?:really |very much |rather )?doubt (?:it|that)(?: (?:very much|somehow|frankly))?|"
    r"(?:i|we)(?:'d| would) be (?:very |really |most )?surprised(?: if (?:there (?:were|was|are) (?:any|some)|"
    r"(?:it|that) (?:did|happened|does)))?|"
    r"(?:there are |there's |we have |we've )?no (?:plans?|intentions?|ambitions?)(?: (?:at all|whatsoever))? "
    r"(?:in that direction|of (?:that|the) (?:sort|kind)|like that|for that|to do (?:so|that))|"
    r"(?:(?:i|we) )?(?:can'?t|cannot|don't) (?:really |honestly )?see (?:that|it|this) (?:happening|happen)|"
    r"(?:oh |good )?(?:god|lord|heavens) no",
}
# The same of what nobody wants: "that is exactly what I worry about", "we would never let that happen".
_DREADED = {
    "yes": rf"{_THAT_IS}(?:what (?:we|i) (?:worry about|fear|dread)|what worries (?:me|us)|"
    r"(?:a|one of (?:our|my)) (?:real |big )?(?:worry|worries|fears?|concerns?)(?: of (?:ours|mine))?)(?:,? yes)?|"
    r"(?:there(?:'?s| is) |we see )?(?:a |some |the |that )(?:real |certain |serious )?(?:risk|danger)"
    r"(?: (?:of that|there))?|"
    r"(?:we(?:'re| are)|i(?:'m| am)) (?:already )?bracing (?:ourselves|myself)(?: for (?:it|that|some))?|"
    r"(?:i|we) do worry about (?:that|it)|(?:i|we) (?:worry about|fear|dread) (?:that|it),? yes|"
    r"c'est (?:bien )?ce que (?:je crains|nous craignons|l'on craint|on craint)|je le crains|on le craint|"
    r"nous le craignons|me temo que yes|temo di yes|receio que sim|ich furchte,? (?:schon|ja)|ik vrees van wel|"
    r"(?:genau )?das befurchten wir|e quello che temiamo|e isso que tememos",
    "no": r"(?:we|i)(?:'d| would|'ll| will)? (?:never|not) (?:let|allow) (?:that|it|this)(?: (?:to )?happen)?|"
    r"over (?:my|our) dead bod(?:y|ies)|no lo (?:vamos a )?permit\w+|das lassen wir nicht zu|"
    r"(?:on ne laissera|nous ne laisserons) pas faire|non lo permetterem\w+|nao (?:o )?(?:vamos )?permit\w+",
}
# "We shall see about funds": left open.
_LEFT_OPEN = (
    r"(?:we|i)(?:'ll| shall| will) (?:just |first )?(?:have to )?see (?:about|what|how|whether|when) [^,;.]+|"
    r"(?:that |it )?(?:all )?remains to be seen[^,;.]*|on verra (?:bien )?pour [^,;.]+|"
    r"ya veremos (?:lo de|con) [^,;.]+|vedremo (?:per|con) [^,;.]+|"
    r"(?:mal|erst mal|da mussen wir mal) (?:schauen|sehen|gucken)|두고 봐야 [가-힣]+"
)
# "15 % from 3 % now", "from 5 to 12 per cent": where it starts is not what is aimed at.
_NUMBER = r"\d+(?:[.,]\d+)?"
_SIGN = r"(?: ?%| ?per ?cent| ?pct| ?pour ?cent| ?por ?ciento| ?por ?cento| ?prozent| ?procent)?"
_NOW = (
    r"(?:(?:right )?now|today|currently|at the moment|at present|these days|so far|actuellement|aujourd'hui|maintenant|"
    r"ahora|actualmente|hoy(?: en dia)?|adesso|oggi|attualmente|agora|hoje|atualmente|heute|jetzt|derzeit|aktuell|"
    r"nu|vandaag|지금은?|현재는?)"
)
_IT_IS = (
    r"(?:and|but|mais|pero|ma|mas|aber|maar|it'?s|it is|we'?re|we are|at|about|only|just|c'est|on est|es|son|el|la|"
    r"esta|estamos|en|e|a|al|siamo|siamo al|em|sao|ist|es sind|sind|wir sind|bei|is|het|solo|apenas|nur|erst)"
)
_STARTING = re.compile(
    rf",? (?:up |down )?(?:from|de|depuis|desde|da|dal|von|vanaf) (?:the |el |il |les )?{_NUMBER}{_SIGN},?"
    rf" (?:it is )?{_NOW}(?!\w)|"
    rf"(?<=[\w%])[,;.(]+ ?(?:{_IT_IS} )*{_NOW}(?: {_IT_IS})* {_NUMBER}{_SIGN}\)?(?=$|[ .!])|"
    rf"(?<=[\w%])[,;.(]+ ?(?:{_IT_IS} )*{_NUMBER}{_SIGN} {_NOW}\)?(?=$|[.!])"
)
# "Currently 6 %, target 18 %".
_STARTED = re.compile(
    rf"^(?:{_IT_IS} )*(?:{_NOW} (?:{_IT_IS} )*{_NUMBER}{_SIGN}|{_NUMBER}{_SIGN} {_NOW})(?:인데|이고|이지만)?[,;.]? "
    r"(?=(?:.* )?(?:targets?|goals?|aims?|aiming|wants?|hop(?:e|es|ing)|plan|should|to be|reach|objectif|"
    r"but|vise|visons|objetivo|meta|queremos|l'obiettivo|obiettivo|puntiamo|vogliamo|ziel|wollen|"
    r"doel|willen)(?!\w).*\d|\d+ ?(?:%|퍼센트)?까지)"
)
_RISING = re.compile(
    rf"((?<!\w)(?:go|going|grow|get|move|rise|up|raise|increase|climb|passer|monter|pasar|subir|crecer|passare|salire|"
    rf"passar|crescer|steigern|kommen|wachsen|gaan|groeien)(?: it| them)?) (?:from|de|da|dal|von|van) {_NUMBER}{_SIGN} "
    rf"(?:to|a|al|para|auf|naar|hasta|zu)(?= {_NUMBER})"
)
_OF_NOW = re.compile(rf"(?<!\w){_NOW}(?!\w)")


def aimed_at(normal: str) -> str:
    """The text without the figure of today beside the one that is aimed at."""
    risen = _RISING.sub(r"\1", normal)
    aimed = _STARTED.sub("", _STARTING.sub(" ", risen))
    return aimed if re.search(r"\d|[^\W\d_]{4}", aimed) else risen


def is_of_today(normal: str) -> bool:
    """As in "it's 5 % today": a figure, and none that is aimed at."""
    return _OF_NOW.search(normal) is not None


def spoken(clause: str, question: Question) -> str | None:
    """What a turn of phrase says of a plan: yes, no, or too early."""
    said = trim(clause)
    if re.fullmatch(_LEFT_OPEN, said):
        return "too_early"
    turns = [_SPOKEN] if question.favourable == "yes" else [_SPOKEN, _DREADED]
    return next((value for turn in turns for value, form in turn.items() if re.fullmatch(form, said)), None)


def others_intend(normal: str) -> bool:
    """As in "the bank expects it to be a quarter"."""
    return _OTHERS_INTEND.search(normal) is not None


def planned(clause: str, question: Question, words: ReplyWords) -> str | None:
    """Yes or no as it is planned; None when more is told, or when it is left open."""
    tokens = _WORD.findall(clause)
    if not words.ahead or not 1 <= len(tokens) <= _LONGEST or re.search(r"\d", clause) or _OPEN.search(clause):
        return None
    if others_intend(clause) or any(find_phrase(clause, weakener) >= 0 for weakener in words.weakeners):
        return None
    intends = [token for token in tokens if token in words.planned]
    denying = [token for token in tokens if _denies(token, words)]
    own = stems_of(question, "planning")
    said = {word for phrase in (*words.fillers, *words.companions) for word in phrase.split()}
    beside = (words.light | said | _POINTING | words.planned | words.local | words.abroad) - {*words.easy, *words.hard}
    foreign = [
        t
        for t in tokens
        if t not in beside and t[:_STEM] not in own and t not in denying and words.alone.get(t) is None
    ]
    if not intends or foreign:
        return None
    # "Que sí", "que não" hold a word that denies only where it is the answer.
    concord = [token for token in denying if token in words.concord]
    denials = len(denying) - len(concord) + bool(concord)
    return None if denials > 1 else "no" if denials else "yes"


def _denies(token: str, words: ReplyWords) -> bool:
    spoken = words.alone.get(token) == "no" and token not in words.planned
    return token in words.denying or token in words.concord or token.endswith("n't") or spoken
