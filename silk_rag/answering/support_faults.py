"""What can be wrong with a sentence although its words are the quotation's: one function a kind of fault.

Each compares two claims and answers whether the first one differs from the second in that respect.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from silk_rag.answering.claims import Claim, Quantity, Token, plain_letters
from silk_rag.answering.support_words import HEDGES, LOOSE_OPPOSITES, OPPOSITES, SAME_PLACE, STRONG
from silk_rag.retrieval.words import words_of

#: How many words around one are its neighbours.
NEAR = 5
#: A rounded number may differ by this share.
ROUNDED_BY = 0.1
#: Share of the common words whose polarity differs, from which on the claim is the opposite one.
NEGATED_FROM = 0.5
#: Beginnings of words that turn them round.
_TURNING = ("un", "in", "im", "dis", "non", "non-", "de-", "re-")


def numbers_differ(claim: Claim, source: Claim, context: Claim) -> bool:
    """Whether the claim holds a number that the source lacks, or gives one of its numbers to something else."""
    known = (*source.quantities, *context.quantities)
    if not all(any(_same(wanted, other) for other in known) for wanted in claim.quantities):
        return True
    if len({quantity.value for quantity in source.quantities}) < 2:
        return False
    return any(_given_to_another(quantity, claim, source) for quantity in claim.quantities)


def _same(wanted: Quantity, other: Quantity) -> bool:
    if "%" in (wanted.unit, other.unit) and wanted.unit != other.unit:
        return False
    if wanted.unit and other.unit and wanted.unit != other.unit:
        return False
    if wanted.rounded:
        return abs(wanted.value - other.value) <= ROUNDED_BY * max(wanted.value, other.value)
    return wanted.value == other.value


def _given_to_another(quantity: Quantity, claim: Claim, source: Claim) -> bool:
    own = [other.at for other in source.quantities if _same(quantity, other)]
    rivals = [other.at for other in source.quantities if not _same(quantity, other)]
    return _nearer_to_rivals(quantity.at, claim, source, own, rivals)


def missing_names(claim: Claim, source: Claim, context: Claim, known_names: Collection[str]) -> list[str]:
    """Names in the claim that neither the source nor its context holds, in any form of theirs."""
    known = source.stems | context.stems
    initials = f"{source.initials} {context.initials}"
    missing = [t.written for t in _named(claim) if not _is_known(t, known, initials)]
    if _abbreviated(claim, missing, known):
        missing = []
    strangers = [name for name in known_names if _stands_in(name, claim) and not set(words_of(name)) <= known]
    return [*missing, *(name for name in strangers if plain_letters(name).replace(" ", "") not in source.stems)]


def _named(claim: Claim) -> list[Token]:
    opening = [t for t in claim.tokens if t.opens and t.written[:1].isupper() and _place_of(t.plain)]
    return [*claim.names, *(token for token in opening if token not in claim.names)]


def _stands_in(name: str, claim: Claim) -> bool:
    """Whether a name stands in a claim, with its capital."""
    return re.search(rf"(?<!\w){re.escape(name[:1].upper() + name[1:])}(?!\w)", claim.text) is not None


def _is_known(name: Token, known: Collection[str], initials: str) -> bool:
    parts = words_of(name.plain) or [name.stem]
    if all(part in known for part in parts):
        return True
    place = _place_of(name.plain)
    if place and any(stem in known for stem in place):
        return True
    if len(name.plain) >= 5 and any(stem[:5] == name.plain[:5] for stem in known):
        return True
    return name.written.isupper() and len(name.plain) > 1 and name.plain in initials


def _abbreviated(claim: Claim, missing: Sequence[str], known: Collection[str]) -> bool:
    """Whether the missing names are together what the source abbreviates."""
    initials = "".join(plain_letters(name)[0] for name in missing)
    return len(missing) > 1 and (initials in known or claim.initials.split(" ")[-1] in known)


@cache
def _place_of(word: str) -> frozenset[str]:
    for line in SAME_PLACE:
        if word in line.split():
            return frozenset(stem for each in line.split() for stem in (*words_of(each), each))
    return frozenset()


def negation_differs(claim: Claim, source: Claim) -> bool:
    """Whether most of the words that both have are denied in one and stated in the other."""
    polarities: dict[str, set[bool]] = {}
    for token in source.tokens:
        if token.content:
            polarities.setdefault(token.stem, set()).add(token.negated)
    shared = [token for token in claim.tokens if token.content and token.stem in polarities]
    differing = [token for token in shared if token.negated not in polarities[token.stem]]
    if shared and len(differing) / len(shared) >= NEGATED_FROM:
        return True
    return any(_turned(token.plain, source) for token in claim.tokens if token.content)


def _turned(word: str, source: Claim) -> bool:
    """Whether the source has the word only with a beginning that turns it round, or only without."""
    if len(word) < 5 or word in source.words:
        return False
    if any(beginning + word in source.words for beginning in _TURNING):
        return True
    return any(
        word.startswith(beginning) and len(word) > len(beginning) + 4 and word[len(beginning) :] in source.words
        for beginning in _TURNING
    )


def direction_differs(claim: Claim, source: Claim, context: Claim) -> bool:
    """Whether the claim takes the other side of a pair of opposites, or takes a side for something else."""
    strict = any(_other_side(claim, source, context, *pair, loose=False) for pair in _sides(OPPOSITES))
    return strict or any(_other_side(claim, source, context, *pair, loose=True) for pair in _sides(LOOSE_OPPOSITES))


def _sides(pairs: Sequence[tuple[str, str]]) -> list[tuple[frozenset[str], frozenset[str]]]:
    split = [(frozenset(one.split()), frozenset(other.split())) for one, other in pairs]
    return [*split, *((other, one) for one, other in split)]


def _other_side(
    claim: Claim, source: Claim, context: Claim, side: frozenset[str], other: frozenset[str], *, loose: bool
) -> bool:
    taken = [at for at, token in enumerate(claim.tokens) if token.plain in side]
    if not taken or claim.words & other:
        return False
    own = [at for at, token in enumerate(source.tokens) if token.plain in side]
    rivals = [at for at, token in enumerate(source.tokens) if token.plain in other]
    if not rivals:
        return False
    if not own and not loose:
        return not context.words & side
    return any(_nearer_to_rivals(at, claim, source, own, rivals) for at in taken)


def _nearer_to_rivals(at: int, claim: Claim, source: Claim, own: Sequence[int], rivals: Sequence[int]) -> bool:
    """Whether what stands around a word of the claim stands, in the source, around its rivals instead."""
    around = claim.tokens[max(0, at - NEAR) : at + NEAR + 1]
    neighbours = {token.stem for token in around if token.content}
    votes = 0
    for place, token in enumerate(source.tokens):
        if token.stem not in neighbours or place in own or place in rivals:
            continue
        to_own = min((abs(place - each) for each in own), default=10_000)
        to_rivals = min((abs(place - each) for each in rivals), default=10_000)
        if min(to_own, to_rivals) <= 2 * NEAR:
            votes += 1 if to_rivals < to_own else -1
    return votes >= 2


def overstates(claim: Claim, source: Claim) -> bool:
    """Whether the claim is stronger than the source: a strong word of its own where the source is careful."""
    careful = bool(source.words & HEDGES)
    still_careful = bool(claim.words & HEDGES)
    for line in STRONG.values():
        strong = frozenset(line.split())
        if claim.words & strong and not source.words & strong and careful and not still_careful:
            return True
    return False
