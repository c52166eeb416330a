"""The words of a page's blocks as numbers, for all blocks at once: hashed words, word pairs and character n-grams.

The blocks are laid out in one array of characters (code points, folded), each between separators, so that no n-gram
reaches from one block into the next. Hashes are sums and products modulo 2**32 over that array: the same on every
machine. `tests/test_model.py` has the same definition in plain Python.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.script import TERMINATORS, fold

BITS = 20  # the lexical weights have 2**BITS rows
# Of longer blocks only the two ends are read: what a paragraph says in its middle does not tell what it is.
HEAD, TAIL = 256, 128
ORDERS = (3, 4, 5)  # lengths of the character n-grams
PAD = max(ORDERS)  # separators before each block, and at the end
SEPARATOR = "\n"
WORD_CHARS = 24  # characters of a word that count

MIX, STEP = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
PAIR = np.uint32(0xC2B2AE35)
_PLACES = (np.arange(WORD_CHARS, dtype=np.uint32) * np.uint32(0x27D4EB2F) + np.uint32(0x165667B1)) | np.uint32(1)

CLASSES = (
    "other lower upper letter digit space terminator comma colon quote open close bar slash bullet arrow dash at money "
    "percent sign separator"
).split()
_MEMBERS = {
    "comma": ",،、，;；", "colon": ":：", "quote": "\"'“”„«»‘’「」『』", "open": "([{（【", "close": ")]}）】", "bar": "|｜¦",
    "slash": "/\\", "bullet": "•·‣▪●○◦■□*+✓✔", "arrow": "→›»➔▶►▸⟶<>‹←↑↓▼▲", "dash": "-–—―_=~", "at": "@#",
    "money": "$€£¥₹", "percent": "%", "sign": "©®™",
}  # fmt: skip
BEYOND = 0xFFFF  # stands for every character outside the basic plane


@dataclass(frozen=True, slots=True)
class Layout:
    """Blocks laid out for counting; block b is characters [starts[b], ends[b]) and words [first[b], first[b + 1]).

    `words` are the hashes; the first of each block stands for the separator before it. `classes` are indices into
    CLASSES of all characters, `opens` the positions of the words.
    """

    folded: NDArray[np.uint32]
    classes: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    words: NDArray[np.uint32]
    opens: NDArray[np.int64]
    first: NDArray[np.int64]


def layout(texts: Sequence[str]) -> Layout:
    """Lay out the texts of blocks."""
    short = [t if len(t) <= HEAD + TAIL else t[:HEAD] + t[-TAIL:] for t in texts]
    gap = SEPARATOR * PAD
    joined = gap + gap.join(short) + gap if short else gap
    plain = _codes(joined)
    folded = _codes(fold(joined))
    lengths = np.array([len(t) for t in short], dtype=np.int64)
    ends = np.cumsum(lengths + PAD)
    starts = ends - lengths
    table, spelling = _tables()
    classes = table[np.minimum(plain, BEYOND)]
    folded = np.where(folded < BEYOND, spelling[np.minimum(folded, BEYOND)], folded)
    is_gap = np.ones(len(plain), dtype=np.int8)
    is_gap[starts] -= 1
    inside = np.zeros(len(plain) + 1, dtype=np.int32)
    np.add.at(inside, starts, 1)
    np.add.at(inside, ends, -1)
    outside = np.cumsum(inside[:-1]) == 0
    classes[outside] = len(CLASSES) - 1
    folded[outside] = ord(SEPARATOR)
    opens, words = _words(folded, classes)
    return Layout(folded, classes, starts, ends, words, opens, _first(opens, starts))


def rows(page: Layout) -> tuple[NDArray[np.uint32], NDArray[np.int64], list[NDArray[np.uint32]], NDArray[np.int64]]:
    """Rows of the lexical weights: of words and pairs, with the first of each block, and of n-grams likewise.

    The words' rows come as [words…, pairs…] of equal length; n-grams as one array an order, each as long as the
    characters, where block b owns positions [starts[b] - 1, ends[b]).
    """
    pairs = page.words[:-1] * PAIR + page.words[1:]
    words = np.stack([_row(page.words[:-1], 1), _row(pairs, 2)])
    grams = []
    rolling = page.folded * MIX
    for n in range(2, PAD + 1):
        rolling = rolling[:-1] * STEP + page.folded[n - 1 :] * MIX
        if n in ORDERS:
            grams.append(_row(rolling, n))
    return words, page.first, grams, page.starts


def _row(hashes: NDArray[np.uint32], seed: int) -> NDArray[np.uint32]:
    mixed = (hashes + np.uint32(seed)) * MIX
    mixed ^= mixed >> np.uint32(15)
    mixed *= PAIR
    out: NDArray[np.uint32] = mixed >> np.uint32(32 - BITS)
    return out


def hash_words(text: str) -> NDArray[np.uint32]:
    """The hashes of a text's words, in order."""
    found = layout([text])
    return found.words[1:-1]


def _words(folded: NDArray[np.uint32], classes: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Where words begin, and their hashes; a run of separators is a word too."""
    sort = _sorts()[classes]
    edge = np.flatnonzero(np.diff(sort, prepend=np.int8(-1)))
    kept = sort[edge] > 0
    length = np.diff(edge, append=len(sort))
    place = np.arange(len(sort)) - np.repeat(edge, length)
    spelled = folded * MIX
    spelled ^= spelled >> np.uint32(15)
    spelled *= np.where(place < WORD_CHARS, _PLACES[np.minimum(place, WORD_CHARS - 1)], np.uint32(0))
    return edge[kept], np.add.reduceat(spelled, edge, dtype=np.uint32)[kept]


def _first(opens: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Index of the first word of each block, which is the separator before it."""
    return np.searchsorted(opens, np.append(starts - PAD, opens[-1]))


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
