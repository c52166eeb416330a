"""Words for comparing: in lower case, without punctuation; a script without spaces gives its characters."""

import re

from audit.script import fold

_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")
_PLAIN = re.compile(r"[a-z0-9]+")  # the same in ASCII, twice as fast
_MARKER = re.compile(r"(?:[-*+•·o]|\(?\d{1,3}[.)]|#{1,6})\s+(?=\S)")


def words_of(text: str) -> list[str]:
    """The words of a text, such that wrapping, Markdown and typography make no difference.

    >>> words_of("**Don’t** go, 東京")
    ['don', 't', 'go', '東', '京']
    """
    return _PLAIN.findall(text.lower()) if text.isascii() else _WORD.findall(_lowered(text))


def words_of_line(text: str) -> list[str]:
    """The words of a line of a text without the sign or number of a list entry, which pages seldom spell out.

    >>> words_of_line("12. Paint the door")
    ['paint', 'the', 'door']
    """
    marker = _MARKER.match(text)
    return words_of(text[marker.end() :] if marker else text)


def between(text: str, first: int, end: int) -> tuple[int, int]:
    """Characters of the words [first, end) of a line, with the punctuation that is theirs.

    >>> between("Rain fell. Read more: Snow! Then", 2, 5)
    (11, 27)
    """
    marker = _MARKER.match(text)
    spans = [m.span() for m in _WORD.finditer(_lowered(text), marker.end() if marker else 0)]
    start = spans[first][0]
    while start and not text[start - 1].isspace():
        start -= 1
    stop = spans[end][0] if end < len(spans) else len(text)
    while stop > start and not text[stop - 1].isspace() and stop < len(text):
        stop -= 1
    return start, start + len(text[start:stop].rstrip())


def _lowered(text: str) -> str:
    """Lower case, as long as the text, so that offsets agree."""
    low = text.lower()
    return low if len(low) == len(text) else fold(text)
