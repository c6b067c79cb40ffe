"""The clauses of a message about a level, bared of what the question says: "distance: medium difficulty" -> "medium".

Which clause counts: the one in which a verdict is given or a conclusion drawn ("..., I'd say four"), else the first
that holds anything beside the question's own words. Every function is pure and looks at normalised text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from silk_rag.assessment.normalise import normalise, starts_with, trim
from silk_rag.assessment.question_words import wordings_of
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_STEM = 5
_ARTICLES = frozenset("a an un une una uno um uma ein eine einen een".split())
_LONGEST_NONE = 2
_NONE_OF_IT = re.compile(r"(?:no|none|aucune?|ningun|ninguna|nessun|nessuna|nenhum|nenhuma|keine?|geen)(?!\w)")


def concluded(pieces: Sequence[str], words: ReplyWords) -> str:
    """What is said at last as a verdict, or concluded where nothing else names a level: "so a lot", "direi quattro"."""
    if len(pieces) < 2:
        return ""
    verdict = _behind(pieces[-1], words.verdicts)
    if verdict:
        return verdict
    told = {token for piece in pieces[:-1] for token in piece.split()}
    return "" if told & {*words.easy, *words.hard, *words.levels} else _behind(pieces[-1], words.concluding)


def _behind(piece: str, openings: Sequence[str]) -> str:
    opening = next((each for each in openings if starts_with(piece, each) and piece != each), None)
    return trim(piece[len(opening) :]) if opening else ""


def telling(pieces: Sequence[str], question: Question, words: ReplyWords) -> Iterator[str]:
    """The clauses without the question's own words, and without those that hold nothing else."""
    for piece in pieces:
        bare = _bared(piece, question, words)
        if bare:
            yield bare


def _bared(piece: str, question: Question, words: ReplyWords) -> str:
    own = _own(question)
    kept = {
        *words.easy,
        *words.hard,
        *words.levels,
        *words.very,
        *words.rather,
        *(question.scale.words if question.scale else ()),
    }
    tokens = piece.split()
    if re.search(r"\d", piece) or any(token in words.numbers and token not in _ARTICLES for token in tokens):
        return piece
    asked = [t for t in tokens if any(_stem(w) in own and w not in kept for w in _WORD.findall(t))]
    rest = [t for t in tokens if t not in asked]
    said = [w for t in rest for w in _WORD.findall(t)]
    if all(w in words.light | words.local | words.abroad and w not in kept for w in said):
        # "Aucune retombée", "no spillover": none of what is asked for.
        none = asked and len(rest) <= _LONGEST_NONE and _NONE_OF_IT.match(piece) is not None
        return "1" if none else ""
    return " ".join(rest)


def _stem(word: str) -> str:
    plain = word.rpartition("'")[2]
    return plain[:_STEM] if len(plain) > 3 or "\uac00" <= plain[:1] <= "\ud7a3" else ""


def _own(question: Question) -> frozenset[str]:
    """The beginnings of the question's own words, in every language and looking both ways."""
    words = _WORD.findall(normalise(wordings_of(question)))
    return frozenset(stem for word in words if (stem := _stem(word)))
