"""Which part of a page is the article, as far as the words of a text show it.

The page's *home* is the innermost element that holds nearly all of the text's running words. A block of the page is
*like the body* when it stands in the home, at the same depth and in the same tag as running text that was matched.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from audit.page import Page
from audit.source.align import Match, Run
from audit.source.known import known_of
from audit.source.markup import Markup, Piece
from audit.source.words import words_of

FOUND = 0.6  # of a block's words
BODY_WORDS = 8  # a block of so many words, mostly unlinked, is running text
HOME_SHARE = 0.85
LINKED = 0.5
SPELLED_WORDS, SPELLED_TIMES = 4, 20  # of a line whose words stand apart, and places at which it is looked for
NEAR = 12  # blocks of the text, on either side, among which one's neighbours on the page are looked for
ASKED_WORDS = 5  # buttons that open an answer are labelled with its question
SAID_CHARS = 6  # shorter ones are found inside other words
# Sites give parts of articles names such as "aside-text" or "share-wrapper": prose without links in them is content.
LOOSE_WORDS = 12
_LOOSE = ("aside", "related", "subscribe", "share", "tags", "nav")
_PLAIN = ("div", "section", "p", "span", "ul", "li")


class Layout:
    """A page beside the words of a text found on it.

    `words` are those of each block of the text, `covered` tells which words of the page the text has. `top` is the
    block of the headline, -1 without one, and `opening` the first block of the body.
    """

    def __init__(self, page: Page, markup: Markup, matches: Sequence[Match], words: Sequence[Sequence[str]]) -> None:
        self.page, self.markup, self.matches, self.words = page, markup, matches, words
        self.known = known_of(markup)
        self._starts = [p.start for p in markup.pieces]
        self.covered = bytearray(len(markup.words))
        for run in (run for match in matches for run in match.runs):
            self.covered[run.place : run.place + run.length] = b"\1" * run.length
        self._kinds: dict[int, tuple[tuple[int, str], ...]] = {}
        self._find_body()
        self._find_headline()

    def _find_body(self) -> None:
        self.bodies = [i for i, p in enumerate(self.markup.pieces) if self._is_matched_body(p)]
        self.home = self._home()
        self._home_end = self.markup.last(self.home)
        self._above = set(self.markup.path(self.home))
        self._kinds = dict.fromkeys((0, *self._above), ())
        inside = [i for i in self.bodies if self.in_home(i)]
        self.shapes = {self.shape(i) for i in inside}
        self.opening = inside[0] if inside else 0

    def _find_headline(self) -> None:
        meta, told = self.markup.meta, (self.page.document.title, self.known.title)
        titles = (*told, meta.get("og:title"), meta.get("title"))
        self._titles = {tuple(words_of(title)) for title in titles if title}
        self.heads = self._headlines()
        self.top = max((h for h in self.heads if h < self.opening), default=-1)
        wide = (e for e in self.markup.path(self.home) if self.markup.tags[e] in ("article", "main"))
        around = set(self.path(self.top)) & self._above if self.top >= 0 else set()
        self._wide = next(wide, max(around, default=0))
        self._wide_end = self.markup.last(self._wide)
        self._around_heads = {element for h in self.heads for element in self.path(h)}

    def path(self, i: int) -> tuple[int, ...]:
        """The elements that a block of the page stands in, innermost first."""
        return self.markup.path(self.markup.pieces[i].element)

    def _is_matched_body(self, piece: Piece) -> bool:
        if piece.words < BODY_WORDS or piece.linked > LINKED * piece.words:
            return False
        return self.share_covered(piece) >= FOUND

    def _home(self) -> int:
        """The innermost element that holds nearly all matched running words."""
        held: Counter[int] = Counter()
        for i in self.bodies:
            path, words = self.path(i), self.markup.pieces[i].words
            for element in path[1:] or path:
                held[element] += words
        total = sum(self.markup.pieces[i].words for i in self.bodies)
        return max((e for e, n in held.items() if n >= HOME_SHARE * total), default=0)

    def owner(self, word: int) -> int:
        """The block that a word of the page stands in."""
        return bisect_right(self._starts, word) - 1

    def linked(self, run: Run) -> float:
        """The share of the words in links, of the blocks of the page that a run stands in."""
        first, last = self.owner(run.place), self.owner(run.place + run.length - 1)
        around = self.markup.pieces[first : last + 1]
        return sum(p.linked for p in around) / (around[-1].end - around[0].start)

    def in_order(self, b: int) -> bool:
        """Whether a block of the text stands on the page between those that it does in the text, if these are near."""
        match, k = self.matches[b], bisect_left(self._placed, b)
        before = self._placed[k - 1] if k else None
        after = next((p for p in self._placed[k : k + 2] if p > b), None)
        if before is not None and (b - before > NEAR or self.matches[before].end > match.first):
            return False
        return after is None or (after - b <= NEAR and match.end <= self.matches[after].first)

    @cached_property
    def _placed(self) -> list[int]:
        """The blocks of the text whose place on the page is sure: those of many words, and the headline."""
        return [
            b
            for b, m in enumerate(self.matches)
            if m.share >= FOUND and (m.words >= BODY_WORDS or self.owner(m.first) in self.heads)
        ]

    def says(self, words: Sequence[str]) -> bool:
        """Whether the page has these words in a row anywhere, however they are set apart."""
        wanted = "".join(words)
        return len(wanted) >= SAID_CHARS and wanted in self._letters

    @cached_property
    def _letters(self) -> str:
        return "".join(self.markup.words)

    def spells(self, words: Sequence[str]) -> bool:
        """Whether the page has these words in order and close together, whatever stands between or is glued to them."""
        letters = sum(map(len, words))
        if len(words) < SPELLED_WORDS:
            return False
        start = -1
        for _ in range(SPELLED_TIMES):
            start = self._letters.find(words[0], start + 1)
            if start < 0:
                return False
            at, end = start, start + 2 * letters
            for word in words:
                at = self._letters.find(word, at, end) + len(word)
                if at < len(word):
                    break
            else:
                return True
        return False

    def in_article(self, i: int) -> bool:
        """Whether a block stands in the page's `article` or `main` element around the home, or else in the home."""
        return self._wide <= self.markup.pieces[i].element <= self._wide_end if self._wide else self.in_home(i)

    def in_home(self, i: int) -> bool:
        """Whether a block of the page stands in the home."""
        return not self.home or self.home <= self.markup.pieces[i].element <= self._home_end

    def shape(self, i: int) -> tuple[str, int]:
        """A block's tag and depth."""
        element = self.markup.pieces[i].element
        return self.markup.tags[element], self.markup.depths[element]

    def _headlines(self) -> frozenset[int]:
        """The blocks that are the page's headline: by their tag, or by what the page calls itself."""
        tags, words, lengths = self.markup.tags, self.markup.words, {len(t) for t in self._titles if len(t) >= 3}
        return frozenset(
            i
            for i, (_, start, end, element, *_) in enumerate(self.markup.pieces)
            if tags[element] == "h1" or (end - start in lengths and tuple(words[start:end]) in self._titles)
        )

    def is_title(self, b: int) -> bool:
        """Whether a block of the text is what the page is called, wherever that stands."""
        return tuple(self.words[b]) in self._titles

    def region(self, i: int) -> str | None:
        """The kind of region around a block that encloses neither the home nor, for a header, the headline."""
        kinds = self._kinds_around(self.markup.pieces[i].element)
        return next((kind for element, kind in kinds if not self._is_of_article(i, element, kind)), None)

    def _kinds_around(self, element: int) -> tuple[tuple[int, str], ...]:
        """The elements around and including one that open regions, innermost first, as far as the home."""
        missing = []
        while element not in self._kinds:
            missing.append(element)
            element = self.markup.parents[element]
        kinds = self._kinds[element]
        for inner in reversed(missing):
            kind = self.markup.region(inner)
            kinds = self._kinds[inner] = ((inner, kind), *kinds) if kind else kinds
        return kinds

    def _is_of_article(self, i: int, element: int, kind: str) -> bool:
        """Whether a region belongs to the article all the same: its header, or prose in a box named like a site's."""
        if kind == "header":
            return i >= self.top >= 0 or element in self._around_heads
        piece = self.markup.pieces[i]
        if kind == "button":
            return self.in_home(i) or piece.words >= ASKED_WORDS
        named = self.markup.tags[element] in _PLAIN and kind in _LOOSE
        return named and self.in_home(i) and piece.words >= LOOSE_WORDS and not piece.linked

    def is_like_body(self, i: int) -> bool:
        """Whether a block looks like the article's running text."""
        return self.in_home(i) and self.region(i) is None and self.shape(i) in self.shapes

    def is_over(self, i: int) -> bool:
        """Whether a block stands between the headline and the body."""
        return 0 <= self.top < i < self.opening

    def is_prose(self, i: int) -> bool:
        """Whether a block is running text and not the headline."""
        p = self.markup.pieces[i]
        return p.words >= BODY_WORDS and p.linked <= LINKED * p.words and i not in self.heads

    def share_covered(self, piece: Piece) -> float:
        """The share of a block's words that the text has."""
        return self.covered.count(1, piece.start, piece.end) / (piece.end - piece.start)
