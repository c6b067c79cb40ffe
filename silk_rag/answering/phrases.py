"""The assistant's own words, in the asker's language; what it quotes stays in the papers' language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from silk_rag.yaml_text import read_yaml

_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases of one language by name; a missing one is given in English."""

    language: str
    own: Mapping[str, str]
    english: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """The phrase of that name. Raises KeyError for a name that no language has."""
        return self.own.get(name) or self.english[name]


def phrases_in(language: str) -> Phrases:
    """The phrases of a language, by its ISO 639-1 code; English ones when there are none."""
    every = _every_language()
    return Phrases(language, every.get(language, every[_ENGLISH]), every[_ENGLISH])


@cache
def _every_language() -> Mapping[str, Mapping[str, str]]:
    text = (files("silk_rag.answering") / "phrases.yaml").read_text(encoding="utf-8")
    phrases: Mapping[str, Mapping[str, str]] = read_yaml(text)
    return phrases
