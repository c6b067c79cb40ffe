"""Words that decide whether a sentence says what its quotation says: opposites, hedges, negations, number words.

Editorial lists, small on purpose: a word belongs here when changing it changes what is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NUMBER_WORDS: Mapping[str, float] = {
    **dict(
        zip("two three four five six seven eight nine ten eleven twelve".split(), map(float, range(2, 13)), strict=True)
    ),
    **dict(
        zip(
            "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
            map(float, range(13, 20)),
            strict=True,
        )
    ),
    **dict(
        zip(
            "twenty thirty forty fifty sixty seventy eighty ninety".split(), map(float, range(20, 100, 10)), strict=True
        )
    ),
}
SCALES: Mapping[str, float] = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
}
#: Before a rounded number: it may then differ a little from the one quoted.
ROUNDING = frozenset("about around roughly nearly almost over approximately some circa".split())

NEGATIONS = frozenset(
    """not no never without neither nor none nobody nothing cannot can't don't doesn't didn't isn't aren't wasn't
    weren't won't hasn't haven't hadn't couldn't shouldn't wouldn't can’t don’t doesn’t didn’t isn’t aren’t
    wasn’t weren’t won’t hasn’t haven’t hadn’t couldn’t shouldn’t wouldn’t lack lacks lacked lacking absence
    absent missing insufficient insufficiently hardly scarcely rarely fails fail failed unable incompatible
    little neglected misleading obstacle""".split()
)
#: Negations that say something of what stands before them.
JUDGEMENTS = frozenset("insufficient insufficiently missing absent unable incompatible misleading neglected".split())
#: Not negations, though they hold one.
NEGATION_IDIOMS = ("not only", "not just", "not merely", "no doubt", "nothing less than")
#: What ends the reach of a negation.
CLAUSE_BORDERS = frozenset("but although though while whereas however yet because since unless".split())

#: Each pair: words of one side, words of the other. A sentence may not take the other side of
#: its quotation.
OPPOSITES: Sequence[tuple[str, str]] = (
    ("inward inwards inbound", "outward outwards outbound"),
    ("before prior earlier", "after once afterwards later"),
    ("preceded precede", "followed follow"),
    ("import imports importing imported", "export exports exporting exported"),
    ("internal internally", "external externally"),
    ("public government state", "private privately"),
    ("advantage advantages", "disadvantage disadvantages"),
    ("strength strengths", "weakness weaknesses"),
    ("opportunity opportunities", "threat threats"),
    ("formal formally formality", "informal informally informality"),
    ("tangible", "intangible"),
    ("long-term", "short-term"),
    ("top-down", "bottom-up"),
    ("cause causes causing", "prevent prevents preventing"),
    ("help helps helped helping support supports foster fosters", "hinder hinders hindered hindering hamper hampers"),
    ("easy easier easily", "difficult harder hard difficulty"),
    ("positive positively", "negative negatively"),
    ("succeeded successful successfully", "failure failures failed unsuccessful"),
    ("minority", "majority"),
    ("win-win", "zero-sum"),
    ("direct directly", "indirect indirectly"),
    ("northern", "southern"),
    ("cheap cheaper", "expensive costly dearer"),
    ("accept accepts accepted", "reject rejects rejected refuse refused"),
    ("start starts started begin began beginning outset", "end ends ended stop stops stopped"),
    ("minimum", "maximum"),
    ("first initial initially", "last final finally"),
    ("developed industrialised", "developing"),
    ("large ample", "limited small scarce"),
    ("simple simpler simplified", "complex complexity complicated"),
    ("fully entirely full", "partly partially"),
)
#: Looser pairs: used of many things, so they count only where the neighbouring words agree.
LOOSE_OPPOSITES: Sequence[tuple[str, str]] = (
    (
        """increase increases increased increasing rise rises rising rose risen grow grows grew growing growth more
        higher greater enhance enhances enhanced multiply bring expand expands expanded expanding gain
        gains gained raise raises raised raising strengthen strengthens strengthened improve improves
        improved larger bigger""",
        """plummet plummeted deprive remove lowers lowered lowering diminish diminishes diminished lessen lessens
        lessened ease eases eased decrease decreases decreased decreasing fall falls fell falling reduce
        reduces reduced reducing reduction decline declines declined less fewer lower shrink shrinks
        shrank lose loses lost drop drops dropped cut cuts weaken weakens weakened worsen worsens
        worsened smaller""",
    ),
)

#: Strong words, by what they claim; a sentence may use one only where its quotation is as strong.
STRONG: Mapping[str, str] = {
    "universal": "all every everyone everybody everywhere entire entirely whole fully completely",
    "lasting": "always invariably inevitably never",
    "exclusive": "only solely exclusively sole purely alone",
    "necessary": """must guarantee guarantees guaranteed require requires required compulsory obligatory mandatory
    necessarily imperative indispensable""",
    "proven": "prove proves proved proven proof certainly undoubtedly definitely",
    "extreme": "best largest biggest greatest worst strongest essential riskiest",
    "enough": "enough suffices sufficient sufficiently",
    "done": "signed agreed decided",
}
HEDGES = frozenset(
    """may might could can seem seems seemed appear appears often sometimes some many several tend tends potential
    potentially likely possibly possible perhaps partly partially usually generally mainly mostly almost would
    suggests suggest helps help considered aims aim intends intended planned hope hopes expected should
    certain relatively most typically probably""".split()
)

#: Names of places and what belongs to them, where no beginning of four letters is shared.
SAME_PLACE: Sequence[str] = (
    "spain spanish",
    "netherlands dutch holland",
    "france french",
    "uk british britain england",
    "usa us american america",
    "catalonia catalan catalunya",
    "sweden swedish",
    "switzerland swiss",
    "denmark danish",
    "wales welsh",
    "ireland irish",
    "poland polish",
    "scotland scottish scots",
    "mexico mexican",
    "korea korean",
    "europe european eu",
    "norway norwegian",
    "turkey turkish",
    "basque euskadi",
    "philippines filipino",
)
#: The papers' own words for what everything in them is about: they name nobody.
NAMES_NOBODY = frozenset("sse sses sseo sseos silk papers paper tool lesson i".split())

#: What compares two things.
MORE = frozenset("more greater higher larger longer better stronger easier".split())
LESS = frozenset("less fewer lower smaller shorter worse weaker harder".split())
THAN = frozenset("than compared".split())
