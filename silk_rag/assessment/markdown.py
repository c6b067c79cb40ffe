"""Person's words inside Markdown: shown as typed, never obeyed."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+!|~$:-])")


def escaped(text: str) -> str:
    """One line in which no sign means anything to Markdown or HTML."""
    flat = " ".join(text.split())
    safe = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SIGNS.sub(r"\\\1", safe)
