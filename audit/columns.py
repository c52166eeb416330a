"""The blocks of several pages as columns, one page after the other, so that numpy looks at all of them at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from audit.page import RUNNING_KINDS, Kind, Page
from audit.together import at_once

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
T = TypeVar("T", bound=np.generic)

KINDS = {kind: i for i, kind in enumerate(Kind)}
RUNNING = np.array([kind in RUNNING_KINDS for kind in Kind])
PROSE_WORDS = 12  # finished blocks of so many words are prose to what looks at their surroundings


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Where the blocks of each page stand among those of all: page p has [edges[p], edges[p + 1]), at least one.

    By block, `owner` is its page, `first` the first block of that page and `size` how many the page has.
    """

    edges: Whole
    owner: Whole
    first: Whole
    size: Whole

    @classmethod
    def of(cls, sizes: Sequence[int]) -> "Bounds":
        """The bounds of pages of so many blocks, one after the other."""
        edges = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        return cls(edges, *(np.repeat(x, sizes) for x in (np.arange(len(sizes)), edges[:-1], np.array(sizes))))

    def __len__(self) -> int:
        return len(self.edges) - 1

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return pairwise(self.edges.tolist())

    def split(self, values: NDArray[T]) -> list[NDArray[T]]:
        """The values of each page's blocks."""
        return [values[a:b] for a, b in self]

    def total(self, values: NDArray[Any]) -> Numbers:
        """The sum over each page's blocks."""
        out: Numbers = np.add.reduceat(values, self.edges[:-1], dtype=np.float64)
        return out

    def before(self, whole: NDArray[Any]) -> Numbers:
        """For each block the sum over those of its page before it; of whole numbers only, as sums of others round."""
        sums = np.cumsum(whole, dtype=np.float64) - whole
        out: Numbers = sums - sums[self.first]
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """The blocks of one page, as in Columns."""

    words: Numbers
    kind: Whole
    finished: Flags
    prose: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The blocks of pages, one element each; every page has some.

    `words` and `chars` are counts, `start` offsets into the page's text, `kind` numbers of KINDS, `lines` how many
    lines a block has beyond the first; `prose` are finished blocks of some length.
    """

    pages: Sequence[Page]
    bounds: Bounds
    texts: Sequence[str]
    words: Numbers
    start: Whole
    chars: Whole
    kind: Whole
    finished: Flags
    after_gap: Flags
    lines: Whole
    prose: Flags

    @staticmethod
    @lru_cache(maxsize=1)
    def of(pages: tuple[Page, ...]) -> "Columns":
        """The columns of pages that have blocks; those of the last ones are kept."""
        blocks = [block for page in pages for block in page.blocks]
        rows = [(b.words, b.start, b.end, KINDS[b.kind], b.finished, b.after_gap, b.last - b.first) for b in blocks]
        words, start, end, kind, finished, after_gap, lines = np.array(rows, np.int64).T
        done, bounds = finished > 0, Bounds.of([len(page.blocks) for page in pages])
        return Columns(
            pages, bounds, [block.text for block in blocks], words.astype(np.float64), start, end - start, kind, done,
            after_gap > 0, lines, done & (words >= PROSE_WORDS),
        )  # fmt: skip


@at_once
def looks(pages: Sequence[Page]) -> list[Looks]:
    """The blocks of a page that has some."""
    blocks = Columns.of(tuple(pages))
    words, kind, finished, prose = blocks.words, blocks.kind, blocks.finished, blocks.prose
    return [Looks(words[a:b], kind[a:b], finished[a:b], prose[a:b]) for a, b in blocks.bounds]
