"""Which language a question is in, by py3langid (BSD), among the languages the assistant is tried in."""

from __future__ import annotations

from functools import cache
from typing import Any

#: Languages with questions in the evaluation sets.
LANGUAGES = ("en", "fr", "es", "it", "pt", "de", "nl", "ko")
#: A question of few words, mostly names, says little about its language: English unless it is this sure.
LEAST_CERTAIN = 0.8


def detect_language(text: str) -> str:
    """The ISO 639-1 code of the text's language; "en" when in doubt."""
    language, probability = _identifier().classify(text)
    return str(language) if probability >= LEAST_CERTAIN else "en"


@cache
def _identifier() -> Any:  # noqa: ANN401 (py3langid has no types)
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
