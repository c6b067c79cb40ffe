"""The papers' words and the words of the people who ask, so that the two meet in keyword search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from silk_rag.errors import CorpusInvalid
from silk_rag.yaml_text import read_yaml

_ABBREVIATION = re.compile(r"\b[A-Z]{2,}s?\b")


@dataclass(frozen=True)
class Entry:
    """Words of the papers, and the everyday words and phrases that stand for them."""

    papers: tuple[str, ...]
    everyday: tuple[str, ...]

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        # An abbreviation is meant only with its capitals ("SEE" is not "see"): it is found as it stands anyway.
        phrases = sorted({p for p in self.everyday if not p.isupper()}, key=len, reverse=True)
        alternatives = "|".join(map(re.escape, phrases))
        return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE) if phrases else None

    def meant_in(self, text: str) -> bool:
        """Whether the text uses one of the everyday words."""
        return self._pattern is not None and self._pattern.search(text) is not None


@dataclass(frozen=True)
class Glossary:
    """All entries of a corpus."""

    entries: tuple[Entry, ...] = ()

    def spelt_out(self, text: str) -> str:
        """The text with what its abbreviations stand for behind them: models know few of this field's."""

        def with_meaning(found: re.Match[str]) -> str:
            name = found.group().removesuffix("s")
            long = next((e.papers[1] for e in self.entries if len(e.papers) > 1 and e.papers[0] == name), None)
            return f"{found.group()} ({long})" if long and long.casefold() not in text.casefold() else found.group()

        return text if text.isupper() else _ABBREVIATION.sub(with_meaning, text)

    def papers_words_for(self, text: str) -> list[str]:
        """The papers' words for the everyday words in a text, in the glossary's order."""
        found = (word for entry in self.entries if entry.meant_in(text) for word in entry.papers)
        return list(dict.fromkeys(found))


def read_glossary(path: Path) -> Glossary:
    """The glossary of a corpus; empty when there is no file. Raises CorpusInvalid, naming the file and the gap."""
    if not path.exists():
        return Glossary()
    try:
        data: Mapping[str, Any] = read_yaml(path.read_text(encoding="utf-8"))
        return Glossary(tuple(_entries(data)))
    except (yaml.YAMLError, KeyError, TypeError, IndexError) as error:
        raise CorpusInvalid(
            f"{path}: terms need term and plain, synonyms are lists, places need place and words ({error})."
        ) from error


def _entries(data: Mapping[str, Any]) -> Iterator[Entry]:
    for term in data["terms"]:
        papers = _strings(part for part in (term["term"], term.get("expansion")) if part)
        yield Entry(papers, (*_strings(term.get("plain") or ()), str(term["term"])))
    for group in data["synonyms"]:
        yield Entry((str(group[0]),), _strings(group))
    for place in data["places"]:
        yield Entry((str(place["place"]),), (*_strings(place["words"]), str(place["place"])))


def _strings(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(map(str, values))
