"""Which way things cross the border, by who sends and who receives: "they send us cheese and we send them wine".

Only for the question whose options are inward and outward. What is sold in one's own village crosses no border; what
others send us comes in. Where a clause says anything else about a flow (who does it, that it is not so) there is no
reading. A pure function over normalised text; the verbs are in `flows` of the word lists.
"""

from __future__ import annotations

import re

from silk_rag.assessment.normalise import find_phrase
from silk_rag.assessment.questionnaire import Question
from silk_rag.assessment.words import ReplyWords

_WORD = re.compile(r"[^\W\d_][\w']*")
_CLAUSES = re.compile(
    r"[,.;:!]+\s*|\s+(?:and|but|while|whereas|et|mais|tandis que|y|pero|mientras|e|ed|ma|mentre|mas|enquanto|und|aber|"
    r"wahrend|maar|terwijl|en(?= (?:we|wij|ik|ze|zij|die|verkopen|sturen|leveren|kopen|halen)(?!\w)))\s+"
)
_LONGEST = 28
_WE = frozenset(
    "we we're we'd we'll i i'd us nous on je nosotros nosotras yo noi io nos eu wir ich wij we ik gente".split()
)
_THEY = frozenset(
    "they they'd they'll he she partner partners ils elles il elle ellos ellas el ella loro lui lei eles "
    "elas ele ela sie ze zij".split()
)
# "Import taxes", "we hate exports" tell no flow.
_ALSO_NOUNS = frozenset({"import", "export"})
# That it is we who stand at the other end.
_US = re.compile(
    r"(?<!\w)(?:us|our|ours|nous|notre|nos|nuestr[oa]s?|nosotros|ci|nostr[oaie]|noss[oa]s?|nós|uns|"
    r"unsere?[nrms]?|ons|onze)(?!\w)"
)
_FIRST = re.compile(r"(?:amos|emos|imos|iamo|ons)$")
# Romance verbs tell the person by their end; English, German and Dutch tell it by a pronoun.
_THIRD = frozenset(
    (
        "venden mandan envian exportan compran importan reciben traen vendono mandano inviano esportano comprano "
        "importano ricevono vendem mandam enviam exportam compram importam recebem trazem vendent envoient exportent "
        "livrent achetent importent recoivent"
    ).split()
)
_NOT_SO = re.compile(
    r"(?<!\w)(?:not|never|no longer|used to|would|could|might|should|if|or|don't|doesn't|didn't|won't|can't|them to|"
    r"nothing|rien|nada|niente|nichts|niets|pas|plus|ne|no|nunca|non|mai|nao|nicht|nie|niet|nooit|kein\w*|"
    r"geen|si|se|wenn|als|if|whether)(?!\w)"
)
_ELSEWHERE = re.compile(r"(?<!\w)(?:abroad|overseas|fuera|etranger|extranjero|estero|fora|ausland|buitenland)(?!\w)")


def flow(normal: str, question: Question, words: ReplyWords) -> str | None:
    """The key of inward, outward or reciprocal; None where the flows are not told this way."""
    keys = {option.key for option in question.options}
    tokens = _WORD.findall(normal)
    if not {"inward", "outward", "reciprocal"} <= keys or not 2 <= len(tokens) <= _LONGEST or _NOT_SO.search(normal):
        return None
    told: set[str] = set()
    stayed = False
    if any(
        option.combines and any(find_phrase(normal, word) >= 0 for word in option.words) for option in question.options
    ):
        return None
    for clause in _CLAUSES.split(normal):
        if _is_cut_short(clause, words):
            return None
        way = _way(clause, words)
        if way is None:
            continue
        if way == "unknown":
            return None
        if _stays(clause, words):
            stayed = True
            continue
        told.add(way)
    if not told:
        return "own_words" if stayed else None
    return "reciprocal" if len(told) > 1 else told.pop()


def _is_cut_short(clause: str, words: ReplyWords) -> bool:
    """As in "... and we to them": the verb is that of the clause before."""
    tokens = _WORD.findall(clause)
    verbs = words.flows["outward"] | words.flows["inward"]
    return bool(_WE & {*tokens}) and bool((_THEY | {"them", "leur"}) & {*tokens}) and not verbs & {*tokens}


def _stays(clause: str, words: ReplyWords) -> bool:
    """Whether it happens at one's own place: "lo vendemos todo en el pueblo"."""
    near = any(find_phrase(clause, phrase) >= 0 for phrase in words.nearby)
    return near and _ELSEWHERE.search(clause) is None


def _way(clause: str, words: ReplyWords) -> str | None:
    """Inward or outward, "unknown" when it is not said who does it, None without a word for it."""
    for way in ("outward", "inward"):
        if any(find_phrase(clause, phrase) >= 0 for phrase in words.flows[f"{way}_alone"]):
            return way
    tokens = _WORD.findall(clause)
    found = [(place, way) for way in ("outward", "inward") for place, t in enumerate(tokens) if t in words.flows[way]]
    if not found:
        return None
    if len(found) > 1:
        return "unknown"
    place, way = found[0]
    before = tokens[:place]
    if _is_theirs(tokens[place], before):
        if _US.search(clause) is None:
            return "unknown"
        return "inward" if way == "outward" else "outward"
    ours = not before or any(t in _WE or _FIRST.search(t) for t in (*before, tokens[place]))
    light = all(t in words.light or t in words.planned or any(t in f.split() for f in words.fillers) for t in before)
    if tokens[place] in _ALSO_NOUNS:
        ours = light = light and any(t in _WE for t in before)
    return way if ours or light else "unknown"


def _is_theirs(verb: str, before: list[str]) -> bool:
    """Whether others are who does it, by the pronoun before it or by the end of a Romance verb."""
    if _FIRST.search(verb):
        return False
    if any(t in _THEY for t in before) and not any(t in _WE - {"nos", "us"} for t in before):
        return True
    return verb in _THIRD
