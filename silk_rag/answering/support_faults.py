"""What can be wrong with a sentence although its words are the quotation's: its numbers, its names, its strength.

Each function compares two claims and answers whether the first one differs from the second in that respect. Negations
and opposites are in support_opposites.py.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from silk_rag.answering.claims import Claim, Quantity, Token, plain_letters
from silk_rag.answering.support_words import HEDGES, SAME_PLACE, STRONG
from silk_rag.retrieval.words import words_of

#: A rounded number may differ by this share.
ROUNDED_BY = 0.1
#: How many words after a number say what it counts.
FOLLOWING = 3
#: Strong words that nothing but their like can back, however sure the source sounds.
_ABSOLUTE = frozenset({"lasting", "exclusive", "proven", "enough"})


def numbers_differ(claim: Claim, source: Claim, context: Claim) -> bool:
    """Whether the claim holds a number that the source lacks, or gives its numbers to each other's things."""
    known = (*source.quantities, *context.quantities)
    if not all(any(_same(quantity, other) for other in known) for quantity in claim.quantities):
        return True
    if any(_given_to_another(quantity, claim, source) for quantity in claim.quantities):
        return True
    owners = [[other.at for other in source.quantities if _same(quantity, other)] for quantity in claim.quantities]
    return swapped(claim, source, [quantity.at for quantity in claim.quantities], owners)


def _same(wanted: Quantity, other: Quantity) -> bool:
    if "%" in (wanted.unit, other.unit) and wanted.unit != other.unit:
        return False
    if wanted.unit and other.unit and wanted.unit != other.unit:
        return False
    if wanted.rounded:
        return abs(wanted.value - other.value) <= ROUNDED_BY * max(wanted.value, other.value)
    return wanted.value == other.value


def _given_to_another(quantity: Quantity, claim: Claim, source: Claim) -> bool:
    """Whether the word right after a number stands, in the source, right after other numbers only."""
    after = [token.stem for token in claim.tokens[quantity.at + 1 : quantity.at + 1 + FOLLOWING] if token.content]
    own = [other.at for other in source.quantities if _same(quantity, other)]
    rivals = [other.at for other in source.quantities if not _same(quantity, other)]
    followed = [at for at, token in enumerate(source.tokens) if token.stem in after]
    mine = [at for at in followed if any(0 < at - number <= FOLLOWING + 1 for number in own)]
    theirs = [at for at in followed if any(0 < at - number <= FOLLOWING + 1 for number in rivals)]
    return bool(own) and bool(theirs) and not mine


def swapped(claim: Claim, source: Claim, markers: Sequence[int], places: Sequence[Sequence[int]]) -> bool:
    """Whether words go with other markers (numbers, names) in the claim than in the source.

    `markers` are places in the claim, `places` where each of them stands in the source. Every other word that both
    have, once each, goes with the nearest marker. At least two words must have changed sides, and more than have not.
    """
    pairs = [(at, where) for at, where in zip(markers, places, strict=True) if where]
    if len(pairs) < 2:
        return False
    taken = {at for at, _ in pairs}
    kept = changed = 0
    for at, token in enumerate(claim.tokens):
        where = [place for place, other in enumerate(source.tokens) if other.stem == token.stem]
        if not token.content or at in taken or len(where) != 1 or any(where[0] in own for _, own in pairs):
            continue
        here = min(range(len(pairs)), key=lambda n: abs(pairs[n][0] - at))
        there = min(range(len(pairs)), key=lambda n: min(abs(own - where[0]) for own in pairs[n][1]))
        if here == there:
            kept += 1
        else:
            changed += 1
    return changed >= 2 and changed > kept


def names_swapped(claim: Claim, source: Claim) -> bool:
    """Whether the claim says of one name what the source says of another."""
    markers = [at for at, token in enumerate(claim.tokens) if token.written[:1].isupper() and token.content]
    names = {token.stem for token in source.names}
    markers = [at for at in markers if claim.tokens[at].stem in names]
    places = [[at for at, t in enumerate(source.tokens) if t.stem == claim.tokens[marker].stem] for marker in markers]
    return swapped(claim, source, markers, places)


def missing_names(claim: Claim, source: Claim, context: Claim, known_names: Collection[str]) -> list[str]:
    """Names in the claim that neither the source nor its context holds, in any form of theirs."""
    known = source.stems | context.stems
    initials = f"{source.initials} {context.initials}"
    missing = [t.written for t in _named(claim) if not _is_known(t, known, initials)]
    if _abbreviated(claim, missing, known):
        missing = []
    strangers = [name for name in known_names if _stands_in(name, claim) and not set(words_of(name)) <= known]
    return [*missing, *(name for name in strangers if not _is_placed(name, known))]


def _named(claim: Claim) -> list[Token]:
    opening = [t for t in claim.tokens if t.opens and t.written[:1].isupper() and _place_of(t.plain)]
    return [*claim.names, *(token for token in opening if token not in claim.names)]


def _stands_in(name: str, claim: Claim) -> bool:
    """Whether a name stands in a claim, with its capital."""
    return re.search(rf"(?<!\w){re.escape(name[:1].upper() + name[1:])}(?!\w)", claim.text) is not None


def _is_placed(name: str, known: Collection[str]) -> bool:
    """Whether a name's words are known when "Scottish" and "Scotland" are one."""
    return all(
        stem in known or any(same in known for same in _place_of(plain_letters(word)))
        for word in name.split()
        for stem in words_of(word)
    )


def _is_known(name: Token, known: Collection[str], initials: str) -> bool:
    parts = words_of(name.plain) or [name.stem]
    if all(part in known for part in parts):
        return True
    place = {stem for part in re.split(r"[-']", name.plain) for stem in _place_of(part)}
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


def overstates(claim: Claim, source: Claim) -> bool:
    """Whether the claim has a strong word of its own where the source is careful, or one that needs its like."""
    careful = bool(source.words & HEDGES) and not claim.words & HEDGES
    for kind, line in STRONG.items():
        strong = frozenset(line.split())
        if claim.words & strong and not source.words & strong and (careful or kind in _ABSOLUTE):
            return True
    return False
