"""A person's words inside documents: shown as typed, never obeyed."""

from __future__ import annotations

import re

# XML has no place for these: Word refuses a file that holds one, and no font has a letter for them.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+!|~$:-])")


def escaped(text: str) -> str:
    """One line in which no sign means anything to Markdown or HTML."""
    flat = " ".join(text.split())
    safe = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SIGNS.sub(r"\\\1", safe)


def printable(text: str) -> str:
    """The text without the signs that no document can show."""
    return _CONTROLS.sub("", text)
