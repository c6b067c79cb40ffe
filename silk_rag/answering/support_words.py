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
#: Not negations, though they hold one.
NEGATION_IDIOMS = ("not only", "not just", "not merely", "no doubt", "nothing less than")
#: What ends the reach of a negation.
CLAUSE_BORDERS = frozenset("but although though while whereas however yet because since unless".split())

#: Each pair: words of one side, words of the other. A sentence may not take the other side of
#: its quotation.
OPPOSITES: Sequence[tuple[str, str]] = (
    ("inward inwards inbound", "outward outwards outbound"),
    ("before prior earlier precede precedes", "after later afterwards follow follows following"),
    ("import imports importing imported", "export exports exporting exported"),
    ("internal internally", "external externally"),
    ("public", "private"),
    ("advantage advantages", "disadvantage disadvantages"),
    ("strength strengths", "weakness weaknesses"),
    ("opportunity opportunities", "threat threats"),
    ("formal formally", "informal informally"),
    ("tangible", "intangible"),
    ("long-term", "short-term"),
    ("top-down", "bottom-up"),
    ("cause causes causing", "prevent prevents preventing"),
    ("help helps helped helping support supports foster fosters", "hinder hinders hindered hindering hamper hampers"),
    ("easy easier easily", "difficult harder hard"),
    ("positive positively", "negative negatively"),
    ("success succeeded successful successfully", "failure failures failed"),
    ("minority", "majority"),
    ("win-win", "zero-sum"),
    ("global globally", "local locally"),
    ("direct directly", "indirect indirectly"),
    ("north northern", "south southern"),
    ("cheap cheaper", "expensive costly dearer"),
    ("accept accepts accepted", "reject rejects rejected refuse refused"),
    ("start starts started begin began", "end ends ended stop stops stopped"),
    ("minimum least", "maximum most"),
    ("supply suppliers supplier producers producer", "demand customers customer consumers consumer buyers buyer"),
    ("home homeland domestic origin", "foreign abroad destination host"),
    ("developed industrialised", "developing"),
    ("short shorter", "long longer"),
    ("open opens opened", "close closes closed"),
)
#: Looser pairs: used of many things, so they count only where the neighbouring words agree.
LOOSE_OPPOSITES: Sequence[tuple[str, str]] = (
    (
        """increase increases increased increasing rise rises rising rose grow grows grew growing growth more higher
        greater expand expands expanded gain gains gained raise raises raised strengthen strengthens
        strengthened improve improves improved larger bigger""",
        """diminish diminishes diminished lessen lessens lessened ease eases eased decrease decreases decreased decreasing fall falls fell falling reduce reduces reduced reducing reduction
        decline declines declined less fewer lower shrink shrinks shrank lose loses lost drop drops
        dropped cut cuts weaken weakens weakened worsen worsens worsened smaller""",
    ),
)

#: Strong words, by what they claim; a sentence may use one only where its quotation is as strong.
STRONG: Mapping[str, str] = {
    "universal": """all every always everyone everybody any entire whole each both fully completely invariably
    throughout""",
    "exclusive": """only solely exclusively sole purely alone unique single""",
    "necessary": """must guarantee guarantees guaranteed ensure ensures require requires required compulsory obligatory
    mandatory necessarily inevitably need needs necessary have should""",
    "proven": """prove proves proved proven proof certainly undoubtedly definitely demonstrate demonstrates
    demonstrated show shows showed shown evident obvious confirm confirms confirmed""",
    "extreme": """most best largest biggest first greatest main never none worst strongest essential crucial key
    fundamental top leading primary prime highest""",
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
