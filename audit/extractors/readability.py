"""readability-lxml: the text of the blocks that it keeps."""

from audit.errors import MissingExtraError


def extract(html: str, url: str | None) -> str:
    """The main text of a page."""
    try:
        from lxml.html import fromstring
        from readability import Document
    except ImportError:
        raise MissingExtraError("readability-lxml", "extractors", "Extracting with readability") from None
    tree = fromstring(Document(html, url=url).summary(html_partial=True))
    blocks = (" ".join(block.text_content().split()) for block in tree.iter("p", "h1", "h2", "h3", "h4", "li", "pre"))
    return "\n".join(filter(None, blocks))
