"""Hashed words of openings and endings, and the linear models over them.

What a text opens with, or stops with, is told by a few words of it. Each feature is a word or some words with their
place, hashed into a table of weights: no vocabulary is stored, and every language shares the table. The words of many
texts are hashed at once (`audit.grams`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.grams import CLASSES, HEAD, MIX, PAIR, STEP, TAIL, Layout, layout, row
from audit.script import CLOSERS, EDGE, TERMINATORS, is_spaceless

Hashes = NDArray[np.uint32]
Whole = NDArray[np.int64]

OPENING_BITS, ENDING_BITS, SENTENCE_BITS = 16, 18, 16
# Only so much of a paragraph is read: its first sentence, and what follows it closely.
OPENING_CHARS, OPENING_WORDS, OPENING_PAIRS = HEAD + TAIL, 50, 20
ENDING_CHARS = 64
SENTENCE_WORDS = 30
_END_MARKS = "".join(sorted(TERMINATORS | CLOSERS)) + EDGE
_UPPER = CLASSES.index("upper")


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Hashed features of some texts: of which text each is, and its row in the table of weights."""

    texts: int
    owner: Whole
    rows: Hashes

    @property
    def weight(self) -> NDArray[np.float64]:
        """What each feature counts: less in a text that has more of them."""
        count = np.bincount(self.owner, minlength=self.texts)
        out: NDArray[np.float64] = 1 / np.sqrt(count[self.owner])
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Weights of hashed features, scaled to int8; `score` is the logarithm of odds."""

    weights: NDArray[np.int8]
    scale: float
    intercept: float

    def score(self, found: Features) -> NDArray[np.float64]:
        """The score of each text."""
        total, count = (np.bincount(found.owner, x, found.texts) for x in (self.weights[found.rows], None))
        out: NDArray[np.float64] = self.intercept + self.scale * total / np.sqrt(np.maximum(1, count))
        return out


@dataclass(frozen=True, slots=True)
class Words:
    """The models of words: how articles open, how blocks end, and what sentences that stop look like."""

    opening: Linear
    ending: Linear
    sentence: Linear


def openings(texts: Sequence[str]) -> Features:
    """The words with which paragraphs open: the first ones with their place, all without, and pairs."""
    words = _Laid.of([text[:OPENING_CHARS] for text in texts])
    first, second, third = (words.nth(i) for i in range(3))
    return words.features(
        OPENING_BITS,
        words.upto(OPENING_WORDS),
        words.pairs(OPENING_PAIRS),
        *((words.texts, hashes) for hashes in (first, second, third)),
        (words.texts, _joined(first, second)),
        (words.texts, _joined(first, second, third)),
    )


def endings(texts: Sequence[str]) -> Features:
    """The last words and letters of blocks, the end of their sentence taken away."""
    words = _Laid.of([text[-ENDING_CHARS:].rstrip(_END_MARKS) for text in texts])
    last, second, third = (words.nth(-1 - i) for i in range(3))
    before, ends = words.closes(-2), words.ends
    return words.features(
        ENDING_BITS,
        *((words.texts, words.letters(ends, n)) for n in (1, 2, 3, 4)),
        *((words.texts, hashes) for hashes in (last, second, third, words.case(-1))),
        (words.texts, _joined(second, last)),
        (words.texts, _joined(second, words.letters(ends, 2))),
        (words.texts, _joined(words.letters(before, 3), words.letters(ends, 3))),
        (words.texts, _joined(third, second)),
        (words.texts, _joined(third, second, last)),
    )


def stopped(tails: Sequence[str]) -> Features:
    """The words of unfinished last sentences: is it a sentence that stops, or a title, label or entry?"""
    words = _Laid.of([tail.rstrip(_END_MARKS) for tail in tails])
    capitals = np.array([_capitals(tail) for tail in tails], np.uint32)
    return words.features(
        SENTENCE_BITS,
        words.upto(SENTENCE_WORDS),
        words.pairs(SENTENCE_WORDS),
        (words.texts, words.nth(0)),
        (words.texts, words.nth(-1)),
        (words.texts, np.minimum(words.count // 3, 9).astype(np.uint32)),
        (words.texts, capitals),
    )


def _capitals(tail: str) -> int:
    """How many quarters of the words after the first begin with a capital."""
    words = tail.split()[1:]
    return 4 * sum([word[0].isupper() for word in words]) // max(1, len(words))


def _spaced(text: str) -> str:
    """A text whose words the hashes can tell: of a script without spaces, its pairs of characters."""
    if text.isascii() or not is_spaceless(text):
        return text or " "
    return " ".join(text[i : i + 2] for i in range(max(1, min(len(text), OPENING_CHARS // 3) - 1)))


def _joined(*parts: Hashes) -> Hashes:
    out = parts[0]
    for part in parts[1:]:
        out = out * PAIR + part
    return out


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """Texts laid out for hashing; `first` and `last` are the places of their words, of which a text may have none.

    What a text does not have is a separator, as what stands around it.
    """

    laid: Layout
    first: Whole
    last: Whole
    texts: Whole

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Laid":
        laid = layout([_spaced(text) for text in texts], marks=True, once=True)
        return cls(laid, laid.first[laid.which] + 1, laid.first[laid.which + 1] - 1, np.arange(len(texts)))

    @property
    def ends(self) -> Whole:
        """Where each text ends."""
        out: Whole = self.laid.ends[self.laid.which]
        return out

    @property
    def count(self) -> Whole:
        """How many words each text has."""
        out: Whole = self.last - self.first + 1
        return out

    def nth(self, n: int) -> Hashes:
        """The hash of the nth word of each text, from the end for negative ones."""
        out: Hashes = self.laid.words[self._place(n)]
        return out

    def closes(self, n: int) -> Whole:
        """Where the nth word of each text ends."""
        out: Whole = self.laid.closes[self._place(n)]
        return out

    def case(self, n: int) -> Hashes:
        """Whether the nth word begins with a capital, and how long it is."""
        at = self._place(n)
        capital = self.laid.classes[self.laid.opens[at]] == _UPPER
        out: Hashes = (2 * (self.laid.closes[at] - self.laid.opens[at]) + capital).astype(np.uint32)
        return out

    def letters(self, ends: Whole, n: int) -> Hashes:
        """The hash of the n characters before places of the layout."""
        out = np.zeros(len(ends), np.uint32)
        for k in range(n, 0, -1):
            out = out * STEP + self.laid.folded[np.maximum(0, ends - k)] * MIX
        return out

    def upto(self, most: int) -> tuple[Whole, Hashes]:
        """The first so many words of each text: of which text each is, and its hash."""
        owner, at = self._run(np.minimum(self.count, most))
        return owner, self.laid.words[at]

    def pairs(self, most: int) -> tuple[Whole, Hashes]:
        """The first so many pairs of words, likewise."""
        owner, at = self._run(np.clip(self.count - 1, 0, most))
        return owner, _joined(self.laid.words[at], self.laid.words[at + 1])

    def features(self, bits: int, *parts: tuple[Whole, Hashes]) -> Features:
        """Features of several sorts, each sort with rows of its own."""
        rows = [row(hashes, sort, bits) for sort, (_, hashes) in enumerate(parts)]
        return Features(len(self.texts), np.concatenate([owner for owner, _ in parts]), np.concatenate(rows))

    def _place(self, n: int) -> Whole:
        at = self.first + n if n >= 0 else self.last + 1 + n
        return np.where((at >= self.first) & (at <= self.last), at, self.first - 1)

    def _run(self, count: Whole) -> tuple[Whole, Whole]:
        owner = np.repeat(self.texts, count)
        return owner, np.arange(len(owner)) + np.repeat(self.first - (np.cumsum(count) - count), count)
