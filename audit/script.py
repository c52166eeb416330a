"""Characters and scripts: what ends a sentence, what opens one, how many words there are.

The sets follow the Unicode properties Sentence_Terminal, Pi/Pf/Pe (closing punctuation) and the
scripts that write without spaces between words (UAX #14, class SA, and the ideographs).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

# Sentence_Terminal of the scripts of the supported languages, with the ellipsis, which also ends a sentence.
TERMINATORS = frozenset(".!?…。！？｡．۔؟।॥።፧။၊។៕‽⁇⁈⁉︒")
# What may follow a terminator: quotes, brackets, emphasis marks of Markdown, footnote signs.
CLOSERS = frozenset("\"'”’»›“‘„)]}）】」』》〉〗〛］｝*_~`†‡¹²³⁰⁴⁵⁶⁷⁸⁹")
# Zero-width and directional marks and the byte order mark: invisible at the edges of a line.
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\u061c\ufeff\u00ad"
EDGE = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    + INVISIBLE
    + "".join(chr(c) for c in range(0x2000, 0x200B))
)

# Vowel signs, points and accents that stand on letters: no letters themselves, and inside a word all the same.
MARKS = frozenset(
    c for c in map(chr, (*range(0x300, 0x2000), *range(0xA800, 0xAC00))) if unicodedata.category(c) in ("Mn", "Mc")
)
_BEFORE = EDGE + "\"'“”„«»‘’(¿¡"  # what a first word may have before it
_CLOSING = "".join(sorted(CLOSERS)) + EDGE
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_UNPUNCTUATED = re.compile("[\u0e00-\u0eff]")  # Thai and Lao end a sentence with a space
# More closing marks and footnotes than this after the last word are no end of a sentence but noise.
_TAIL_CHARS = 100
_AFTER = re.compile(  # footnotes, "[12]" or a bare number after the full stop, and closing marks, in any order
    rf"(?:\[\d{{1,3}}\]|(?<=[.!?”\"])[ ]?\d{{1,2}}|[{re.escape(_CLOSING)}])+$"
)
_IN_WORD = rf"[\w{''.join(sorted(MARKS))}]+"
_WORD = re.compile(rf"{_IN_WORD}(?:['’.-]{_IN_WORD})*")
_CUT_AT = bytes(c if c >= 128 or chr(c).isalnum() or chr(c) in "_'.-" else 32 for c in range(256)).lower()
_LAST_SIGMA = "Σ"  # its lower case depends on what stands around it
_AROUND = "'.-“”’‘„«»–—…"  # what often stands around words and is no part of them
_KNOWN_CHARS = 24  # shorter pieces come again, as “it’s” does in every text
_TYPOGRAPHIC = (
    ("ı", "i"),  # Turkish capitals lower to either, so both are one here
    ("’", "'"),
    ("‘", "'"),
    ("ʼ", "'"),
    ("\xa0", " "),
    ("\u202f", " "),
)


def ends_sentence(text: str) -> bool:
    """Whether a text ends like a finished sentence: a terminator, then nothing but closing marks.

    >>> [ends_sentence(t) for t in ("He left.”", "他走了。", "He left (", "वह गया।", "as noted.[12]")]
    [True, True, False, True, True]
    """
    last = text[-1:]
    if last.isalpha() or last in TERMINATORS:  # as most lines end
        return last in TERMINATORS
    core = text.rstrip(EDGE)[-_TAIL_CHARS:]
    bare = core.rstrip(_CLOSING)
    if not bare[-1:].isdecimal():  # of no footnote
        return bare[-1:] in TERMINATORS
    return _AFTER.sub("", core)[-1:] in TERMINATORS


def is_spaceless(text: str) -> bool:
    """Whether most letters belong to scripts written without spaces between words (zh, ja, th, lo, my, km)."""
    if text.isascii() or not (dense := len(_SPACELESS.findall(text))):
        return False
    return dense * 2 > sum(map(str.isalpha, text))


def is_unpunctuated(text: str) -> bool:
    """Whether the text is in a script that does not mark the ends of sentences (th, lo)."""
    return not text.isascii() and len(_UNPUNCTUATED.findall(text)) * 3 > len(text)


def count_words(text: str) -> int:
    """Words: runs between white space, plus one for every two characters of a script without spaces."""
    spaced = len(text.split())
    if text.isascii():
        return spaced
    dense = len(_SPACELESS.findall(text))
    return spaced + dense // 2 if dense else spaced


def tokens(text: str) -> list[str]:
    """Words in lower case; a script without spaces gives its character pairs instead."""
    words = _WORD.findall(text.lower())
    if text.isascii() or not _SPACELESS.search(text):
        return words
    out: list[str] = []
    for word in words:
        out += [word[i : i + 2] for i in range(len(word) - 1)] if _SPACELESS.search(word) else [word]
    return out


def word_counts(text: str) -> Counter[str]:
    """How often a text has each of its `tokens`.

    No token holds an ASCII character other than letters, digits and `_'.-`. So the text is cut at all others, which
    takes no pattern and puts ASCII letters in lower case on the way; what lies between them is counted and then taken
    apart, once each.
    """
    counts = Counter(_pieces(text))
    for piece, times in [(piece, counts.pop(piece)) for piece in _mixed(counts)]:
        for word in _words_of(piece):
            counts[word] = counts.get(word, 0) + times
    return counts


def different_words(text: str) -> set[str]:
    """The `tokens` of a text, each once."""
    found = set(_pieces(text))
    mixed = _mixed(found)
    return found.difference(mixed).union(*map(_words_of, mixed))


def _pieces(text: str) -> list[str]:
    """What lies between the characters that no token has, ASCII letters in lower case."""
    whole = text.lower() if _LAST_SIGMA in text else text
    low = whole.encode("utf-8", "surrogatepass").translate(_CUT_AT).replace(b". ", b" ")
    return low.decode("utf-8", "surrogatepass").split()


def _mixed(pieces: Iterable[str]) -> list[str]:
    """Those that may not be one token as they are."""
    return [piece for piece in pieces if not (piece.isascii() and piece.isalnum())]


def _words_of(piece: str) -> Sequence[str]:
    return _known_words_of(piece) if len(piece) <= _KNOWN_CHARS else _taken_apart(piece)


def _taken_apart(piece: str) -> Sequence[str]:
    core = piece.strip(_AROUND)
    return (core,) if core.isalnum() and core.isascii() else tuple(tokens(core))


_known_words_of = lru_cache(maxsize=1 << 14)(_taken_apart)


def is_in_words(text: str) -> bool:
    """Whether a text is made of letters, digits and the marks on letters, as words are.

    >>> [is_in_words(t) for t in ("a1", "मे", "b.", "")]
    [True, True, False, False]
    """
    return text.isalnum() or (bool(text) and not text.isascii() and all(c in MARKS or c.isalnum() for c in text))


def fold(text: str) -> str:
    r"""Lower case with plain apostrophes and spaces, for matching; as long as the text, so offsets agree.

    >>> fold("Don’t\nSTOP")
    "don't stop"
    """
    low = text.lower()
    if len(low) != len(text):  # such as İ, which lowers to two characters
        low = "".join(c.lower()[0] for c in text)
    if not low.isascii():
        for typographic, plain in _TYPOGRAPHIC:
            low = low.replace(typographic, plain)
    return low.replace("\n", " ").replace("\r", " ").replace("\t", " ")


def starts_lower(text: str) -> bool:
    """Whether the first word is in lower case, as inside a sentence; names such as iPhone are not.

    Opening quotes and brackets are passed over; False for scripts without case and for anything but letters.
    """
    if text[:1].isupper():
        return False
    core = text.lstrip(_BEFORE)
    return core[:1].islower() and not any(c.isupper() for c in core[:12].split(" ")[0][1:])


@cache
def script_of(char: str) -> str:
    """The script of a letter by the first word of its Unicode name, such as LATIN or CJK; '' if it has none."""
    return unicodedata.name(char, "").split(" ")[0]
