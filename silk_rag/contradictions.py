"""Places where the papers contradict themselves: an answer that touches one shows both sides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from silk_rag.errors import CorpusInvalid
from silk_rag.yaml_text import read_yaml


@dataclass(frozen=True, slots=True)
class Side:
    """One of the statements, verbatim from a document of the corpus."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements of the papers that do not go together.

    `topic` is the editors' name for what they are about, `about` holds the words by which a question touches it.
    A "contradiction" cannot hold on every side; a "tension" can, but whoever sees one side only is misled.
    """

    id: str
    kind: Literal["contradiction", "tension"]
    topic: str
    sides: tuple[Side, ...]
    about: tuple[str, ...] = ()


def read_contradictions(path: Path) -> tuple[Contradiction, ...]:
    """The contradictions of a corpus; none when there is no file. Raises CorpusInvalid on a bad entry."""
    if not path.exists():
        return ()
    try:
        rows: list[dict[str, Any]] = read_yaml(path.read_text(encoding="utf-8"))["contradictions"]
        return tuple(
            Contradiction(
                row["id"],
                row["kind"],
                row["topic"],
                tuple(Side(s["document"], s["quote"]) for s in row["sides"]),
                tuple(map(str, row.get("about") or ())),
            )
            for row in rows
        )
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise CorpusInvalid(
            f"{path}: each entry needs id, kind, topic and sides with document and quote ({error})."
        ) from error
