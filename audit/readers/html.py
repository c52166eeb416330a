"""HTML pages: the text that trafilatura finds, with the page kept beside it for the rules that compare the two."""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html import unescape

from audit.decoding import decode_page
from audit.document import Document, Unread
from audit.errors import MissingExtraError, UnreadableError
from audit.records import ReadOptions, document
from audit.registry import reader
from audit.streams import InputFile, read_bytes

# Trafilatura takes time squared for many elements in a row, the tree under it for many attributes of one: half a minute
# is the worst that these let a page cost. Of 10,000 news pages looked at the largest had 2.2 million characters.
MAX_CHARS = 6_000_000
MAX_ELEMENTS = 50_000
MAX_ATTRIBUTES = 1000
ADDRESS_CHARS = 1 << 18  # the head of a page, where its address stands
_TAG = re.compile(r"<(?:link|meta)\b[^<>]{0,2000}>", re.IGNORECASE)
_IS_ADDRESS = re.compile(r"\b(?:rel\s*=\s*[\"']?canonical|property\s*=\s*[\"']?og:url)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(?:href|content)\s*=\s*[\"']?(https?://[^\s\"'<>]+)", re.IGNORECASE)
_PAGE = re.compile(
    rb"(?is)(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b"
)


def _matches(head: bytes) -> bool:
    return bool(_PAGE.match(head))


@reader("html", extensions=(".html", ".htm", ".xhtml"), matches=_matches)
def read_html(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Extract the main text of the page, its address, title, description, date and language."""
    data = read_bytes(file.path, options.max_bytes)
    html = decode_page(data, options.encoding)
    if options.pages:
        yield document("", file, options, known={"url": _address(html), "html": html})
        return
    text, known = _extracted(html)
    yield document(text, file, options, known={**known, "html": html})


def _address(html: str) -> str | None:
    """The address a page gives itself: its canonical link, or Open Graph's."""
    tags = (tag for tag in _TAG.findall(html[:ADDRESS_CHARS]) if _IS_ADDRESS.search(tag))
    return next((unescape(found[1]) for tag in tags if (found := _ADDRESS.search(tag))), None)


class _Gauge:
    """Takes the events of a parser that builds no tree, and stops it where a page gets too costly."""

    def __init__(self) -> None:
        self._elements = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise UnreadableError(f"a page of more than {MAX_ELEMENTS:,} elements")
        if len(attributes) > MAX_ATTRIBUTES:
            raise UnreadableError(f"a page with more than {MAX_ATTRIBUTES:,} attributes in one element")

    def close(self) -> None:
        """Nothing is kept."""


def _measure(html: str) -> None:
    """Raise UnreadableError for a page that would take an extractor too long."""
    from lxml import etree

    if len(html) > MAX_CHARS:
        raise UnreadableError(f"a page of more than {MAX_CHARS:,} characters")
    parser = etree.HTMLParser(target=_Gauge(), recover=True, encoding="utf-8")
    with suppress(etree.LxmlError):  # which trafilatura meets too
        parser.feed(html.encode("utf-8", "replace"))
        parser.close()


def _extracted(html: str) -> tuple[str, dict[str, str | None]]:
    """The main text and what the page says of itself; UnreadableError when there is no text."""
    try:
        from trafilatura import bare_extraction, load_html
    except ImportError:
        raise MissingExtraError("trafilatura", "html", "Reading HTML pages") from None
    _measure(html)
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # its warnings become reasons here
    tree = load_html(html)
    lang = None if tree is None else tree.get("lang")  # before extraction, which takes the tree apart
    page = None if tree is None else bare_extraction(tree, include_comments=False, with_metadata=True)
    if page is None or isinstance(page, dict) or not page.text:
        raise UnreadableError("trafilatura finds no text in this page")
    about = {"url": page.url, "title": page.title, "description": page.description, "date": page.date}
    return page.text, {**about, "lang": lang or page.language}
