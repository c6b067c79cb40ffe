"""Questions that lean on earlier ones: "why?", "and in Mexico?", "who else?", "more".

A later question is looked up twice, as it stands and behind the one before it, and the passages of the last answer
count as well; the rankings are fused. So a new topic is found by the question alone and a follow-up by its context,
and no model has to tell the two apart.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

#: A conversation remembers this many exchanges: a follow-up leans on the last one or two.
REMEMBERED = 6
#: A question with more words than this explains itself.
_LONG_QUESTION_WORDS = 30
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|that|those|this|these|there|he|she|ones?|such|else|same|others?|another|first|second|"
    r"third|last|both|either|former|latter|more|too|also|again)\b",
    re.IGNORECASE,
)
#: Openings of short questions that stand by themselves ("What is interoperability?").
_SELF_CONTAINED = re.compile(
    r"(?:what(?:'s|’s| is| are| does| do)|who(?:'s|’s| is| are)|define|explain|describe|list|name|"
    r"how (?:do|does|did|can|to)|"
    r"qu'est-ce|c'est quoi|qué (?:es|son)|che cos|cosa (?:è|sono)|o que é|was (?:ist|sind)|wat (?:is|zijn))\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"(?:and|or|but|so|why|how come|what about|how about|then|more|who else|where else|ok|okay|"
    r"et|mais|pourquoi|y|pero|por qué|e|ma|perché|mas|por que|und|aber|warum|en|maar|waarom|왜|그리고)(?!\w)",
    re.IGNORECASE,
)

SmallTalk = Literal["greeting", "thanks", "who", "help", "goodbye", "assessment"]
_GREETING = (
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|bonjour|salut|hola|buenos d[ií]as|ciao|buongiorno|"
    r"ol[áa]|bom dia|hallo|guten tag|goedendag|안녕(?:하세요)?)(?: there| everyone)?"
)
_THANKS = (
    r"(?:ok(?:ay)?[, ]*)?(?:many )?(?:thanks?(?: you)?|thank you|thx|cheers|merci|gracias|grazie|obrigad[oa]|danke|"
    r"dank je|bedankt|감사합니다)(?: (?:a lot|very much|so much|beaucoup|mille|sch[öo]n))?"
    r"(?:[, ]+(?:that|this) (?:helps?|helped|was helpful)(?: a lot)?)?"
)
_WHO = r"(?:who|what) are you|qui (?:es-tu|êtes-vous)|qui[ée]n eres|chi sei|quem [ée] voc[êe]|wer bist du|wie ben je"
_HELP = (
    r"help|what can you (?:do|answer|tell me)|what do you know(?: about)?|how (?:does this|do you) work|"
    r"what can i ask(?: you)?|aide|ayuda|aiuto|ajuda|hilfe"
)
_GOODBYE = r"(?:good ?)?bye(?: bye)?|see you|au revoir|adi[óo]s|arrivederci|tchau|tsch[üu]ss|tot ziens"
#: A wish to be taken through the self-assessment, which is another tab; no question about how one evaluates.
_ASSESSMENT = (
    r"(?:(?:hi|hello|please|ok(?:ay)?|yes)[, ]+)?"
    r"(?:(?:can|could|would|will) (?:you|we|i) (?:please )?|(?:i|we)(?:'d| would) like (?:you )?to |"
    r"(?:i|we) want (?:you )?to |let(?:'s|’s| us) |please |help (?:me|us) )?"
    r"(?:(?:start|begin|do|run|fill in|fill out|go through|work through|take|complete)|"
    r"(?:walk|take|guide|lead|help) (?:me|us) (?:through|with)|(?:assess|evaluate|self-assess))"
    r" (?:(?:the|a|an|our|my|your|this|that|78|all|own|international|internationali[sz]ation|evaluation|of|tool 2|"
    r"social|organi[sz]ation'?s?|project|activity|activities|work|abroad) ?)*"
    r"(?:self[- ]?assessment|assessment|evaluation|grid|questionnaire|questions|tool 2|check(?:list)?|"
    r"organi[sz]ation|ourselves|myself|project|projects|activity|activities|work|abroad)"
    r"(?: (?:with (?:me|us|you)|together|now|please|for (?:me|us)|abroad))*"
    r"|(?:faire|commencer|démarrer) l['’]auto-?évaluation|(?:hacer|empezar|comenzar) la autoevaluación|"
    r"(?:fare|iniziare|cominciare) l['’]autovalutazione|(?:fazer|começar|iniciar) a autoavaliação|"
    r"(?:die )?selbstbewertung (?:starten|beginnen|machen)|(?:de )?zelfevaluatie (?:starten|beginnen|doen)|"
    r"자가 ?(?:진단|평가)(?:를)? ?(?:시작|하고 싶).*"
)
_COURTESIES: Mapping[SmallTalk, str] = {
    "greeting": _GREETING,
    "thanks": _THANKS,
    "who": _WHO,
    "help": _HELP,
    "goodbye": _GOODBYE,
    "assessment": _ASSESSMENT,
}
_SMALL_TALK = {kind: re.compile(rf"\W*(?:{words})\W*", re.IGNORECASE) for kind, words in _COURTESIES.items()}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that was asked, and the ids of the passages its answer cites, best first."""

    question: str
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last exchanges, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

    def with_exchange(self, exchange: Exchange) -> Conversation:
        """The conversation one exchange later."""
        return Conversation((*self.exchanges, exchange)[-REMEMBERED:])


class ConversationStore(Protocol):
    """Keeps conversations by their id."""

    def load(self, conversation_id: str) -> Conversation:
        """The conversation; an empty one when the id is new."""

    def append(self, conversation_id: str, exchange: Exchange) -> None:
        """Add an exchange."""


class MemoryConversations:
    """Conversations in memory, the least recently used forgotten first: for tests, scripts and the command line."""

    def __init__(self, most: int = 1_000) -> None:
        self._most = most
        self._kept: OrderedDict[str, Conversation] = OrderedDict()

    def load(self, conversation_id: str) -> Conversation:
        """The conversation; an empty one when the id is new or forgotten."""
        return self._kept.get(conversation_id, Conversation())

    def append(self, conversation_id: str, exchange: Exchange) -> None:
        """Add an exchange."""
        self._kept[conversation_id] = self.load(conversation_id).with_exchange(exchange)
        self._kept.move_to_end(conversation_id)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


def leans(question: str) -> bool:
    """Whether a question looks as if it could not be understood without the one before it."""
    if _OPENS.match(question) or _LEANS.search(question):
        return True
    return len(question.split()) <= 4 and not _SELF_CONTAINED.match(question)


def in_context(question: str, earlier: Sequence[Exchange]) -> str | None:
    """The question behind the one it follows, or None when there is none or it explains itself."""
    if not earlier or len(question.split()) > _LONG_QUESTION_WORDS:
        return None
    return " ".join((*_thread(earlier), question))


def _thread(earlier: Sequence[Exchange]) -> list[str]:
    """The last question and, when that one leaned on others itself, the one that began the thread."""
    last = earlier[-1].question
    if not leans(last):
        return [last]
    start = next((exchange.question for exchange in reversed(earlier[:-1]) if not leans(exchange.question)), None)
    return [start, last] if start else [last]


def small_talk(text: str) -> SmallTalk | None:
    """Which courtesy a message is, when it is nothing else."""
    return next((kind for kind, pattern in _SMALL_TALK.items() if pattern.fullmatch(text)), None)
