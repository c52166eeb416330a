"""Blocks of the page that the text lacks before its first or after its last paragraph, as numbers to be weighed.

Sites put other things beside their articles, too: notes, boxes, appeals. Each number is a sign of whether a block is
the article's own.
"""

import re
from collections.abc import Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from audit.script import ends_sentence
from audit.source.layout import LINKED, Layout
from audit.source.words import words_of

LEAST_WORDS = 4
REACH = 60  # blocks of the page that are looked at from the text's edge on
MOST = 16  # blocks that are weighed
UNCOVERED = 0.3  # a block with less than this share of its words in the text is not in it
PROBE_WORDS = 8  # so many words in a row are those of one paragraph
DIGITS = re.compile(r"\d")
# What sites call a standfirst, and what they call notes that are none.
LEADS = re.compile(
    r"(?:stand-?first|\blead\b|intro|\bdeks?\b|sub-?(?:title|head|headline)|summary|excerpt|abstract|chapo|vorspann|"
    r"teaser-?text|entradilla|bajada|sommario|occhiello|catenaccio|linha-?fina|ingress|manchet|perex|kicker|sapo|strap)"
)
NOTES = re.compile(
    r"(?:disclos|disclaim|affiliat|bio\b|byline|author|credit|caption|note\b|notice|promo|cta|banner|alert|comment|"
    r"newsletter|subscri|share|social|related|recommend|widget|sidebar|footer|copyright|cookie|consent|meta|tags?\b|"
    r"form\b|modal|sponsor|advert|popular|next|prev)"
)
NAMES = (
    "words", "linked", "links", "ends", "p", "li", "heading", "cell", "other_tag", "figure", "quote", "shape",
    "sibling", "up", "down", "home", "wide", "region", "weak_region", "author_region", "over", "below_head",
    "blocks", "words_between", "rank", "lost_words", "lost_blocks", "described", "describing", "in_body",
    "text_words", "parent_share", "parent_words", "lead_name", "note_name", "news", "digits", "capital", "commas",
    "finished_edge", "covered_between", "prose_missing", "has_head", "after", "boundary", "description",
)  # fmt: skip

Numbers = NDArray[np.float32]


class Gaps:
    """What a text lacks of a page, compared with the layout that it shows."""

    def __init__(self, layout: Layout, said: str) -> None:
        self._layout, self._markup = layout, layout.markup
        self._said = said
        texts = (layout.known.description, layout.page.document.description)
        self._described = {word for text in texts for word in words_of(text or "")}
        self._body = f" {' '.join(words_of(layout.known.body))} " if layout.known.body else ""

    def before(self, anchor: int) -> list[int]:
        """Candidates above a block of the page, nearest first."""
        least = max(-1, anchor - REACH)
        return [i for i in range(anchor - 1, least, -1) if self._is_missing(i)][:MOST]

    def after(self, anchor: int) -> list[int]:
        """Candidates below a block of the page, nearest first."""
        end = min(len(self._markup.pieces), anchor + 1 + REACH)
        return [i for i in range(anchor + 1, end) if self._is_missing(i)][:MOST]

    def _is_missing(self, i: int) -> bool:
        p = self._markup.pieces[i]
        if p.words < LEAST_WORDS or i in self._layout.heads or p.linked > LINKED * p.words:
            return False
        if self._layout.share_covered(p) >= UNCOVERED:
            return False
        words = self._markup.words[p.start : min(p.end, p.start + PROBE_WORDS)]
        return f" {' '.join(words)} " not in self._said

    def numbers(self, anchor: int, lost: Sequence[int], finished: bool) -> Numbers:
        """A row for each of the lost blocks, which lie on one side of the anchor, nearest first."""
        around = self._layout.paths[anchor]
        depth = {element: n for n, element in enumerate(around)}
        total = sum(self._markup.pieces[i].words for i in lost)
        shared = [log1p(total), len(lost), log1p(sum(m.words for m in self._layout.matches)), float(finished)]
        rows = [self._row(anchor, i, rank, depth, shared) for rank, i in enumerate(lost)]
        return np.array(rows, dtype=np.float32).reshape(-1, len(NAMES))

    def _row(self, anchor: int, i: int, rank: int, depth: dict[int, int], shared: Sequence[float]) -> list[float]:
        lay, markup = self._layout, self._markup
        p = markup.pieces[i]
        path = lay.paths[i]
        tag = markup.elements[p.element].tag
        tags = {markup.elements[e].tag for e in path}
        up, down = next(((depth[e], k) for k, e in enumerate(path) if e in depth), (len(depth), len(path)))
        low, high = (i + 1, anchor) if i < anchor else (anchor + 1, i)
        between = markup.pieces[low].start if low < len(markup.pieces) else 0
        words_between = max(0, markup.pieces[high].start - between) if low <= high else 0
        covered = sum(lay.covered[between : between + words_between]) if words_between else 0
        words = markup.words[p.start : p.end]
        bag = set(words)
        names = " ".join(markup.elements[e].names for e in path[:3])
        region = lay.region(i)
        share, held = self._parent(i)
        said = -1.0 if not self._body else float(f" {' '.join(words[:PROBE_WORDS])} " in self._body)
        described = len(self._described & bag)
        return [
            log1p(p.words), p.linked / p.words, float(p.linked > 0), float(ends_sentence(p.text)),
            float(tag == "p"), float("li" in tags), float(tag in ("h1", "h2", "h3", "h4", "h5", "h6")),
            float(tag in ("td", "th", "dd", "dt")), float(tag in ("div", "section", "article")),
            float(bool(tags & {"figure", "figcaption", "caption", "table", "address", "time"})),
            float("blockquote" in tags), float(lay.shape(i) in lay.shapes),
            float(len(path) > 1 and len(depth) > 1 and path[1] == lay.paths[anchor][1]), up, down,
            float(lay.in_home(i)), float(lay.in_article(i)),
            float(region is not None), float(region in ("aside", "related", "share", "tags", "nav")),
            float(region in ("author", "comments", "subscribe", "consent")),
            float(lay.is_over(i)), float(lay.top >= 0 and i > lay.top),
            abs(i - anchor), log1p(words_between), rank, shared[0], shared[1],
            described / max(1, len(bag)), described / max(1, len(self._described)), said, shared[2],
            share, held, float(bool(LEADS.search(names))), float(bool(NOTES.search(names))),
            float(lay.known.is_news), len(DIGITS.findall(p.text)) / len(p.text), float(p.text[:1].isupper()),
            p.text.count(",") / p.words, shared[3], log1p(covered), float(lay.is_prose(i)), float(lay.top >= 0),
            float(i > anchor), float(not lay.in_home(i) and lay.in_article(i)), float(bool(self._described)),
        ]  # fmt: skip

    def _parent(self, i: int) -> tuple[float, float]:
        """Of the words in the element around a block's own, the share that the text has, and how many they are."""
        path = self._layout.paths[i]
        around = path[1] if len(path) > 1 else path[0] if path else 0
        total, have = self._held().get(around, (0, 0))
        return have / max(1, total), log1p(total)

    def _held(self) -> dict[int, tuple[int, int]]:
        if not hasattr(self, "_sums"):
            sums: dict[int, list[int]] = {}
            for i, p in enumerate(self._markup.pieces):
                have = sum(self._layout.covered[p.start : p.end])
                for e in self._layout.paths[i][:3]:
                    s = sums.setdefault(e, [0, 0])
                    s[0] += p.words
                    s[1] += have
            self._sums = {e: (a, b) for e, (a, b) in sums.items()}
        return self._sums
