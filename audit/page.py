"""What every rule looks at: a text as lines and blocks with exact offsets.

A *line* is a physical line that is not blank. A *block* is what rules judge: one line as a rule, several lines
where a text is hard-wrapped, one sentence where a whole article stands in a single line.
`text[x.start:x.end] == x.text` holds for every line and block of any text. Nothing changes them; that they are not
frozen is for speed, as there are hundreds in a text.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Literal

from audit.document import Document
from audit.script import fold


class Kind(StrEnum):
    """What a line looks like by itself and between its neighbours."""

    PROSE = "prose"  # a finished sentence, or long enough to be one
    SHORT = "short"  # few words, no end of sentence: a label, a menu entry, a title
    HEADING = "heading"  # marked as one, or a short line that stands over prose
    LIST = "list"
    TABLE = "table"
    CODE = "code"
    VERSE = "verse"
    DIALOGUE = "dialogue"

    __hash__ = str.__hash__  # that of Enum is written in Python, and kinds are looked up a block


RUNNING_KINDS = (Kind.PROSE, Kind.DIALOGUE)


@dataclass(slots=True)
class Line:
    """A physical line without the white space at its edges; `number` counts from 1, blank lines included."""

    start: int
    end: int
    number: int
    text: str
    after_gap: bool
    kind: Kind
    words: int
    finished: bool


@dataclass(slots=True)
class Block:
    """A unit of judgement: characters [start, end) of the text, made of `lines[first:last + 1]` of the page."""

    start: int
    end: int
    text: str
    kind: Kind
    words: int
    first: int
    last: int
    after_gap: bool
    finished: bool
    is_running: bool = field(init=False)  # text, which can be cut, rather than a label, list entry or piece of layout

    def __post_init__(self) -> None:
        self.is_running = self.kind in RUNNING_KINDS


@dataclass(frozen=True, slots=True)
class Repeat:
    """A line that stands on `documents` of the `of` documents of its site, so many times near one of their ends.

    The true counts are up to `error` higher where a site had more lines than are remembered. With `sites`, the site is
    too small to tell, and `documents` are other sites of the crawl whose template has the line.
    """

    documents: int
    of: int
    head: int = 0
    tail: int = 0
    error: int = 0
    sites: bool = False

    @property
    def said(self) -> str:
        """The evidence in words.

        >>> Repeat(38, 40, 0, 37).said
        'stands on 38 of the 40 documents of its site, near the end of 37'
        """
        end, n = max(("beginning", self.head), ("end", self.tail), key=lambda x: x[1])
        where = f", near the {end} of {n}" if 2 * n > self.documents else ""
        if self.sites:
            return f"belongs to the template of {self.documents} other sites of the crawl{where}"
        least = "at least " if self.error else ""
        return f"stands on {least}{self.documents} of the {self.of} documents of its site{where}"

    @property
    def evidence(self) -> dict[str, object]:
        """The evidence as numbers."""
        if self.sites:
            return {"sites": self.documents, "near_beginning": self.head, "near_end": self.tail}
        counts: dict[str, object] = {
            "documents": self.documents,
            "of": self.of,
            "near_beginning": self.head,
            "near_end": self.tail,
        }
        return counts | ({"too_low_by_at_most": self.error} if self.error else {})


Strictness = Literal["low", "normal", "high"]
# Logarithms of odds by which the models' bars are raised or lowered: about a factor of four and a half.
SHIFT: Mapping[Strictness, float] = {"low": 1.5, "normal": 0.0, "high": -1.5}


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A document as rules see it: pure data, so that a rule runs anywhere.

    `repeats` maps indices of `lines` to how often the site has them; `lang` is the language the text was
    found to be in, None when it could not be told.
    """

    document: Document
    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]
    wrapped: bool
    one_line: bool
    lang: str | None = None
    repeats: Mapping[int, Repeat] = field(default_factory=dict)
    strictness: Strictness = "normal"
    text: str = field(init=False)  # as read
    folded: str = field(init=False)  # in lower case with plain apostrophes and spaces, with the same offsets
    words: int = field(init=False)  # of all blocks

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.document.text)
        object.__setattr__(self, "folded", fold(self.text))
        object.__setattr__(self, "words", sum([block.words for block in self.blocks]))

    def bar(self, probability: float) -> float:
        """The least probability asked for here, where normal strictness asks for this one."""
        return 1 / (1 + (1 - probability) / probability * math.exp(-SHIFT[self.strictness]))

    def line_number(self, offset: int) -> int:
        """The 1-based number of the line an offset lies on, as `str.splitlines` counts lines."""
        return line_number_at(self.lines, offset)


def line_number_at(lines: Sequence[Line], offset: int) -> int:
    """The number of the last line starting at or before an offset; 1 when there is none."""
    after = bisect_right(lines, offset, key=_start)
    return lines[after - 1].number if after else 1


_start = attrgetter("start")
