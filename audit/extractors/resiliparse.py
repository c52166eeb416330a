"""resiliparse's main content extraction."""

from audit.errors import MissingExtraError


def extract(html: str, url: str | None) -> str:
    """The main text of a page."""
    try:
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError:
        raise MissingExtraError("resiliparse", "extractors", "Extracting with resiliparse") from None
    return str(extract_plain_text(html, main_content=True, alt_texts=False))
