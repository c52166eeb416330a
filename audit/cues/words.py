"""Hashed words of openings and endings, and the linear models over them.

What a text opens with, or stops with, is told by a few words of it. Each feature is a word or pair of words with
its place, hashed into a table of weights: no vocabulary is stored, and every language shares the table.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from audit.page import Page
from audit.script import CLOSERS, EDGE, TERMINATORS, fold, is_spaceless, word_counts
from audit.together import kept

OPENING_BITS, ENDING_BITS, SENTENCE_BITS = 16, 18, 16
# Only so much of a paragraph is read: its first sentence, and what follows it closely.
OPENING_CHARS, OPENING_WORDS = 400, 50
ENDING_CHARS = 64
SENTENCE_WORDS = 30
TAIL_CHARS = 1200  # the last sentence of a paragraph is looked for in so much of its end
_WORD = re.compile(r"\w+(?:['.-]\w+)*|[^\w\s]")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+\s++(?=[^\s\da-zß-ÿа-я])|[。！？।؟۔॥]")
_STOPS = ".!?…。！？।؟۔॥"
_END_MARKS = "".join(sorted(TERMINATORS | CLOSERS)) + EDGE


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights of hashed features, scaled to int8; `score` is the logarithm of odds."""

    weights: NDArray[np.int8]
    scale: float
    intercept: float
    _table: list[int] = field(init=False, repr=False)  # the same: a few of them are added up faster one by one

    def __post_init__(self) -> None:
        object.__setattr__(self, "_table", self.weights.tolist())

    def score(self, rows: Sequence[int]) -> float:
        """The score of a text whose features have these rows; each counts less in a longer text."""
        if not rows:
            return self.intercept
        total = sum(map(self._table.__getitem__, rows))
        return float(self.intercept + self.scale * total / len(rows) ** 0.5)


@dataclass(frozen=True, slots=True)
class Words:
    """The models of words: how articles open, how blocks end, and what sentences that stop look like."""

    opening: Linear
    ending: Linear
    sentence: Linear


@kept
def counts_of(page: Page) -> Counter[str]:
    """How often the text has each of its words."""
    return word_counts(page.text)


def opening_rows(text: str) -> list[int]:
    """The rows of the words with which a paragraph opens: the first ones with their place, all without, and pairs."""
    words = _encoded(_words(text[:OPENING_CHARS])[:OPENING_WORDS])
    return _rows(_opening(words), OPENING_BITS)


def ending_rows(text: str) -> list[int]:
    """The rows of a block's last words and letters, the end of its sentence taken away."""
    core = text[-ENDING_CHARS:].rstrip(_END_MARKS)
    return _rows([crc32(f.encode()) for f in _ending(core)], ENDING_BITS)


def sentence_rows(tail: str) -> list[int]:
    """The rows of an unfinished last sentence: is it a sentence that stops, or a title, label or entry?"""
    words = _encoded(_words(tail.rstrip(_END_MARKS)))
    return _rows(_sentence(tail, words), SENTENCE_BITS)


def whole_sentences(text: str) -> list[str]:
    """The sentences of a paragraph but the last one, each with what ends it."""
    ends = [0, *(m.end() for m in _STOP.finditer(text))]
    return [text[a:b].rstrip() for a, b in pairwise(ends)]


def sentences(text: str) -> tuple[int, str]:
    """How many sentences a paragraph has besides its last one, and the last one."""
    if not any(mark in text for mark in _STOPS):
        return 0, text
    ends = [m.end() for m in _STOP.finditer(text, max(0, len(text) - TAIL_CHARS)) if m.end() < len(text)]
    return len(ends), text[ends[-1] :] if ends else text


def _rows(hashes: Iterable[int], bits: int) -> list[int]:
    mask = (1 << bits) - 1
    return sorted({h & mask for h in hashes})


def _encoded(words: Sequence[str]) -> list[bytes]:
    return " ".join(words).encode().split(b" ") if words else []


def _pairs(words: Sequence[bytes], hashes: Sequence[int]) -> list[int]:
    """The hashes of words with a space and the next one; `hashes` are those of the words, as far as pairs are made."""
    return [crc32(word, crc32(b" ", first)) for first, word in zip(hashes, words[1:], strict=False)]


def _sentence(tail: str, words: Sequence[bytes]) -> list[int]:
    """Hashes of the features of a sentence: its words, pairs of them, the outermost, and how many are how written."""
    hashes = [crc32(word) for word in words[:SENTENCE_WORDS]]
    parts = tail.split()
    capitals = sum([w[0].isupper() for w in parts[1:]])
    outer = (b"first:" + words[0], b"last:" + words[-1]) if words else (b"first:", b"last:")
    counted = b"many:%d" % min(len(words) // 3, 9), b"capitals:%d" % (4 * capitals // max(1, len(parts) - 1))
    return [*hashes, *_pairs(words, hashes), *map(crc32, outer), *map(crc32, counted)]


def _opening(words: Sequence[bytes]) -> list[int]:
    """Hashes of the features of an opening: its words, pairs of the first, and the first ones with their place."""
    hashes = [crc32(word) for word in words]
    placed = [crc32(b"%d:%b" % (i, word)) for i, word in enumerate(words[:3])]
    first = crc32(b"1+2:" + b" ".join(words[:2])), crc32(b"1+3:" + b" ".join(words[:3]))
    return [*hashes, *placed, *_pairs(words, hashes[:20]), *first]


def _ending(core: str) -> Iterator[str]:
    words = _words(core)
    if not words:
        return
    last = words[-1]
    yield f"0:{last}"
    for n in (1, 2, 3, 4):
        yield f"{n}:{last[-n:]}<"
    yield f"case:{core[core.rfind(' ') + 1 :][:1].isupper()}:{len(last)}"
    if len(words) > 1:
        yield f"2:{words[-2]} {last}"
        yield f"3:{words[-2]}"
        yield f"4:{words[-2]} {last[-2:]}"
        yield f"5:{words[-2][-3:]} {last[-3:]}"
    if len(words) > 2:
        yield f"6:{words[-3]}"
        yield f"7:{words[-3]} {words[-2]}"
        yield f"8:{words[-3]} {words[-2]} {last}"


def _words(text: str) -> list[str]:
    words = _WORD.findall(fold(text))
    if text.isascii() or not is_spaceless(text):
        return words
    return [piece for word in words for piece in (word[i : i + 2] for i in range(0, max(1, len(word) - 1)))]
