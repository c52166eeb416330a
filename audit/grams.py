"""The words of a page's blocks as numbers, for all blocks at once: hashed words, word pairs and character n-grams.

The blocks are laid out in one array of characters (code points, folded), each between separators, so that no n-gram
reaches from one block into the next. Hashes are sums and products modulo 2**32 over that array: the same on every
machine. `tests/test_model.py` has the same definition in plain Python.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audit.script import MARKS, TERMINATORS, fold

BITS = 20  # the lexical weights have 2**BITS rows
# Of longer blocks only the two ends are read: what a paragraph says in its middle does not tell what it is.
HEAD, TAIL = 256, 128
ORDERS = (3, 4, 5)  # lengths of the character n-grams
PAD = max(ORDERS)  # separators before each block, and at the end
SEPARATOR = "\n"
WORD_CHARS = 24  # characters of a word that count

MIX, STEP = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
PAIR = np.uint32(0xC2B2AE35)
_PLACES = (np.arange(WORD_CHARS + 1, dtype=np.uint32) * np.uint32(0x27D4EB2F) + np.uint32(0x165667B1)) | np.uint32(1)
_PLACES[WORD_CHARS] = 0  # for all places further on

CLASSES = [
    "other", "lower", "upper", "letter", "digit", "space", "terminator", "comma", "colon", "quote", "open", "close",
    "bar", "slash", "bullet", "arrow", "dash", "at", "money", "percent", "sign", "separator",
]  # fmt: skip
_MEMBERS = {
    "comma": ",،、，;；", "colon": ":：", "quote": "\"'“”„«»‘’「」『』", "open": "([{（【", "close": ")]}）】",
    "bar": "|｜¦", "slash": "/\\", "bullet": "•·‣▪●○◦■□*+✓✔", "arrow": "→›»➔▶►▸⟶<>‹←↑↓▼▲",
    "dash": "-–—―_=~", "at": "@#",
    "money": "$€£¥₹", "percent": "%", "sign": "©®™",
}  # fmt: skip
_MARK = 3
_TESTS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("letter", str.isalnum), ("lower", lambda c: c.islower() and c.isalnum()),
    ("upper", lambda c: c.isupper() and c.isalnum()), ("digit", str.isdigit), ("space", str.isspace),
)  # fmt: skip
BEYOND = 0xFFFF  # stands for every character outside the basic plane


@dataclass(frozen=True, slots=True)
class Layout:
    """Blocks laid out for counting; block b is characters [starts[b], ends[b]) and words [first[b], first[b + 1]).

    Texts that are the same may share a block: text t is block `which[t]`. `words` are the hashes; the first of each
    block stands for the separator before it. `classes` are indices into CLASSES of all characters; words are the
    characters [opens, closes).
    """

    folded: NDArray[np.uint32]
    classes: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    words: NDArray[np.uint32]
    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    first: NDArray[np.int64]
    which: NDArray[np.int64]

    def words_by_text(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The words of one text after the other, and the first of each text and of none, as if none shared a block."""
        begin = self.first[self.which]
        count = self.first[self.which + 1] - begin
        first = np.append(0, count.cumsum())
        return self.words[np.arange(first[-1]) + np.repeat(begin - first[:-1], count)], first


def layout(texts: Sequence[str], *, marks: bool = False, once: bool = False) -> Layout:
    """Lay out the texts of blocks, of which there is at least one. With `marks`, signs are words, one by one.

    With `once`, texts that are the same share a block: the lines of a site come again and again.
    """
    short = [t if len(t) <= HEAD + TAIL else t[:HEAD] + t[-TAIL:] for t in texts]
    which = np.arange(len(short))
    if once:
        number = {text: i for i, text in enumerate(dict.fromkeys(short))}
        which, short = np.array([number[text] for text in short]), list(number)
    gap = SEPARATOR * PAD
    joined = gap + gap.join(short) + gap
    lengths = np.array([len(t) for t in short], dtype=np.int64)
    ends = np.cumsum(lengths + PAD)
    starts = ends - lengths
    gaps = np.append(starts, ends[-1] + PAD) - PAD
    between = gaps[:, None] + np.arange(PAD)
    classes, folded = _spelled(joined)
    classes[between] = len(CLASSES) - 1
    folded[between] = ord(SEPARATOR)
    opens, closes, words = _words(folded, classes, marks)
    return Layout(folded, classes, starts, ends, words, opens, closes, opens.searchsorted(gaps), which)


def rows(page: Layout) -> tuple[NDArray[np.uint32], NDArray[np.int64], list[NDArray[np.uint32]], NDArray[np.int64]]:
    """Rows of the lexical weights: of words and pairs, with the first of each block, and of n-grams likewise.

    The words' rows come as [words…, pairs…] of equal length; n-grams as one array an order, each as long as the
    characters, where block b owns positions [starts[b] - 1, ends[b]).
    """
    pairs = page.words[:-1] * PAIR + page.words[1:]
    words = np.stack([row(page.words[:-1], 1), row(pairs, 2)])
    grams = []
    rolling = page.folded * MIX
    for n in range(2, PAD + 1):
        rolling = rolling[:-1] * STEP + page.folded[n - 1 :] * MIX
        if n in ORDERS:
            grams.append(row(rolling, n))
    return words, page.first, grams, page.starts


def row(hashes: NDArray[np.uint32], seed: int, bits: int = BITS) -> NDArray[np.uint32]:
    """Rows of a table of 2**bits for hashes; another seed gives other ones."""
    mixed = (hashes + np.uint32(seed)) * MIX
    mixed ^= mixed >> np.uint32(15)
    mixed *= PAIR
    out: NDArray[np.uint32] = mixed >> np.uint32(32 - bits)
    return out


def hash_words(text: str) -> NDArray[np.uint32]:
    """The hashes of a text's words, in order."""
    return hashes_of([text])[0]


def hashes_of(texts: Sequence[str]) -> list[NDArray[np.uint32]]:
    """The hashes of the words of each text, in order."""
    laid = layout(texts)
    return [laid.words[a + 1 : b] for a, b in pairwise(laid.first.tolist())]


def _words(
    folded: NDArray[np.uint32], classes: NDArray[np.uint8], marks: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
    """Where words begin and end, and their hashes; a run of separators is a word too."""
    sort = _sorts(marks).take(classes)
    edge = np.flatnonzero((np.diff(sort, prepend=np.int8(-1)) != 0) | (sort == _MARK))
    kept = sort[edge] > 0
    length = np.diff(edge, append=len(sort))
    place = np.arange(len(sort)) - np.repeat(edge, length)
    spelled = folded * MIX
    spelled ^= spelled >> np.uint32(15)
    spelled *= _PLACES.take(place, mode="clip")
    opens = edge[kept]
    return opens, opens + length[kept], np.add.reduceat(spelled, edge, dtype=np.uint32)[kept]


def _spelled(text: str) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Classes of the characters as they are, and their folded codes with one digit and one space for all."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    plain = np.minimum(codes, BEYOND)
    folded = _folded_table().take(plain)
    beyond = plain == BEYOND
    if beyond.any():
        folded[beyond] = codes[beyond]
    return class_table().take(plain), folded


@cache
def _folded_table() -> NDArray[np.uint32]:
    """What every character of the basic plane is folded to, by itself."""
    plane = "".join(map(chr, range(BEYOND + 1))).replace("İ", "i")  # the only one that is folded to two
    folded = np.frombuffer(fold(plane).encode("utf-32-le", "surrogatepass"), dtype="<u4").copy()
    folded[class_table() == CLASSES.index("digit")] = ord("0")
    folded[class_table() == CLASSES.index("space")] = ord(" ")
    return folded


@cache
def class_table() -> NDArray[np.uint8]:
    """Index into CLASSES of every character of the basic plane."""
    plane = list(map(chr, range(BEYOND + 1)))
    out = np.zeros(len(plane), np.uint8)
    for name, is_one in _TESTS:  # the last that is true counts
        out[np.fromiter(map(is_one, plane), bool, len(plane))] = CLASSES.index(name)
    for name, chars in (*_MEMBERS.items(), ("terminator", TERMINATORS), ("letter", MARKS)):
        out[list(map(ord, chars))] = CLASSES.index(name)
    return out


@cache
def _sorts(marks: bool) -> NDArray[np.int8]:
    """For each class what it is to a word: 1 part of one, 2 separator, 0 neither, or a word of one character."""
    parts = {"lower": 1, "upper": 1, "letter": 1, "digit": 1, "separator": 2, "space": 0}
    return np.array([parts.get(name, _MARK if marks else 0) for name in CLASSES], dtype=np.int8)
