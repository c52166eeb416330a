"""What a page shows, as data: the blocks a reader sees, each with the elements it stands in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from audit.source.regions import region_of
from audit.source.words import words_of

NAMES_CHARS = 200  # of an element's class and id


class Piece(NamedTuple):
    """A block of visible text: words [start, end) of the page, in `element`.

    `linked` of them stand in links. If any do, `parts` are its texts, and `links` tells which of these.
    """

    text: str
    start: int
    end: int
    element: int
    linked: int = 0
    parts: tuple[str, ...] = ()
    links: tuple[int, ...] = ()

    @property
    def words(self) -> int:
        """How many words it has."""
        return self.end - self.start


@dataclass(slots=True)
class Markup:
    """What a page shows: its blocks in document order, all its words, and what it says of itself.

    Its block-level elements are known by number, in document order; 0 is the page. Each has a tag, attributes, an
    element around it (`parents`) and a depth: how many elements its path has.
    """

    pieces: list[Piece] = field(default_factory=list)
    tags: list[str] = field(default_factory=lambda: ["html"])
    parents: list[int] = field(default_factory=lambda: [0])
    depths: list[int] = field(default_factory=lambda: [0])
    attributes: list[Mapping[str, str]] = field(default_factory=lambda: [{}])
    words: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    json: list[str] = field(default_factory=list)
    _paths: dict[int, tuple[int, ...]] = field(default_factory=lambda: {0: ()})
    _regions: dict[int, str | None] = field(default_factory=dict)

    def path(self, element: int) -> tuple[int, ...]:
        """The elements around and including one, innermost first, without the root."""
        missing = []
        while element not in self._paths:
            missing.append(element)
            element = self.parents[element]
        path = self._paths[element]
        for inner in reversed(missing):
            path = self._paths[inner] = (inner, *path)
        return path

    def names(self, element: int) -> str:
        """An element's class and id, in lower case."""
        get = self.attributes[element].get
        return f"{get('class', '')} {get('id', '')}"[:NAMES_CHARS].lower()

    def region(self, element: int) -> str | None:
        """The kind of region that an element opens, if any."""
        if element not in self._regions:
            self._regions[element] = region_of(self.tags[element], self.attributes[element])
        return self._regions[element]

    def last(self, element: int) -> int:
        """The last of the elements inside one, or itself."""
        at = element + 1
        while at < len(self.parents) and self.parents[at] >= element:
            at += 1
        return at - 1

    def unlinked(self, piece: Piece, start: int, end: int) -> list[int]:
        """Which of the words [start, end) of the page, which are the piece's, do not stand in links."""
        if not piece.linked:
            return list(range(start, end))
        inside, at, links = set[int](), piece.start, set(piece.links)
        for n, text in enumerate(piece.parts):
            count = len(words_of(text))
            if n in links:
                inside.update(range(at, at + count))
            at += count
        return [w for w in range(start, end) if w not in inside]
