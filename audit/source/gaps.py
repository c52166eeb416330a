"""Whether blocks of the page before the text's first or after its last paragraph are the article's: is something lost?

Sites put other things beside their articles, too: notes, boxes, appeals. Signs of each block that the text lacks are
weighed by logistic regression; what comes of it and what the rules of `losses` say, by a second one, whose outcome
knots turn into a probability (`models/gaps.npz`: numbers only).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, log, log1p
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit import resources
from audit.script import ends_sentence
from audit.source.facts import Loss, Reason
from audit.source.layout import FOUND, LINKED, Layout
from audit.source.markup import Piece
from audit.source.words import words_of

NAME = "gaps"
# A row of signs; `shape` and `sibling` as the body's blocks, `up` and `down` the way through the tree to its edge.
SIGNS = (
    "words", "links", "ends", "p", "li", "heading", "cell", "figure", "shape", "sibling", "shaped_sibling",
    "up", "down", "home", "wide", "region", "weak_region", "over", "over_news", "rank", "described", "in_body",
    "not_in_body", "parent_share", "note_name", "news", "finished_edge", "headline", "lost_words",
)  # fmt: skip
LEAST_WORDS, TELLING_WORDS = 4, 8  # of a block that is looked at, and of one that can be a loss by itself
REACH, MOST = 60, 16  # blocks of the page that are looked at from the text's edge on, and blocks that are weighed
UNCOVERED = 0.3  # a block with less than this share of its words in the text is not in it
PROBE_WORDS = 8  # so many words in a row are those of one paragraph
SUREST = 0.999  # no block is told more surely, neither as the article's nor as the site's
REASONS = tuple(r for r in Reason if r is not Reason.SIGNS)
# What is weighed at last: of the most probable block, of what the rules say, and of the words of whole blocks.
WHOLE = ("probability", "odds", *REASONS, "words")
SIDES = ("lead", "tail")
QUOTED, QUOTED_CHARS = 5, 5000
# What sites call what is beside an article.
NOTES = re.compile(
    r"disclos|disclaim|affiliat|bio\b|byline|author|credit|caption|note\b|notice|promo|cta|banner|alert|comment|"
    r"newsletter|subscri|share|social|related|recommend|widget|sidebar|footer|copyright|cookie|consent|meta|tags?\b|"
    r"form\b|modal|sponsor|advert|popular|next|prev"
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CELLS = frozenset(("td", "th", "dd", "dt"))
_FIGURES = frozenset(("figure", "figcaption", "caption", "table", "address", "time"))
_WEAK = frozenset(("aside", "related", "share", "tags", "nav"))


@dataclass(frozen=True, slots=True)
class Gap:
    """What a text lacks of its page beyond `block`, its first (`side` lead) or last (tail).

    `lost` are blocks of the page, the nearest first, each with a row of SIGNS; `ruled` is what the rules say.
    """

    side: str
    block: int
    lost: tuple[int, ...]
    pieces: tuple[Piece, ...]
    rows: tuple[tuple[float, ...], ...]
    ruled: Loss | None

    @property
    def may_be_lost(self) -> bool:
        """Whether there is anything that can be a loss."""
        return self.ruled is not None or any(piece.words >= TELLING_WORDS for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a side: the weights of SIGNS and of WHOLE, each with what stands by itself, and the knots of the outcome."""

    signs: tuple[float, ...]
    whole: tuple[float, ...]
    knots: NDArray[np.float32]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], side: str) -> "Weights":
        """The weights stored for a side. Raises ValueError when they are not as many as there are signs."""
        signs, whole, knots = (arrays[f"{side}.{name}"] for name in ("signs", "whole", "knots"))
        if signs.shape != (len(SIGNS) + 1,) or whole.shape != (len(WHOLE) + 1,) or knots.ndim != 2 or len(knots) != 2:
            raise ValueError(f"{side!r} has weights of other signs")
        return cls(tuple(signs.tolist()), tuple(whole.tolist()), knots)


def weighed(gap: Gap) -> Loss | None:
    """What is lost in a gap, and how surely."""
    if not gap.may_be_lost:
        return None
    weights = models()[gap.side]
    own = [probability(row, weights.signs) for row in gap.rows]
    sure = round(float(np.interp(score(whole(gap, own), weights.whole), *weights.knots)), 6)
    return replace(gap.ruled, sure=sure) if gap.ruled else _whole_blocks(gap, own, sure)


def whole(gap: Gap, own: Sequence[float]) -> list[float]:
    """The numbers of WHOLE for a gap whose blocks are the article's with these probabilities."""
    telling = [p for p, piece in zip(own, gap.pieces, strict=True) if piece.words >= TELLING_WORDS]
    told = min(SUREST, max((1 - SUREST, *telling)))
    reasons = [float(gap.ruled is not None and gap.ruled.reason is reason) for reason in REASONS]
    words = log1p(gap.ruled.words) if gap.ruled and not gap.ruled.inside else 0.0
    return [told, log(told / (1 - told)), *reasons, words]


def score(row: Sequence[float], weights: Sequence[float]) -> float:
    """A row of numbers weighed: the logarithm of odds."""
    return sum(w * s for w, s in zip(weights, (*row, 1.0), strict=True))


def probability(row: Sequence[float], weights: Sequence[float]) -> float:
    """The same as a probability."""
    return 1 / (1 + exp(-max(-50.0, score(row, weights))))


def models() -> Mapping[str, Weights]:
    """The weights of both sides in force. Raises FileNotFoundError when the installation is broken."""
    return _load(resources.model_file(NAME))


@lru_cache(maxsize=4)
def _load(path: Path) -> Mapping[str, Weights]:
    arrays = resources.arrays(path)
    return {side: Weights.of(arrays, side) for side in SIDES}


def _whole_blocks(gap: Gap, own: Sequence[float], sure: float) -> Loss:
    """The loss of the blocks that are rather the article's than not, or of the most probable one."""
    least = min(0.5, max(own))
    pieces = [p for _, p, own_one in sorted(zip(gap.lost, gap.pieces, own, strict=True)) if own_one >= least]
    quote = "\n".join(p.text[:QUOTED_CHARS] for p in pieces[:QUOTED])
    return Loss(gap.block, sum(p.words for p in pieces), quote, Reason.SIGNS, sure)


class Gaps:
    """What a text lacks of a page. `said` are the words of the text between spaces."""

    def __init__(self, layout: Layout, said: str) -> None:
        self._layout, self._markup, self._said = layout, layout.markup, said
        texts = (layout.known.description, layout.page.document.description)
        self._described = {word for text in texts for word in words_of(text or "")}
        self._body = f" {' '.join(words_of(layout.known.body))} " if layout.known.body else ""

    def before(self, b: int, ruled: Loss | None) -> Gap:
        """What the page has before block `b` of the text, of which the rules say this."""
        edge = self._layout.owner(self._layout.matches[b].first)
        lost = [i for i in range(edge - 1, max(-1, edge - REACH), -1) if self._is_missing(i)][:MOST]
        return self._gap("lead", b, edge, lost, ruled)

    def after(self, b: int, ruled: Loss | None) -> Gap:
        """The same of what it has after a block."""
        edge = self._layout.owner(self._layout.matches[b].end - 1)
        end = min(len(self._markup.pieces), edge + 1 + REACH)
        lost = [i for i in range(edge + 1, end) if self._is_missing(i)][:MOST]
        return self._gap("tail", b, edge, lost, ruled)

    def _gap(self, side: str, b: int, edge: int, lost: Sequence[int], ruled: Loss | None) -> Gap:
        finished = side == "tail" and self._layout.page.blocks[b].finished
        pieces = tuple(self._markup.pieces[i] for i in lost)
        return Gap(side, b, tuple(lost), pieces, tuple(self._rows(edge, lost, finished)), ruled)

    def _is_missing(self, i: int) -> bool:
        p = self._markup.pieces[i]
        if p.words < LEAST_WORDS or i in self._layout.heads or p.linked > LINKED * p.words:
            return False
        if self._layout.share_covered(p) >= UNCOVERED:
            return False
        return f" {' '.join(self._probe(i))} " not in self._said

    def _probe(self, i: int) -> list[str]:
        p = self._markup.pieces[i]
        return self._markup.words[p.start : min(p.end, p.start + PROBE_WORDS)]

    def _rows(self, edge: int, lost: Sequence[int], finished: bool) -> Iterator[tuple[float, ...]]:
        """The signs of each lost block, the nearest to the edge first."""
        known, words = self._layout.known, log1p(sum(self._markup.pieces[i].words for i in lost))
        for rank, i in enumerate(lost):
            over = self._layout.is_over(i)
            news = over and known.is_news
            said = self._body and f" {' '.join(self._probe(i))} " in self._body
            told = (over, news, rank, self._is_described(i), said, self._body and not said, self._parent_share(i))
            page = (known.is_news, finished, self._layout.top >= 0, words)
            row = (*self._looks(i), *self._standing(edge, i), *told, self._is_note(i), *page)
            yield tuple(float(bool(sign) if isinstance(sign, str) else sign) for sign in row)

    def _looks(self, i: int) -> tuple[float, ...]:
        """The signs that a block bears itself, up to `figure`."""
        p = self._markup.pieces[i]
        tag = self._markup.tags[p.element]
        tags = {self._markup.tags[e] for e in self._layout.path(i)}
        kinds = (tag == "p", "li" in tags, tag in _HEADINGS, tag in _CELLS, bool(tags & _FIGURES))
        return (min(4.0, log1p(p.words)), p.linked > 0, ends_sentence(p.text), *kinds)

    def _standing(self, edge: int, i: int) -> tuple[float, ...]:
        """The signs of where a block stands, from `shape` to `weak_region`."""
        lay, path, around = self._layout, self._layout.path(i), self._layout.path(edge)
        shape = lay.shape(i) in lay.shapes
        sibling = len(path) > 1 and len(around) > 1 and path[1] == around[1]
        depth = {element: n for n, element in enumerate(around)}
        up, down = next(((depth[e], n) for n, e in enumerate(path) if e in depth), (len(around), len(path)))
        region = lay.region(i)
        where = (lay.in_home(i), lay.in_article(i), region is not None, region in _WEAK)
        return (shape, sibling, shape and sibling, up, down, *where)

    def _is_described(self, i: int) -> bool:
        """Whether the page's description has most of a block's words."""
        p = self._markup.pieces[i]
        words = set(self._markup.words[p.start : p.end])
        return len(self._described & words) >= FOUND * len(words)

    def _is_note(self, i: int) -> bool:
        return any(NOTES.search(self._markup.names(e)) for e in self._layout.path(i)[:3])

    def _parent_share(self, i: int) -> float:
        """Of the words in the element around a block's own, the share that the text has."""
        pieces, path = self._markup.pieces, self._layout.path(i)
        around = path[min(1, len(path) - 1)] if path else 0
        low = high = i
        while low and around in self._layout.path(low - 1)[:3]:
            low -= 1
        while high + 1 < len(pieces) and around in self._layout.path(high + 1)[:3]:
            high += 1
        start, end = pieces[low].start, pieces[high].end
        return sum(self._layout.covered[start:end]) / (end - start)
