"""Whether a sentence says the contrary of its quotation: negations, opposites, comparisons turned round."""

from __future__ import annotations

from collections.abc import Sequence

from silk_rag.answering.claims import Claim, Token
from silk_rag.answering.support_words import HEDGES, LESS, LOOSE_OPPOSITES, MORE, NEGATIONS, OPPOSITES, THAN

#: How many words on each side of a word of direction are what it is said of.
NEAR = 3
#: How far from it, in the source, they still belong to it.
REACH = 5
#: Share of the common words whose polarity differs, from which on the claim is the opposite one.
NEGATED_FROM = 0.3
_TURNING = ("un", "in", "im", "dis", "non", "non-")


def negation_differs(claim: Claim, source: Claim) -> bool:
    """Whether much of what both say is denied in one and stated in the other."""
    polarities: dict[str, set[bool]] = {}
    for token in source.tokens:
        if token.content and token.plain not in NEGATIONS:
            polarities.setdefault(token.stem, set()).add(token.negated)
    shared = [token for token in claim.tokens if token.stem in polarities]
    differing = [token for token in shared if token.negated not in polarities[token.stem]]
    denies, denied = bool(claim.words & NEGATIONS), bool(source.words & NEGATIONS) or _has_turned_word(source)
    one_sided = denies != denied
    share = len(differing) / max(1, len(shared))
    if share >= (NEGATED_FROM if one_sided else 2 * NEGATED_FROM) and (one_sided or len(differing) > 1):
        return True
    return not denies and any(_turned(token.plain, source) for token in claim.tokens if token.content)


def _has_turned_word(source: Claim) -> bool:
    return any(token.plain.startswith(("non-", "un", "in", "less")) for token in source.tokens if len(token.plain) > 8)


def _turned(word: str, source: Claim) -> bool:
    """Whether the source has the word only with a beginning that turns it round."""
    return len(word) >= 5 and word not in source.words and any(turn + word in source.words for turn in _TURNING)


def direction_differs(claim: Claim, source: Claim, context: Claim) -> bool:
    """Whether the claim takes the other side of a pair of opposites, or compares the other way round."""
    comparison = _comparison_differs(claim, source)
    if comparison is not None:
        return comparison
    return any(_takes_other_side(claim, source, context, *pair) for pair in _sides(OPPOSITES)) or any(
        _said_of_the_same(claim, source, *pair) for pair in _sides(LOOSE_OPPOSITES)
    )


def _sides(pairs: Sequence[tuple[str, str]]) -> list[tuple[frozenset[str], frozenset[str]]]:
    split = [(frozenset(one.split()), frozenset(other.split())) for one, other in pairs]
    return [*split, *((other, one) for one, other in split)]


def _parts(token: Token) -> set[str]:
    return {token.plain, *token.plain.split("-")}


def _places(claim: Claim, side: frozenset[str]) -> list[int]:
    return [at for at, token in enumerate(claim.tokens) if _parts(token) & side]


def _takes_other_side(claim: Claim, source: Claim, context: Claim, side: frozenset[str], other: frozenset[str]) -> bool:
    taken, rivals = _places(claim, side), _places(source, other)
    if not taken or not rivals or _places(claim, other):
        return False
    if _places(source, side):
        around = [near for at in taken for near in range(max(0, at - NEAR), at + NEAR + 1)]
        return _votes(claim, source, around, _places(source, side), rivals) >= 2
    return not _places(context, side) and not claim.words & NEGATIONS


def _said_of_the_same(claim: Claim, source: Claim, side: frozenset[str], other: frozenset[str]) -> bool:
    taken, rivals = _places(claim, side), _places(source, other)
    own = _places(source, side)
    return bool(rivals) and any(_said_otherwise(claim, source, at, own, rivals) for at in taken)


def _said_otherwise(claim: Claim, source: Claim, at: int, own: Sequence[int], rivals: Sequence[int]) -> bool:
    """Whether what follows a word of direction, or else what stands before it, goes with the other side."""
    after, before = range(at + 1, at + NEAR + 1), range(max(0, at - NEAR), at)
    return (_votes(claim, source, after, own, rivals) or _votes(claim, source, before, own, rivals)) > 0


def _votes(claim: Claim, source: Claim, around: Sequence[int], own: Sequence[int], rivals: Sequence[int]) -> int:
    """How many of these words of the claim stand, in the source, nearer to the rivals; minus those that do not."""
    near = [claim.tokens[at] for at in around if at < len(claim.tokens)]
    neighbours = {token.stem for token in near if token.content and token.plain not in HEDGES}
    votes = 0
    for place, token in enumerate(source.tokens):
        if token.stem not in neighbours or place in own or place in rivals:
            continue
        to_own = min((abs(place - each) for each in own), default=10_000)
        to_rivals = min((abs(place - each) for each in rivals), default=10_000)
        if min(to_own, to_rivals) <= REACH and to_own != to_rivals:
            votes += 1 if to_rivals < to_own else -1
    return votes


def _comparison_differs(claim: Claim, source: Claim) -> bool | None:
    """Whether what is more in the claim is less in the source; None unless both compare two things."""
    one, other = _comparison(claim), _comparison(source)
    if one is None or other is None:
        return None
    straight = len(one[1] & other[1]) + len(one[2] & other[2])
    crossed = len(one[1] & other[2]) + len(one[2] & other[1])
    if straight == crossed:
        return None
    return (one[0] != other[0]) != (crossed > straight)


def _comparison(claim: Claim) -> tuple[bool, set[str], set[str]] | None:
    """Whether more is said, of what, and than what."""
    pivots = [at for at, token in enumerate(claim.tokens) if token.plain in THAN]
    degrees = [at for at, token in enumerate(claim.tokens) if _parts(token) & (MORE | LESS)]
    if not pivots or not degrees:
        return None
    degree = claim.tokens[degrees[0]]
    ignored = {token.stem for token in claim.tokens if _parts(token) & (MORE | LESS)}
    before = {token.stem for token in claim.tokens[: pivots[0]] if token.content} - ignored
    after = {token.stem for token in claim.tokens[pivots[0] + 1 :] if token.content} - ignored
    return bool(_parts(degree) & MORE), before - after, after - before
