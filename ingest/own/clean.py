"""Clean text of what a reader cannot see and a search cannot use."""

from __future__ import annotations

import re
import unicodedata

#: Zero-width and direction marks, variation selectors, tags (in which instructions can be hidden), soft hyphens,
#: control and private-use characters, lone surrogates.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
#: Joiners mean something in scripts such as Persian and Hindi; next to Latin letters they only hide.
_JOINER_IN_LATIN = re.compile("(?<=[\x00-\u024f])[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\u024f]|$)|^[\u200c\u200d]+")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
#: Characters that a PDF's font does not say the meaning of, as the PDF library writes them.
UNMAPPED = re.compile(r"\(cid:\d+\)")
#: No word of a language written in Latin letters is this long: it is data that was pasted in.
_DATA = re.compile(r"[!-~\u00a1-\u024f]{300,}")


def clean(text: str) -> str:
    """One line of text without anything invisible, composed (NFC), ligatures spelt out, spaces single."""
    visible = _JOINER_IN_LATIN.sub("", _INVISIBLE.sub("", UNMAPPED.sub("", text))).translate(_LIGATURES)
    return " ".join(_DATA.sub(" ", unicodedata.normalize("NFC", visible)).split())
