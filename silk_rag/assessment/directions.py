"""Yes or no by what rose and what fell: "sales went up", "i costi sono aumentati e il margine è sceso".

Only where the question asks for a rise or fall of money, and only where every clause says which way one of the things
asked for went and nothing else. A pure function over normalised text; the words are in `moves` of the word lists.
"""

from __future__ import annotations

import re

from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_CLAUSES = re.compile(
    r"[,.;:!]+\s*|"
    # The Italian "è" has lost its accent here: an "e" joins only before an article.
    r"\s+(?:and|but|et|mais|y|pero|ma|mas|und|aber|en|maar|그리고|e(?= (?:il|i|la|le|gli|lo|os?|as?|noss[oa]s?) ))\s+"
)
_LONGEST = 10
# What might be, was before, or is somebody else's tells nothing of what came of it.
_NOT_SO = re.compile(
    r"^(?:have|has|had|did|do|does|are|is|were|was)(?!\w)|'s(?!\w)|(?<!\w)(?:would|could|should|might|may|can|will|must|"
    r"if|before|until|once|than|their|his|her|your|expected|hope|want|plan|intend|target|some|few)(?!\w)"
)
# "Prices stay where they are": nothing moves.
_STAYS = re.compile(
    r"(?<!\w)(?:stay|stays|stayed|staying|remain|remains|remained|keep|kept) (?:where|as|at|the way|what)(?!\w)"
)
# What a question asks for: a word of its text, the thing meant, and whether it is to rise.
_WANTED = (
    ("revenues", "revenue", True),
    ("margin", "margin", True),
    ("cost", "cost", False),
    ("prices", "price", False),
)


def went(normal: str, question: Question, words: ReplyWords) -> str | None:
    """Yes or no when all that is told went as asked for, or none of it did; None where more or less is told."""
    asked = question.text.lower()
    wanted = {thing: rises for word, thing, rises in _WANTED if re.search(rf"(?<!\w){word}(?!\w)", asked)}
    pieces = [piece for piece in _CLAUSES.split(normal) if piece.strip()]
    if not wanted or not pieces or _NOT_SO.search(normal):
        return None
    heard = [_as_asked(piece, wanted, asked, words) for piece in pieces]
    if any(each is None for each in heard) or len(set(heard)) != 1:
        return None
    return "yes" if heard[0] else "no"


def goes_elsewhere(normal: str, question: Question, words: ReplyWords) -> bool:
    """As in "costs went up" where revenues are asked for: what moved is something else, or nothing did."""
    asked = question.text.lower()
    wanted = {thing for word, thing, _ in _WANTED if re.search(rf"(?<!\w){word}(?!\w)", asked)}
    named = {words.moves[token] for token in _WORD.findall(normal) if token in words.moves}
    things = named & {thing for _, thing, _ in _WANTED}
    moves = named & {"rises", "falls", "stays"}
    return bool(wanted and things and ((not things & wanted and moves) or _STAYS.search(normal)))


def _as_asked(clause: str, wanted: dict[str, bool], asked: str, words: ReplyWords) -> bool | None:
    """Whether a clause says that a thing went as wanted; None where it says anything else."""
    tokens = _WORD.findall(clause)
    if not 2 <= len(tokens) <= _LONGEST:
        return None
    things = {words.moves[token] for token in tokens if words.moves.get(token) in wanted}
    ways = {words.moves[token] for token in tokens if words.moves.get(token) in {"rises", "falls", "stays"}}
    beside = [token for token in tokens if token not in words.moves and token not in words.light]
    if (
        len(things) != 1
        or len(ways) != 1
        or any(token not in words.beside_nothing and token not in asked for token in beside)
    ):
        return None
    way = ways.pop()
    return way != "stays" and (way == "rises") == wanted[things.pop()]
