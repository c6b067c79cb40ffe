"""The strategies of Tool 5, the approaches of the scoping paper, and the words by which a question speaks of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from silk_rag.errors import CorpusInvalid
from silk_rag.yaml_text import read_yaml


@dataclass(frozen=True)
class Strategy:
    """A column of Tool 5, or an approach of the scoping paper. `words` are what a question may call it."""

    name: str
    words: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds any of its words."""
        longest_first = sorted({self.name, *self.words}, key=len, reverse=True)
        return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)


def read_strategies(path: Path, part: str = "strategies") -> tuple[Strategy, ...]:
    """The strategies of a corpus, or with "approaches" those, in their order; none when there is no file.

    Raises CorpusInvalid.
    """
    if not path.exists():
        return ()
    try:
        rows: list[dict[str, Any]] = read_yaml(path.read_text(encoding="utf-8")).get(part, [])
        return tuple(Strategy(row["name"], tuple(row["words"])) for row in rows)
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise CorpusInvalid(f"{path}: each strategy needs a name and a list of words ({error}).") from error
