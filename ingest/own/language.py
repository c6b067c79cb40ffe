"""Which language a document is in, among all that py3langid knows (97): a document says enough to be sure."""

from __future__ import annotations

from functools import cache
from typing import Any

from ingest.own.blocks import Block

#: So many letters tell; more only take longer.
_LETTERS = 5_000


def language_of(blocks: tuple[Block, ...]) -> str:
    """The ISO 639-1 code of the language of most of a document's text."""
    words = " ".join(block.text for block in blocks[: len(blocks) // 2 + 50] if block.kind != "heading")
    middle = max(0, len(words) // 2 - _LETTERS // 2)
    language, _ = _identifier().classify(words[middle : middle + _LETTERS])
    return str(language)


@cache
def _identifier() -> Any:  # noqa: ANN401 (py3langid has no types)
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
