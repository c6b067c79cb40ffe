"""What the corpus says of its sources: titles, copyright lines, disclaimers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from silk_rag.errors import CorpusInvalid


@dataclass(frozen=True, slots=True)
class Source:
    """One source of the corpus as its manifest describes it."""

    title: str
    prepared_by: str
    publisher: str
    year: int
    copyright: str
    disclaimer: str
    sha256: str


def read_sources(manifest: Path) -> tuple[Source, ...]:
    """The sources of a corpus. Raises CorpusInvalid, naming the file, when one lacks what must be shown."""
    try:
        tables = tomllib.loads(manifest.read_text(encoding="utf-8"))["source"]
        return tuple(Source(**{field.name: table[field.name] for field in fields(Source)}) for table in tables)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CorpusInvalid(
            f"{manifest}: each source needs {', '.join(field.name for field in fields(Source))} ({error})."
        ) from error
