"""trafilatura, with its defaults but for comments."""

from audit.errors import MissingExtraError


def extract(html: str, url: str | None) -> str:
    """The main text of a page."""
    try:
        from trafilatura import extract as run
    except ImportError:
        raise MissingExtraError("trafilatura", "extractors", "Extracting with trafilatura") from None
    return run(html, url=url, include_comments=False) or ""
