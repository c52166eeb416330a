"""HTML pages: the text that trafilatura finds, with the page kept beside it for the rules that compare the two."""

import logging
import re
from collections.abc import Iterator
from html import unescape

from audit.decoding import decode_page
from audit.document import Document, Unread
from audit.errors import MissingExtraError, UnreadableError
from audit.records import ReadOptions, document
from audit.registry import reader
from audit.streams import InputFile, read_bytes

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


def _extracted(html: str) -> tuple[str, dict[str, str | None]]:
    """The main text and what the page says of itself; UnreadableError when there is no text."""
    try:
        from trafilatura import bare_extraction, load_html
    except ImportError:
        raise MissingExtraError("trafilatura", "html", "Reading HTML pages") from None
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # its warnings become reasons here
    tree = load_html(html)
    lang = None if tree is None else tree.get("lang")  # before extraction, which takes the tree apart
    page = None if tree is None else bare_extraction(tree, include_comments=False, with_metadata=True)
    if page is None or isinstance(page, dict) or not page.text:
        raise UnreadableError("trafilatura finds no text in this page")
    about = {"url": page.url, "title": page.title, "description": page.description, "date": page.date}
    return page.text, {**about, "lang": lang or page.language}
