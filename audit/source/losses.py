"""What the page has and the text lacks at its beginning, end and inside; and what the text has besides."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise

from audit.page import Kind
from audit.script import ends_sentence, starts_lower
from audit.source.align import GRAM, Match
from audit.source.facts import Loss, Reason
from audit.source.layout import BODY_WORDS, FOUND, Layout
from audit.source.words import between, words_of

# Fewer words than these are differences of extraction: within a sentence, within a paragraph, a dateline or date, and
# after a finished last paragraph, where sites put hints and appeals that look like the body.
LOST_WORDS, LOST_INSIDE, LOST_SENTENCE, LOST_BLOCKS = 2, 4, 6, 60
LOST_PARAGRAPH = 15  # before the first paragraph: less is a hint or a subtitle
LOST_FEW, LOST_SHARE = 30, 0.2  # after a short text, this share of its words is enough
STANDFIRST_WORDS, LONG_STANDFIRST = 10, 45
LEAST_INSERTED = 2
PROBE_WORDS = 8  # so many words in a row are those of one paragraph
UNCOVERED = 0.3  # a block with less than this share of its words in the text is not in it
QUOTED = 5  # lost blocks, at most
REACH = 5000  # words of one block that are looked at
HOLE_SURE = 0.97  # of a paragraph cut inside the text
_PARAGRAPHS = ("p", "h2", "h3", "h4")
_CUT_MARKS = ("...", "…", "]", "...)", "…)")
_CAPTIONS = frozenset(("figure", "figcaption", "caption", "table", "address", "time"))


class Losses:
    """Compares the blocks of a text with the layout of its page. Blocks of the text are named by their index."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._page, self._markup = layout.page, layout.markup
        self.said = f" {' '.join(chain.from_iterable(layout.words))} "
        self._starts = {p.start for p in layout.markup.pieces}
        self._ends = {p.end for p in layout.markup.pieces}

    def is_running(self, b: int) -> bool:
        """Whether a block has enough words to be a paragraph."""
        return self._match(b).words >= BODY_WORDS

    def is_cut_short(self, b: int) -> bool:
        """Whether a few words are the beginning of a paragraph of the page."""
        return self._match(b).words >= GRAM and not self._is_finished(b) and self._cut(b) is not None

    def lead(self, b: int) -> Loss | None:
        """What the page has before the first block: the rest of its paragraph, paragraphs, or a standfirst."""
        first = self._match(b).first
        i = self._layout.owner(first)
        piece = self._markup.pieces[i]
        lost = self._uncovered(piece.start, first)
        if lost >= (LOST_WORDS if starts_lower(self._page.blocks[b].text) else LOST_SENTENCE):
            return Loss(b, lost, piece.text, Reason.INSIDE)
        above = range(self._layout.top + 1, i)
        like = [k for k in above if self._is_lost(k)]
        if like or self._layout.top < 0:
            return self._whole(b, like, Reason.LIKE_BODY if self._amount(like) >= LOST_PARAGRAPH else Reason.SHORT)
        standfirst = [k for k in above if self._is_standfirst(k)]
        return self._whole(b, standfirst, self._standfirst(standfirst)) if standfirst else None

    def _amount(self, lost: Sequence[int]) -> int:
        return sum(self._markup.pieces[k].words for k in lost)

    def _standfirst(self, lost: Sequence[int]) -> Reason:
        """What kind of standfirst blocks between headline and body are: sites put hints there, too."""
        words = [w for k in lost for w in self._words(k)]
        paragraph = any(self._markup.tags[self._markup.pieces[k].element] in _PARAGRAPHS for k in lost)
        if paragraph and len(words) >= LONG_STANDFIRST:
            return Reason.LONG
        descriptions = (self._layout.known.description, self._page.document.description)
        said = {word for text in descriptions for word in words_of(text or "")}
        described = len(said.intersection(words)) >= FOUND * len(set(words))
        return Reason.DESCRIBED if described and self._layout.known.is_news else Reason.STANDFIRST

    def tail(self, b: int) -> Loss | None:
        """What the page has after the last block: the rest of its paragraph, or more paragraphs without links."""
        loss = self._cut(b)
        if loss and (loss.words >= LOST_BLOCKS or not self._is_finished(b)):
            return loss
        end = self._layout.owner(self._match(b).end - 1)
        below = [
            k
            for k in range(end + 1, len(self._markup.pieces))
            if self._is_lost(k) and not self._markup.pieces[k].linked
        ]
        whole = self._whole(b, below, Reason.LIKE_BODY)
        held = sum(match.words for match in self._layout.matches)
        return whole if whole and whole.words >= min(LOST_BLOCKS, max(LOST_FEW, LOST_SHARE * held)) else None

    def hole(self, b: int) -> Loss | None:
        """Words lost at the end of a paragraph, in the middle of a sentence."""
        block = self._page.blocks[b]
        piece = self._markup.pieces[self._layout.owner(self._match(b).end - 1)]
        running = block.is_running or ends_sentence(piece.text)
        if self._is_finished(b) or not (running and self.is_running(b)) or block.kind in (Kind.TABLE, Kind.CODE):
            return None
        loss = self._cut(b)
        return loss if loss and loss.words >= LOST_INSIDE else None

    def skipped(self, first: int) -> int:
        """The words of paragraphs without links, from a block of the text on, that it does not have."""
        start = self._layout.owner(self._match(first).first)
        after = enumerate(self._markup.pieces[start:], start)
        return sum(p.words for i, p in after if not p.linked and self._is_missing(i) and self._is_near(i))

    def _is_near(self, i: int) -> bool:
        """Whether a block stands in the element of the article, if not in the home, and reads like prose."""
        piece = self._markup.pieces[i]
        return self._layout.in_article(i) and ends_sentence(piece.text) and self._layout.region(i) is None

    def _cut(self, b: int) -> Loss | None:
        """Words lost at the end of the block of the page that block `b` of the text ends in."""
        end = self._match(b).end
        stop = min(self._markup.pieces[self._layout.owner(end - 1)].end, end + REACH)
        lost = self._uncovered(end, stop) if self._is_finished(b) else self._layout.covered[end:stop].count(0)
        if lost < LOST_WORDS or self._layout.covered[end] or lost < FOUND * (stop - end) or self._goes_on(b, end, stop):
            return None
        return Loss(b, lost, " ".join(self._markup.words[end:stop]), Reason.INSIDE, HOLE_SURE)

    def _goes_on(self, b: int, start: int, stop: int) -> bool:
        """Whether the next lines of the text, too short to be found, have what comes next on the page."""
        lost = self._markup.words[start : min(stop, start + GRAM - 1)]
        return lost == list(islice(chain.from_iterable(self._layout.words[b + 1 : b + 1 + len(lost)]), len(lost)))

    def _is_finished(self, b: int) -> bool:
        block = self._page.blocks[b]
        return block.finished and not block.text.endswith(_CUT_MARKS)

    def insertions(self, main: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Characters of the text between words that follow each other on the page, or before and after a block's."""
        for b in main:
            match, block = self._match(b), self._page.blocks[b]
            if block.kind in (Kind.TABLE, Kind.CODE) or block.text.count("|") > 1:
                continue  # extractors lay tables out anew
            words = self._layout.words[b]
            for at, end in self._foreign(match, words):
                if at == 0 and self._layout.says(words[:end]):
                    continue  # a heading that the page has elsewhere, too
                yield tuple(block.start + k for k in between(block.text, at, end))  # type: ignore[misc]

    def _foreign(self, match: Match, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """The words of a block that the page does not have there, at least two in a row."""
        runs = match.runs
        if runs[0].at >= LEAST_INSERTED and runs[0].place in self._starts:
            yield 0, runs[0].at
        for left, right in pairwise(runs):
            at, place = left.at + left.length, left.place + left.length
            instead = self._markup.words[place : right.place]
            split = "".join(words[at : right.at]) == "".join(instead)  # such as "foot ball"
            if right.at - at >= LEAST_INSERTED and 0 <= right.place - place <= 1 and not split:
                yield at, right.at
        at = runs[-1].at + runs[-1].length
        if match.words - at >= LEAST_INSERTED and match.end in self._ends:
            yield at, match.words

    def _whole(self, b: int, lost: Sequence[int], reason: Reason) -> Loss | None:
        """Whole blocks of the page that are not in the text."""
        words = self._amount(lost)
        quote = "\n".join(self._markup.pieces[i].text[:REACH] for i in lost[:QUOTED])
        return Loss(b, words, quote, reason) if lost else None

    def _is_standfirst(self, i: int) -> bool:
        """Whether a block between headline and body is a paragraph that the text lacks."""
        p = self._markup.pieces[i]
        if p.words < STANDFIRST_WORDS or not self._is_missing(i) or self._layout.region(i):
            return False
        tags = {self._markup.tags[e] for e in self._layout.path(i)}
        return not tags & _CAPTIONS and ends_sentence(p.text)

    def _is_lost(self, i: int) -> bool:
        return self._is_missing(i) and self._layout.is_like_body(i)

    def _is_missing(self, i: int) -> bool:
        if not self._layout.is_prose(i) or self._layout.share_covered(self._markup.pieces[i]) >= UNCOVERED:
            return False
        return f" {' '.join(self._words(i)[:PROBE_WORDS])} " not in self.said  # a page may show a paragraph twice

    def _match(self, b: int) -> Match:
        return self._layout.matches[b]

    def _words(self, i: int) -> list[str]:
        return self._markup.words[self._markup.pieces[i].start : self._markup.pieces[i].end]

    def _uncovered(self, start: int, end: int) -> int:
        """Words [start, end) that are neither in the text nor in a link."""
        if start >= end:
            return 0
        piece = self._markup.pieces[self._layout.owner(start)]
        return sum(not self._layout.covered[w] for w in self._markup.unlinked(piece, start, end))
