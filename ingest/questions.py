"""Read the editors' questions: what people might ask that a passage answers.

They help to find the passage, and are never shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from silk_rag.errors import CorpusInvalid


def questions_by_passage(folder: Path) -> dict[str, tuple[str, ...]]:
    """Questions by passage id; none when there is no such folder. Raises CorpusInvalid, naming the file."""
    questions: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or []
            questions.update((row["passage"], tuple(map(str, row["questions"]))) for row in rows)
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise CorpusInvalid(f"{path}: each entry needs a passage id and a list of questions ({error}).") from error
    return questions
