"""From bytes to text: byte order marks, UTF-8 even when slightly broken, then detection."""

import codecs
import re

from audit.errors import UnreadableError

HEAD_BYTES = 2048  # browsers look for a declared encoding in the first 1024
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)")
SAMPLE_BYTES = 1 << 16  # enough to tell encodings apart, and the detector's time grows with it

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What pages and texts are found in (the Encoding Standard's list, without the rare): trying DOS and mainframe
# encodings too makes French Baltic and Polish Celtic.
_WIDE = ["utf_16_be", "utf_16_le", "utf_32_be", "utf_32_le"]
_LEGACY = [
    *(f"cp125{n}" for n in range(9)),
    *("cp874", "cp932", "cp949", "big5", "big5hkscs", "euc_jp", "euc_kr", "gb18030", "koi8_r", "koi8_u"),
    *("iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_9", "iso8859_15", "mac_cyrillic", "mac_roman"),
]


def encoding_of(data: bytes, hint: str | None = None) -> str:
    """The encoding of some text: by its byte order mark, UTF-8, the `hint` where it fits, else detected.

    Raises UnreadableError when the bytes are no text in any known encoding.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    wide = data.count(0) * 5 > len(data)  # UTF-16 of mostly Latin text, which is valid UTF-8 full of NULs
    if not wide and _is_utf8(data):
        return "utf-8"
    if hint and _fits(data, hint):
        return hint
    return _detected(data, wide)


def decode(data: bytes, encoding: str | None = None, hint: str | None = None) -> str:
    """The text of these bytes, in `encoding` where it is given; what does not decode becomes U+FFFD.

    Raises UnreadableError when no encoding is given and none is found.
    """
    return data.decode(encoding or encoding_of(data, hint), "replace")


def decode_page(data: bytes, encoding: str | None = None, hint: str | None = None) -> str:
    """The same for an HTML page, which may declare its encoding; a `hint` of the server's wins over that."""
    declared = _DECLARED.search(data[:HEAD_BYTES])
    return decode(data, encoding, hint or (declared[1].decode() if declared else None))


def _is_utf8(data: bytes) -> bool:
    """Whether this is UTF-8, perhaps with a few broken characters or a last one cut by a size limit."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    if not broken:
        return True
    intact = len(text) - len(text.encode("ascii", "ignore")) - broken
    return broken * 10 <= intact or (broken == 1 and intact > 0 and text.endswith("\ufffd"))


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (LookupError, ValueError):
        return False
    return True


def _detected(data: bytes, wide: bool) -> str:
    from charset_normalizer import from_bytes

    first = None if wide else re.search(rb"[\x80-\xff]", data)
    start = max(first.start() - 1000, 0) if first else 0
    sample = data[start : start + SAMPLE_BYTES]
    found = from_bytes(sample, cp_isolation=_WIDE if wide else _LEGACY)
    if not found:
        raise UnreadableError("not text in any known encoding")
    return max(found, key=lambda match: match.coherence - match.chaos).encoding
