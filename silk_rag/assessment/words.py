"""The words a person may use, read from `reply-words.yaml`, which anyone may correct."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from silk_rag.assessment.examples import EXAMPLES_FILE
from silk_rag.assessment.normalise import longest_first, normalise, trim
from silk_rag.assessment.numerals import numerals
from silk_rag.assessment.spelling import Speller
from silk_rag.errors import CorpusInvalid
from silk_rag.yaml_text import read_yaml

WORDS_FILE = "reply-words.yaml"
_WORD = re.compile(r"[^\W\d_][\w']*")
_ACCENTED_YES = re.compile(r"(?i)(?<!\w)s[íì](?!\w)")
BEGINNING = (
    "retrospective",
    "planning",
    "quick",
    "full",
    "parts",
    "only",
    "without",
    "both",
    "going_on",
    "you_choose",
    "requests",
    "explain",
)
CODES = ("yes", "partly", "no", "too_early", "not_applicable", "dont_know")


@dataclass(frozen=True, slots=True)
class ReplyWords:
    """All phrases normalised. `leads` open an answer, `alone` are one only by themselves; both map to a code.

    `openers` are kept by language: a German "was" must not make a question of an English "was". `beginning` holds, by
    name, the words of the first exchange (`beginning.py`).
    """

    leads: Mapping[str, str]
    lead_order: tuple[str, ...]
    alone: Mapping[str, str]
    commands: Mapping[str, str]
    fillers: tuple[str, ...]
    companions: tuple[str, ...]
    complaints: tuple[str, ...]
    weakeners: tuple[str, ...]
    hedges: tuple[str, ...]
    doubts: frozenset[str]
    clarifying: tuple[str, ...]
    opposing: tuple[str, ...]
    conjunctions: tuple[str, ...]
    no_followers: frozenset[str]
    nothing_found: frozenset[str]
    openers: Mapping[str, tuple[str, ...]]
    not_answers: tuple[str, ...]
    numbers: Mapping[str, float]
    shares: Mapping[str, float]
    percent_signs: tuple[str, ...]
    units: Mapping[str, str]
    half_more: tuple[str, ...]
    half_of: tuple[str, ...]
    approximately: tuple[str, ...]
    levels: Mapping[str, int]
    range_joiners: tuple[str, ...]
    categories: Mapping[str, str]
    jump_verbs: tuple[str, ...]
    category_nouns: tuple[str, ...]
    previous_marks: tuple[str, ...]
    doubtful_marks: tuple[str, ...]
    set_marks: tuple[str, ...]
    set_joiners: tuple[str, ...]
    beginning: Mapping[str, tuple[str, ...]]
    walks: Mapping[str, str]
    walk_steps: Mapping[str, str]
    walk_verbs: tuple[str, ...]
    walk_nouns: frozenset[str]
    irony: tuple[str, ...]
    conditions: tuple[str, ...]
    reported: tuple[str, ...]
    about_the_talk: tuple[str, ...]
    other_question: tuple[str, ...]
    not_after_code: tuple[str, ...]
    troubles: frozenset[str]
    denials: frozenset[str]
    wishes: tuple[str, ...]
    no_measure: Mapping[str, tuple[str, ...]]
    money: frozenset[str]
    light: frozenset[str]
    found_nothing: tuple[str, ...]
    concluding: tuple[str, ...]
    reporters: tuple[str, ...]
    own_voice: frozenset[str]
    own_possessions: frozenset[str]
    others: tuple[str, ...]
    own_view: tuple[str, ...]
    agreeing: tuple[str, ...]
    tags: frozenset[str]
    beside_nothing: frozenset[str]
    speller: Speller
    command_openings: Mapping[str, str]
    opening_order: tuple[str, ...]
    jump_wishes: tuple[str, ...]
    jump_tails: frozenset[str]
    turned_denials: tuple[str, ...]
    disagreeing: tuple[str, ...]
    lengths: Mapping[str, str]
    qualifiers: tuple[str, ...]
    very: tuple[str, ...]
    rather: tuple[str, ...]
    exceptions: tuple[str, ...]
    settings: tuple[str, ...]
    coins: tuple[str, ...]
    out_of: tuple[str, ...]
    going: frozenset[str]
    along: frozenset[str]
    interjections: frozenset[str]
    denying: frozenset[str]
    concord: frozenset[str]
    least: frozenset[str]
    cannot_say: tuple[str, ...]
    cannot_deny: tuple[str, ...]
    cannot_recall: tuple[str, ...]
    planned: frozenset[str]
    planned_fillers: tuple[str, ...]
    local: frozenset[str]
    abroad: frozenset[str]
    upwards: frozenset[str]
    downwards: frozenset[str]
    easy: tuple[str, ...]
    hard: tuple[str, ...]
    month_names: Mapping[str, int]
    next_year: tuple[str, ...]
    confirming: tuple[str, ...]
    assenting: frozenset[str]
    needed: frozenset[str]
    moves: Mapping[str, str]
    verdicts: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    owned: Mapping[str, tuple[str, ...]]
    institutions: tuple[str, ...]
    beside_options: tuple[str, ...]
    flows: Mapping[str, frozenset[str]]
    nearby: tuple[str, ...]
    according: tuple[str, ...]
    books: frozenset[str]
    ready: frozenset[str]
    courtesies: tuple[str, ...]
    softening: frozenset[str]
    skipping: frozenset[str]
    leaving: frozenset[str]
    left_aside: frozenset[str]
    backwards: frozenset[str]
    viewing: frozenset[str]
    instead: tuple[str, ...]
    mistaken: tuple[str, ...]
    asides: frozenset[str]
    parties: frozenset[str]
    reasons: tuple[str, ...]
    ahead: bool = False

    def looking_ahead(self) -> ReplyWords:
        """The words as they count where a plan is asked about: a hope, an aim or a target is the answer itself."""
        nearly = longest_first((*self.approximately, *self.planned_fillers))
        return replace(self, ahead=True, wishes=(), light=self.light | self.planned, approximately=nearly)


def load_reply_words(tools: Path) -> ReplyWords:
    """Read and check the word lists. Raises CorpusInvalid naming the place of what is missing or contradictory."""
    path = tools / WORDS_FILE
    try:
        content = read_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CorpusInvalid(f"{WORDS_FILE} is missing from {tools}; restore it from the repository.") from error
    except yaml.YAMLError as error:
        raise CorpusInvalid(f"{WORDS_FILE} is not valid YAML: {error}") from error
    try:
        return _words(content, _examples_said(tools))
    except (KeyError, AttributeError, TypeError) as error:
        raise CorpusInvalid(f"{WORDS_FILE}: a list is missing or has the wrong shape near {error}.") from error


def _words(content: Mapping[str, Any], said: Iterable[str]) -> ReplyWords:
    leads = _inverted({code: content["values"][code]["lead"] for code in CODES}, "values/lead")
    alone = _inverted({code: content["values"][code].get("alone", {}) for code in CODES}, "values/alone")
    _refuse_contradictions(leads, alone)
    return ReplyWords(
        leads=leads,
        lead_order=longest_first(leads),
        alone=leads | alone,
        commands=_inverted(content["commands"], "commands"),
        fillers=longest_first((*_list(content, "fillers"), *_list(content, "verdicts"))),
        companions=_list(content, "companions"),
        complaints=_list(content, "complaints"),
        weakeners=_list(content, "weakeners"),
        hedges=_list(content, "hedges"),
        doubts=frozenset(_list(content, "doubts")),
        clarifying=_list(content, "clarifying"),
        opposing=_list(content, "opposing"),
        conjunctions=_list(content, "conjunctions"),
        no_followers=frozenset(_list(content, "no_followers")),
        nothing_found=frozenset(_list(content, "nothing_found")),
        openers={
            language: longest_first(_phrases(phrases, "question_openers"))
            for language, phrases in content["question_openers"].items()
        },
        not_answers=_list(content, "not_answers"),
        numbers={
            **numerals(),
            **{phrase: float(number) for phrase, number in _inverted(content["numbers"], "numbers").items()},
        },
        shares={phrase: float(share) for phrase, share in _inverted(content["shares"], "shares").items()},
        percent_signs=_list(content, "percent_signs"),
        units=_inverted(content["units"], "units"),
        half_more=_list(content, "half_more"),
        half_of=_list(content, "half_of"),
        approximately=_list(content, "approximately"),
        levels={phrase: int(level) for phrase, level in _inverted(content["levels"], "levels").items()},
        range_joiners=_list(content, "range_joiners"),
        categories=_inverted(content["categories"], "categories"),
        jump_verbs=_list(content, "jump_verbs"),
        category_nouns=_list(content, "category_nouns"),
        previous_marks=_list(content, "previous_marks"),
        doubtful_marks=_list(content, "doubtful_marks"),
        set_marks=_list(content, "set_marks"),
        set_joiners=_list(content, "set_joiners"),
        walks=_inverted(content["walks"], "walks"),
        walk_steps=_inverted(content["walk_steps"], "walk_steps"),
        walk_verbs=_list(content, "walk_verbs"),
        walk_nouns=frozenset(_list(content, "walk_nouns")),
        irony=_list(content, "irony"),
        conditions=_list(content, "conditions"),
        reported=_list(content, "reported"),
        about_the_talk=_list(content, "about_the_talk"),
        other_question=_list(content, "other_question"),
        not_after_code=_list(content, "not_after_code"),
        troubles=frozenset(_list(content, "troubles")),
        denials=frozenset(_list(content, "denials")),
        wishes=_list(content, "wishes"),
        no_measure={kind: _list(content["no_measure"], kind) for kind in ("percent", "duration", "level")},
        money=frozenset(_list(content, "money")),
        light=frozenset(_list(content, "light")),
        found_nothing=_list(content, "found_nothing"),
        concluding=_list(content, "concluding"),
        reporters=_list(content, "reporters"),
        own_voice=frozenset(_list(content, "own_voice")),
        own_possessions=frozenset(_list(content, "own_possessions")),
        others=_list(content, "others"),
        own_view=_list(content, "own_view"),
        agreeing=_list(content, "agreeing"),
        speller=Speller(_inverted(content["shortenings"], "shortenings"), _vocabulary(content, said)),
        command_openings=_inverted(content["command_openings"], "command_openings"),
        opening_order=longest_first(_inverted(content["command_openings"], "command_openings")),
        jump_wishes=_list(content, "jump_wishes"),
        jump_tails=frozenset(_list(content, "jump_tails")),
        turned_denials=_list(content, "turned_denials"),
        disagreeing=_list(content, "disagreeing"),
        lengths=_inverted(content["lengths"], "lengths"),
        qualifiers=_list(content, "qualifiers"),
        very=_list(content, "very"),
        rather=_list(content, "rather"),
        exceptions=_list(content, "exceptions"),
        settings=_list(content, "settings"),
        coins=_list(content, "coins"),
        out_of=_list(content, "out_of"),
        going=frozenset(_list(content, "going")),
        along=frozenset(_list(content, "along")),
        interjections=frozenset(_list(content, "interjections")),
        denying=frozenset(_list(content["denying"], "each")),
        concord=frozenset(_list(content["denying"], "concord")),
        least=frozenset(_list(content, "least")),
        cannot_say=_list(content, "cannot_say"),
        cannot_deny=_list(content, "cannot_deny"),
        cannot_recall=_list(content, "cannot_recall"),
        planned=frozenset(_list(content, "planned")),
        planned_fillers=_list(content, "planned_fillers"),
        local=frozenset(_list(content, "local")),
        abroad=frozenset(_list(content, "abroad")),
        upwards=frozenset(_list(content, "upwards")),
        downwards=frozenset(_list(content, "downwards")),
        easy=_list(content, "easy"),
        hard=_list(content, "hard"),
        month_names={name: int(month) for name, month in _inverted(content["month_names"], "month_names").items()},
        next_year=_list(content, "next_year"),
        confirming=_list(content, "confirming"),
        moves=_inverted(content["moves"], "moves"),
        verdicts=_list(content, "verdicts"),
        # With the "*" that `trim` would take off.
        options={key: tuple(normalise(word) for word in phrases) for key, phrases in content["options"].items()},
        owned={key: _list(content["owned"], key) for key in content["owned"]},
        institutions=_list(content, "institutions"),
        beside_options=_list(content, "beside_options"),
        flows={way: frozenset(_list(content["flows"], way)) for way in content["flows"]},
        nearby=_list(content, "nearby"),
        according=_list(content, "according"),
        books=frozenset(_list(content, "books")),
        ready=frozenset(_list(content, "ready")),
        needed=frozenset(_list(content, "needed")),
        assenting=frozenset(_list(content, "assenting")),
        tags=frozenset(_list(content, "tags")),
        courtesies=_list(content, "courtesies"),
        softening=frozenset(_list(content, "softening")),
        skipping=frozenset(_list(content, "skipping")),
        leaving=frozenset(_list(content, "leaving")),
        left_aside=frozenset(_list(content, "left_aside")),
        backwards=frozenset(_list(content, "backwards")),
        viewing=frozenset(_list(content, "viewing")),
        instead=_list(content, "instead"),
        mistaken=_list(content, "mistaken"),
        asides=frozenset(_list(content, "asides")),
        parties=frozenset(_list(content, "parties")),
        reasons=_list(content, "reasons"),
        beside_nothing=frozenset(_list(content, "beside_nothing")),
        beginning={name: _list(content["beginning"], name) for name in BEGINNING},
    )


def _examples_said(tools: Path) -> list[str]:
    """The lines of the example answers, whose words are known as well; none where there are no examples."""
    path = tools / EXAMPLES_FILE
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _vocabulary(content: Mapping[str, Any], said: Iterable[str]) -> dict[str, int]:
    """Every word of the lists and of the examples, and in how many phrases it stands."""
    phrases = (*_every_text(content), *said)
    counted = Counter(word for phrase in phrases for word in set(_WORD.findall(normalise(phrase))))
    for mistyped in _phrases(content["shortenings"], "shortenings"):
        counted.pop(mistyped, None)
    return dict(counted)


def _every_text(entry: object) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        for each in entry.values():
            yield from _every_text(each)
    elif isinstance(entry, list):
        for each in entry:
            yield from _every_text(each)


def _list(content: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return longest_first(_phrases(content[key], key))


def _phrases(entry: object, place: str) -> Iterator[str]:
    """Every phrase of a list, or of the lists by language."""
    lists: list[Any] = list(entry.values()) if isinstance(entry, dict) else [entry]
    for phrases in lists:
        for phrase in phrases:
            if not isinstance(phrase, str) or not normalise(phrase):
                raise CorpusInvalid(f"{WORDS_FILE}, {place}: {phrase!r} is not a text; put it in quotes.")
            # A sign such as "%" is all edge; other phrases are compared without the punctuation around them.
            yield trim(normalise(phrase)) or normalise(phrase)
            # Without its accent "si" is "if": heard with it, it is put as a yes (`answers.py`), also amid a phrase.
            if _ACCENTED_YES.search(phrase) and len(phrase.split()) > 1:
                yield trim(normalise(_ACCENTED_YES.sub("yes", phrase)))


def _inverted(table: Mapping[Any, Any], place: str) -> dict[str, str]:
    """Phrase -> what it means. Raises CorpusInvalid when a phrase means two things."""
    meanings: dict[str, str] = {}
    for meaning, entry in table.items():
        for phrase in _phrases(entry, f"{place}/{meaning}"):
            if meanings.setdefault(phrase, str(meaning)) != str(meaning):
                raise CorpusInvalid(
                    f"{WORDS_FILE}, {place}: {phrase!r} means both {meanings[phrase]} and {meaning}; remove one."
                )
    return meanings


def _refuse_contradictions(leads: Mapping[str, str], alone: Mapping[str, str]) -> None:
    for phrase, meaning in alone.items():
        if leads.get(phrase, meaning) != meaning:
            raise CorpusInvalid(
                f"{WORDS_FILE}, values: {phrase!r} means both {leads[phrase]} and {meaning}; remove one."
            )
