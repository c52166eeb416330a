"""Hashed words of openings and endings, and the linear models over them.

What a text opens with, or stops with, is told by a few words of it. Each feature is a word or pair of words with
its place, hashed into a table of weights: no vocabulary is stored, and every language shares the table.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from audit.page import Page
from audit.script import CLOSERS, EDGE, TERMINATORS, fold, is_spaceless, word_counts

OPENING_BITS, ENDING_BITS, SENTENCE_BITS = 16, 18, 16
# Only so much of a paragraph is read: its first sentence, and what follows it closely.
OPENING_CHARS, OPENING_WORDS = 400, 50
ENDING_CHARS = 64
SENTENCE_WORDS = 30
TAIL_CHARS = 1200  # the last sentence of a paragraph is looked for in so much of its end
_WORD = re.compile(r"\w+(?:['.-]\w+)*|[^\w\s]")
_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=[^\s\da-zß-ÿа-я])|[。！？।؟۔॥]")
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


@lru_cache(maxsize=2)
def counts_of(page: Page) -> Counter[str]:
    """How often the text has each of its words."""
    return word_counts(page.text)


def opening_rows(text: str) -> list[int]:
    """The rows of the words with which a paragraph opens: the first ones with their place, all without, and pairs."""
    words = _words(text[:OPENING_CHARS])[:OPENING_WORDS]
    return sorted({crc32(f.encode()) & ((1 << OPENING_BITS) - 1) for f in _opening(words)})


def ending_rows(text: str) -> list[int]:
    """The rows of a block's last words and letters, the end of its sentence taken away."""
    core = text[-ENDING_CHARS:].rstrip(_END_MARKS)
    return sorted({crc32(f.encode()) & ((1 << ENDING_BITS) - 1) for f in _ending(core)})


def sentence_rows(tail: str) -> list[int]:
    """The rows of an unfinished last sentence: is it a sentence that stops, or a title, label or entry?"""
    words = _words(tail.rstrip(_END_MARKS))
    return sorted({crc32(f.encode()) & ((1 << SENTENCE_BITS) - 1) for f in _sentence(tail, words)})


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


def _sentence(tail: str, words: Sequence[str]) -> Iterator[str]:
    for i, word in enumerate(words[:SENTENCE_WORDS]):
        yield word
        if i + 1 < len(words):
            yield f"{word} {words[i + 1]}"
    yield f"first:{words[0] if words else ''}"
    yield f"last:{words[-1] if words else ''}"
    yield f"many:{min(len(words) // 3, 9)}"
    capitals = sum(w[0].isupper() for w in tail.split()[1:])
    yield f"capitals:{4 * capitals // max(1, len(tail.split()) - 1)}"


def _opening(words: Sequence[str]) -> Iterator[str]:
    for i, word in enumerate(words):
        yield word
        if i < 3:
            yield f"{i}:{word}"
        if i < 20 and i + 1 < len(words):
            yield f"{word} {words[i + 1]}"
    yield f"1+2:{' '.join(words[:2])}"
    yield f"1+3:{' '.join(words[:3])}"


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
