"""Audited text made safe to show: what a reader cannot see, or a terminal would obey, becomes `[U+XXXX]`."""

import re

# Control characters (escape sequences begin with one), bidirectional marks, embeddings, overrides and isolates, line
# and paragraph separators, byte order marks, interlinear and tag characters, surrogates, noncharacters. Joiners and the
# zero-width space stay: Persian, Indic scripts, emoji, Thai and Khmer are written with them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_BREAK = re.compile(r"(?<![ \t])[ \t]*+\n\s*")  # begins where a run of blanks does: a start inside one costs its square
BREAK_SIGN = " ⏎ "
SHORT_CHARS = 90


def visible(text: str, *, lines: bool = False) -> str:
    r"""The text with nothing hidden in it, on one line, or with its own line breaks when `lines` is set.

    Tabs become spaces; on one line, a run of line breaks becomes one sign.

    >>> visible("safe\x1b[31m\u202e")
    'safe[U+001B][31m[U+202E]'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if not lines:
        text = _BREAK.sub(BREAK_SIGN, text)
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def clip(text: str, limit: int, *, lines: bool = False) -> str:
    """`visible` text of at most `limit` characters, an ellipsis standing for what was left out.

    >>> clip("abcdef", 4)
    'abc…'
    """
    shown = visible(text[: limit + 1], lines=lines)  # cut first: a hostile text may be huge
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def json_safe(text: str) -> str:
    r"""JSON text in which every hidden character is an escape, so that it can pass through a terminal.

    The value stays the same, but for lone surrogates, which many parsers refuse: they become U+FFFD.

    >>> json_safe('"\u202e"')
    '"\\u202e"'
    """
    return _HIDDEN.sub(lambda found: _escape(ord(found[0])), text)


def _escape(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    units = chr(code).encode("utf-16-be").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


def in_short(text: str) -> str:
    """A text on one line, cut after SHORT_CHARS characters, to be quoted in a message."""
    flat = " ".join(text[:SHORT_CHARS].split())
    return flat if len(text) <= SHORT_CHARS else flat + "…"
