"""HTML -> the blocks a reader sees, each with the elements it stands in.

The parser calls back as it reads and builds no tree: time and memory are linear in the size of the page whatever its
markup (a tree takes quadratic time for an element of 50,000 attributes, and 256 levels at most), and depth is free.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec

from audit.source.regions import region_of
from audit.source.words import word_starts, words_of

# Larger pages are data or attacks. The largest of 10,000 news pages looked at had 2.2 million characters.
MAX_CHARS = 6_000_000
MAX_DEPTH = 1000
MAX_BLOCKS = 60_000
MAX_PATHS = 3_000_000  # elements around all blocks together; real pages have 20,000
MAX_JSON = 400_000

_INLINE = frozenset(
    (
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    )
)
_SILENT = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "select",
        "textarea",
        "canvas",
        "audio",
        "video",
    )
)
_META = ("og:title", "og:description", "description", "twitter:description")


@dataclass(frozen=True, slots=True)
class Element:
    """A block-level element: its tag, the element around it, and the kind of region it opens, if any."""

    tag: str
    parent: int
    region: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of visible text: words [start, end) of the page, in `element`; `linked` of its words are in links."""

    text: str
    start: int
    end: int
    element: int
    linked: int

    @property
    def words(self) -> int:
        """How many words it has."""
        return self.end - self.start

    @property
    def is_link(self) -> bool:
        """Whether the whole block is a link."""
        return self.linked >= 0.9 * self.words


@dataclass(slots=True)
class Markup:
    """What a page shows: its blocks and elements in document order, all its words, and what it says of itself."""

    pieces: list[Piece] = field(default_factory=list)
    elements: list[Element] = field(default_factory=lambda: [Element("html", 0, None)])
    words: list[str] = field(default_factory=list)
    linked: set[int] = field(default_factory=set)  # the words that stand in links
    meta: dict[str, str] = field(default_factory=dict)
    json: list[str] = field(default_factory=list)

    def path(self, element: int) -> list[int]:
        """The elements around and including one, innermost first, without the root."""
        found = []
        while element:
            found.append(element)
            element = self.elements[element].parent
        return found


_NONE: dict[str, str] = {}  # a plain one is looked into twice as fast as the parser's own


class _TooMuchError(Exception):
    """A page beyond the limits."""


def parse(html: str) -> Markup | None:
    """The markup of a page; None when it is empty, beyond the limits, no HTML at all, or lxml is not installed."""
    if not html or len(html) > MAX_CHARS or not is_able():
        return None
    from lxml import etree

    reader = _Reader()
    parser = etree.HTMLParser(target=reader, remove_comments=True, remove_pis=True, recover=True, encoding="utf-8")
    try:
        parser.feed(html.replace("\0", "").encode("utf-8", "replace"))
        parser.close()
    except (etree.LxmlError, _TooMuchError):
        return None
    return reader.markup if reader.markup.pieces else None


@cache
def is_able() -> bool:
    """Whether the library that reads pages is installed."""
    return find_spec("lxml") is not None


class _Reader:
    """Takes the parser's events. Text gathers until a block-level element begins or ends."""

    def __init__(self) -> None:
        self.markup = Markup()
        self._open: list[int] = [0]
        self._links: list[bool] = []  # of each open <a>, whether it leads to another page
        self._silent = 0
        self._paths = 0
        self._keep: list[str] | None = None  # the text of a title or JSON-LD script being read
        self._text: list[tuple[str, bool]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _INLINE:
            if tag == "a":
                self._links.append(not (attributes.get("href") or "#").startswith("#"))
            elif tag == "br":
                self._text.append((" ", False))
            return
        if self._text:
            self._flush()
        if tag == "meta":
            self._meta(attributes)
        elif self._is_kept(tag, attributes):
            self._keep = []
        if tag in _SILENT:
            self._silent += 1
        self._enter(tag, attributes)

    def _enter(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self._open) > MAX_DEPTH or len(self.markup.elements) > 4 * MAX_BLOCKS:
            raise _TooMuchError
        self.markup.elements.append(Element(tag, self._open[-1], region_of(tag, attributes if attributes else _NONE)))
        self._open.append(len(self.markup.elements) - 1)

    def end(self, tag: str) -> None:
        if tag in _INLINE:
            if tag == "a" and self._links:
                self._links.pop()
            return
        if self._keep is not None and tag in ("title", "script"):
            self._kept(tag, "".join(self._keep))
            self._keep = None
        if self._text:
            self._flush()
        self._silent -= tag in _SILENT and self._silent > 0
        if len(self._open) > 1:
            self._open.pop()

    def data(self, data: str) -> None:
        if self._keep is not None:
            self._keep.append(data)
        elif not self._silent and (self._text or not data.isspace()):
            self._text.append((data, bool(self._links) and self._links[-1]))

    def close(self) -> None:
        if self._text:
            self._flush()

    def _is_kept(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag == "title":
            return not self._silent and "title" not in self.markup.meta
        return tag == "script" and "ld+json" in attributes.get("type", "")

    def _kept(self, tag: str, text: str) -> None:
        if tag == "title":
            self.markup.meta["title"] = " ".join(text.split())
        elif len(text) <= MAX_JSON:
            self.markup.json.append(text)

    def _meta(self, attributes: Mapping[str, str]) -> None:
        name = (attributes.get("property") or attributes.get("name") or "").lower()
        if name in _META and name not in self.markup.meta:
            self.markup.meta[name] = " ".join(attributes.get("content", "").split())

    def _flush(self) -> None:
        parts, self._text = self._text, []
        text = " ".join("".join(part for part, _ in parts).split())
        found = words_of(text)
        if not found:
            return
        self._paths += len(self._open)
        if len(self.markup.pieces) >= MAX_BLOCKS or self._paths > MAX_PATHS:
            raise _TooMuchError
        start = len(self.markup.words)
        linked = self._mark_links(parts, start) if any(inside for _, inside in parts) else 0
        self.markup.words += found
        self.markup.pieces.append(Piece(text, start, len(self.markup.words), self._open[-1], linked))

    def _mark_links(self, parts: list[tuple[str, bool]], at: int) -> int:
        """Note which words, the first of which is word `at` of the page, begin in links; how many they are."""
        before, reach, inside = len(self.markup.linked), 0, False
        waiting = iter(parts)
        for number, start in enumerate(word_starts("".join(part for part, _ in parts)), at):
            while reach <= start:
                part, inside = next(waiting)
                reach += len(part)
            if inside:
                self.markup.linked.add(number)
        return len(self.markup.linked) - before
