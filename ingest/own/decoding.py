"""Turn the bytes of a text file into text, whatever encoding they are in."""

from __future__ import annotations

import codecs
import re

from silk_rag.errors import InvalidInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = ("cp1252", "latin_1")
#: A sign within a word shows that it was written in another encoding.
_SIGN_IN_WORD = re.compile(
    r"[^\W\d_][\u00a2-\u00a9\u00ac-\u00b3\u00b5-\u00b9\u00bc-\u00be\u00d7\u00f7]"
    r"|[\u00a2-\u00a7\u00a9\u00ac-\u00ae\u00b2\u00b3\u00b5-\u00b9\u00bc-\u00be\u00d7\u00f7][^\W\d_]"
)


def decode(data: bytes) -> str:
    """The text of a file: by its byte order mark, as UTF-8, or in the encoding that charset-normalizer finds likeliest.

    Raises InvalidInput when the bytes are no text in any encoding.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for name in (marked, "utf-8"):
        try:
            if name:
                return data.decode(name)
        except UnicodeDecodeError:
            continue
    if b"\0" not in data:
        from charset_normalizer import from_bytes

        matches = from_bytes(data)
        best = matches.best()
        western = next((match for match in matches if match.encoding in _WESTERN), None)
        if western is not None and best is not None and _is_western(str(western), western.chaos - best.chaos):
            return str(western)
        if best is not None:
            return str(best)
    raise InvalidInput("is not text in any known encoding. Save it as UTF-8 and add it again.", field="file")


def _is_western(text: str, more_chaos: float) -> bool:
    """Whether a text that may be in a Western encoding is: of several that make equal sense it is the commonest."""
    return more_chaos <= 0.15 and not _SIGN_IN_WORD.search(text)
