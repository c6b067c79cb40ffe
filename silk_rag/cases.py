"""The eleven cases: what they are called, and which passages speak of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml

from silk_rag.documents import Passage
from silk_rag.errors import CorpusInvalid
from silk_rag.yaml_text import read_yaml


@dataclass(frozen=True)
class Case:
    """One of the eleven cases.

    `aliases` are safe anywhere, `abbreviations` only in the tool and annex documents, `places` only where a question
    sets several cases side by side.
    """

    id: str
    name: str
    kind: Literal["policy", "strategy"]
    organisation: str
    country: str
    aliases: tuple[str, ...]
    abbreviations: tuple[str, ...]
    programmes: tuple[str, ...]
    tool_4: str | None
    places: tuple[str, ...] = ()

    @cached_property
    def _names(self) -> re.Pattern[str]:
        return _any_of((self.name, *self.aliases, *self.programmes), re.IGNORECASE)

    @cached_property
    def _short_names(self) -> re.Pattern[str] | None:
        return _any_of(self.abbreviations, re.NOFLAG) if self.abbreviations else None

    @cached_property
    def _places(self) -> re.Pattern[str] | None:
        return _any_of(self.places, re.IGNORECASE) if self.places else None

    def mention_in(self, text: str) -> re.Match[str] | None:
        """Where a question first speaks of the case, by a name or abbreviation."""
        return self._names.search(text) or (self._short_names.search(text) if self._short_names else None)

    def place_in(self, text: str) -> re.Match[str] | None:
        """Where a text first names the place of the case."""
        return self._places.search(text) if self._places else None

    def named_in(self, text: str) -> bool:
        """Whether a name, alias or programme of the case stands in the text, whatever its capitals."""
        return self._names.search(text) is not None

    def abbreviated_in(self, text: str) -> bool:
        """Whether an abbreviation such as EE or MCC stands in the text as a word of its own."""
        return self._short_names is not None and self._short_names.search(text) is not None


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a corpus, in file order. Raises CorpusInvalid, naming what is missing."""
    try:
        rows: list[dict[str, Any]] = read_yaml(path.read_text(encoding="utf-8"))["cases"]
        return tuple(_case(row) for row in rows)
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise CorpusInvalid(f"{path}: each case needs id, name, kind, organisation and country ({error}).") from error


def cases_asked_about(question: str, cases: Iterable[Case]) -> list[tuple[Case, re.Match[str]]]:
    """The cases that a question speaks of and where, in its order.

    Places stand for their cases where two or more are named and nothing else is: in "Why did CoopCycle go to Mexico?"
    Mexico is no case.
    """
    cases = list(cases)
    named = [(case, found) for case in cases if (found := case.mention_in(question))]
    placed = [(case, found) for case in cases if (found := case.place_in(question))]
    only_places = all(any(case.id == other.id for other, _ in placed) for case, _ in named)
    chosen = placed if only_places and len(placed) > 1 else named
    return sorted(chosen, key=lambda each: each[1].start())


def cases_mentioned(passage: Passage, cases: Iterable[Case]) -> tuple[str, ...]:
    """Ids of the cases a passage speaks of: named in its document's title, its headings or its text."""
    text = " \n".join((passage.document_title, *(heading.text for heading in passage.heading_path), passage.text))
    short_names_are_safe = passage.kind in ("tool", "annex")
    return tuple(
        case.id for case in cases if case.named_in(text) or (short_names_are_safe and case.abbreviated_in(text))
    )


def _case(row: dict[str, Any]) -> Case:
    return Case(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        organisation=row["organisation"],
        country=row["country"],
        aliases=tuple(row.get("aliases") or ()),
        abbreviations=tuple(row.get("abbreviations") or ()),
        programmes=tuple(row.get("programmes") or ()),
        tool_4=row.get("tool_4"),
        places=tuple(row.get("places") or ()),
    )


def _any_of(names: Iterable[str], flags: re.RegexFlag) -> re.Pattern[str]:
    longest_first = sorted(set(names), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", flags)
