"""Turn the bytes of a text file into text, whatever encoding they are in."""

from __future__ import annotations

import codecs

from silk_rag.errors import InvalidInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
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

        best = from_bytes(data).best()
        if best is not None:
            return str(best)
    raise InvalidInput("is not text in any known encoding. Save it as UTF-8 and add it again.", field="file")
