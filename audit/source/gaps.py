"""Whether blocks of the page before the text's first or after its last paragraph are the article's: is something lost?

Sites put other things beside their articles, too: notes, boxes, appeals. Signs of each block that the text lacks are
weighed by logistic regression (`models/gaps.npz`: numbers only), together with what the rules of `losses` say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import exp, log1p, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit import resources
from audit.script import ends_sentence
from audit.source.facts import Loss
from audit.source.layout import FOUND, LINKED, Layout
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
BLENDED = 0.6  # how much the weighed signs count, beside the rules
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


class Gaps:
    """What a text lacks of a page. `said` are the words of the text between spaces."""

    def __init__(self, layout: Layout, said: str) -> None:
        self._layout, self._markup, self._said = layout, layout.markup, said
        texts = (layout.known.description, layout.page.document.description)
        self._described = {word for text in texts for word in words_of(text or "")}
        self._body = f" {' '.join(words_of(layout.known.body))} " if layout.known.body else ""

    def before(self, b: int, ruled: Loss | None) -> Loss | None:
        """What is lost before block `b` of the text, and how surely, when the rules say this of it."""
        edge = self._layout.owner(self._layout.matches[b].first)
        lost = [i for i in range(edge - 1, max(-1, edge - REACH), -1) if self._is_missing(i)][:MOST]
        return self._weighed("lead", b, edge, lost, ruled)

    def after(self, b: int, ruled: Loss | None) -> Loss | None:
        """The same of what is lost after a block."""
        edge = self._layout.owner(self._layout.matches[b].end - 1)
        end = min(len(self._markup.pieces), edge + 1 + REACH)
        lost = [i for i in range(edge + 1, end) if self._is_missing(i)][:MOST]
        return self._weighed("tail", b, edge, lost, ruled)

    def _weighed(self, where: str, b: int, edge: int, lost: Sequence[int], ruled: Loss | None) -> Loss | None:
        if not (lost or ruled):
            return None
        model, pieces = _stored(), self._markup.pieces
        finished = where == "tail" and self._layout.page.blocks[b].finished
        own = _probabilities(list(self._rows(edge, lost, finished)), model[where])
        chance = 1 - prod(1 - min(0.999, p) for i, p in zip(lost, own, strict=True) if pieces[i].words >= TELLING_WORDS)
        told = ruled.sure if ruled else 0.0
        score = BLENDED * max(chance, told if ruled and ruled.inside else 0.0) + (1 - BLENDED) * told
        sure = round(float(np.interp(score, *model[f"{where}.knots"])), 6)
        return replace(ruled, sure=sure) if ruled else self._whole(b, lost, own, sure)

    def _whole(self, b: int, lost: Sequence[int], own: Sequence[float], sure: float) -> Loss:
        """The loss of the blocks that are rather the article's than not, or of the most probable one."""
        least = min(0.5, max(own))
        pieces = [self._markup.pieces[i] for i, p in sorted(zip(lost, own, strict=True)) if p >= least]
        quote = "\n".join(p.text[:QUOTED_CHARS] for p in pieces[:QUOTED])
        return Loss(b, sum(p.words for p in pieces), quote, False, sure)

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

    def _rows(self, edge: int, lost: Sequence[int], finished: bool) -> Iterator[list[float]]:
        """The signs of each lost block, the nearest to the edge first."""
        known, words = self._layout.known, log1p(sum(self._markup.pieces[i].words for i in lost))
        for rank, i in enumerate(lost):
            over = self._layout.is_over(i)
            news = over and known.is_news
            said = self._body and f" {' '.join(self._probe(i))} " in self._body
            told = (over, news, rank, self._is_described(i), said, self._body and not said, self._parent_share(i))
            page = (known.is_news, finished, self._layout.top >= 0, words)
            row = (*self._looks(i), *self._standing(edge, i), *told, self._is_note(i), *page)
            yield [float(sign) if not isinstance(sign, str) else float(bool(sign)) for sign in row]

    def _looks(self, i: int) -> tuple[float, ...]:
        """The signs that a block bears itself, up to `figure`."""
        p = self._markup.pieces[i]
        tag = self._markup.elements[p.element].tag
        tags = {self._markup.elements[e].tag for e in self._layout.paths[i]}
        kinds = (tag == "p", "li" in tags, tag in _HEADINGS, tag in _CELLS, bool(tags & _FIGURES))
        return (min(4.0, log1p(p.words)), p.linked > 0, ends_sentence(p.text), *kinds)

    def _standing(self, edge: int, i: int) -> tuple[float, ...]:
        """The signs of where a block stands, from `shape` to `weak_region`."""
        lay, path, around = self._layout, self._layout.paths[i], self._layout.paths[edge]
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
        return any(NOTES.search(self._markup.elements[e].names) for e in self._layout.paths[i][:3])

    def _parent_share(self, i: int) -> float:
        """Of the words in the element around a block's own, the share that the text has."""
        pieces, path = self._markup.pieces, self._layout.paths[i]
        around = path[min(1, len(path) - 1)] if path else 0
        low = high = i
        while low and around in self._layout.paths[low - 1][:3]:
            low -= 1
        while high + 1 < len(pieces) and around in self._layout.paths[high + 1][:3]:
            high += 1
        start, end = pieces[low].start, pieces[high].end
        return sum(self._layout.covered[start:end]) / (end - start)


def _probabilities(rows: Sequence[Sequence[float]], weights: NDArray[np.float32]) -> list[float]:
    scores = (sum(w * s for w, s in zip(weights.tolist(), [*row, 1.0], strict=True)) for row in rows)
    return [1 / (1 + exp(-max(-50.0, score))) for score in scores]


def _stored() -> Mapping[str, NDArray[Any]]:
    return resources.arrays(resources.model_file(NAME))
