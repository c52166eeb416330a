"""HTML -> the blocks a reader sees, each with the elements it stands in.

The parser calls back as it reads and builds no tree: time and memory are linear in the size of the page whatever its
markup, and depth is free. (A tree takes quadratic time for an element of 50,000 attributes and 256 levels at most;
parsers that mend pages as browsers do, such as lexbor, take quadratic time for deep ones, and write open tags again.)
Half the time goes into the thousands of calls a page, so these do little each.
"""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec

from audit.source.markup import Markup, Piece
from audit.source.words import words_of

# Larger pages are data or attacks. The largest of 10,000 news pages looked at had 2.2 million characters.
MAX_CHARS = 6_000_000
MAX_DEPTH = 1000
MAX_BLOCKS = 60_000
MAX_PATHS = 3_000_000  # elements around all blocks together; real pages have 20,000
MAX_JSON = 400_000
# UTF-8 read as Latin-1: a first character, which most pages do not have at all, and what may follow it.
_MISREAD = (("â", "\x80"), ("Ã", "\x83¤¶¼©¨³±"), ("Â", "\xa0"))

_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_SILENT = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea",
    "canvas", "audio", "video", "title",
))  # fmt: skip
_KEPT = frozenset(("title", "script"))
_HEAD = _KEPT | {"meta"}
_META = ("og:title", "og:description", "description", "twitter:description")


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


def as_written(html: str, text: str) -> str:
    r"""The page, decoded as UTF-8 where whoever fetched it took it for Latin-1 and the text beside it was not.

    Servers that name no encoding lead to that: “we’re” becomes “weâ\x80\x99re”. What decodes strictly was meant so.
    """
    if not _is_misread(html) or _is_misread(text):
        return html
    try:
        return html.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return html


def _is_misread(text: str) -> bool:
    return any(first in text and any(first + second in text for second in seconds) for first, seconds in _MISREAD)


@cache
def is_able() -> bool:
    """Whether the library that reads pages is installed."""
    return find_spec("lxml") is not None


class _Reader:
    """Takes the parser's events. Text gathers until a block-level element begins or ends."""

    def __init__(self) -> None:
        self.markup = Markup()
        self._open = [0]
        self._links: list[bool] = []  # of each open <a>, whether it leads to another page
        self._silent = 0  # how deep in an element that shows nothing
        self._paths = 0
        self._keep: list[str] | None = None  # the text of a title or JSON-LD script being read
        self._text: list[str] = []
        self._linked: list[int] = []  # which of these stand in links

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _INLINE:
            if tag == "a":
                self._links.append(not (attributes.get("href") or "#").startswith("#"))
            elif tag == "br" and self._text:
                self._text.append(" ")
            return
        if self._text:
            self._flush()
        if tag in _HEAD:
            self._head(tag, attributes)
        if self._silent or tag in _SILENT:
            self._silent += 1
            return
        markup, around = self.markup, self._open
        element = len(markup.tags)
        if len(around) > MAX_DEPTH or element > 4 * MAX_BLOCKS:
            raise _TooMuchError
        markup.tags.append(tag)
        markup.attributes.append(attributes)
        markup.parents.append(around[-1])
        markup.depths.append(len(around))
        around.append(element)

    def end(self, tag: str) -> None:
        if tag in _INLINE:
            if tag == "a" and self._links:
                self._links.pop()
            return
        if self._silent:
            if self._keep is not None and tag in _KEPT:
                self._kept(tag, "".join(self._keep))
                self._keep = None
            self._silent -= 1
            return
        if self._text:
            self._flush()
        if len(self._open) > 1:
            self._open.pop()

    def data(self, data: str) -> None:
        if self._silent:
            if self._keep is not None:
                self._keep.append(data)
        elif self._text or not data.isspace():
            if self._links and self._links[-1]:
                self._linked.append(len(self._text))
            self._text.append(data)

    def close(self) -> None:
        if self._text:
            self._flush()

    def _head(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note what the page says of itself in a tag, or that its text is to be kept."""
        meta = self.markup.meta
        if tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or "").lower()
            if name in _META and name not in meta:
                meta[name] = " ".join(attributes.get("content", "").split())
        elif tag == "script":
            self._keep = [] if "ld+json" in attributes.get("type", "") else self._keep
        elif not self._silent and tag not in meta:
            self._keep = []

    def _kept(self, tag: str, text: str) -> None:
        if tag == "title":
            self.markup.meta["title"] = " ".join(text.split())
        elif len(text) <= MAX_JSON:
            self.markup.json.append(text)

    def _flush(self) -> None:
        parts, linked = self._text, self._linked
        self._text, self._linked = [], []
        text = " ".join("".join(parts).split())
        found = words_of(text)
        if not found:
            return
        self._paths += len(self._open)
        if len(self.markup.pieces) >= MAX_BLOCKS or self._paths > MAX_PATHS:
            raise _TooMuchError
        words = self.markup.words
        start = len(words)
        words += found
        end, element = len(words), self._open[-1]
        if not linked:
            piece = Piece(text, start, end, element)
        elif len(linked) == len(parts):
            piece = Piece(text, start, end, element, end - start, (text,), (0,))
        else:
            of_links = min(end - start, len(words_of(" ".join([parts[n] for n in linked]))))
            piece = Piece(text, start, end, element, of_links, tuple(parts), tuple(linked))
        self.markup.pieces.append(piece)
