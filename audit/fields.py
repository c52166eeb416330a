"""Which field of a record holds what: the names that crawlers and corpora give to the text, the address, the title."""

from collections.abc import Mapping, Sequence
from typing import cast

from audit.decoding import decode

# In order of preference, in lower case; dots descend. After the names of `design`'s contract come those of
# trafilatura, newspaper, news-please, NewsAPI, Firecrawl, crawl4ai, Common Crawl's derivatives and schema.org.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "textcontent", "content", "body", "articlebody", "maintext", "raw_content", "markdown"),
        *("cleaned_text", "raw_text", "markdown.raw_markdown", "markdown.fit_markdown", "page_content", "full_text"),
        *("article_text", "article"),
    ),
    "url": (
        *("url", "link", "source_url", "metadata.sourceurl", "metadata.url", "canonical_link", "original_url"),
        *("warc-target-uri", "warc_headers.warc-target-uri", "metadata.warc-target-uri", "source"),
    ),
    "title": ("title", "headline", "metadata.title", "metadata.og:title"),
    "description": (
        *("description", "excerpt", "meta_description", "summary", "dek", "standfirst"),
        *("metadata.description", "metadata.og:description"),
    ),
    "html": ("raw_html", "rawhtml", "html", "page_html"),
    "id": (
        "id",
        "doc_id",
        "docid",
        "document_id",
        "warc-record-id",
        "warc_headers.warc-record-id",
        "uuid",
        "_id.$oid",
        "_id",
    ),
    "truncated": ("warc-truncated", "warc_headers.warc-truncated", "metadata.warc-truncated", "content_truncated"),
    "lang": ("lang", "language", "meta_lang", "inlanguage", "metadata.language", "metadata.lang", "metadata.og:locale"),
    "date": (
        *("date", "date_publish", "publish_date", "publishedat", "datepublished", "date_published", "published"),
        *("pubdate", "timestamp", "created", "date_download", "metadata.date", "metadata.publishedtime"),
    ),
    "extractor": ("extractor_version", "extractor", "metadata.extractor_version", "metadata.extractor"),
}


def lowered(record: Mapping[str, object]) -> dict[str, object]:
    """The record with its names in lower case as well as in their own, which win."""
    return {**{str(name).lower(): value for name, value in record.items()}, **record}


def find(record: Mapping[str, object], name: str) -> object:
    """The value of a field of a `lowered` record; dots descend where no name has them itself. None without one.

    >>> find({"metadata": {"sourceURL": "https://example.org"}}, "metadata.sourceurl")
    'https://example.org'
    """
    for known in (name, name.lower()):
        if known in record:
            return record[known]
    if "." not in name:
        return None
    head, _, rest = name.partition(".")
    inner = find(record, head)
    return find(lowered(cast("Mapping[str, object]", inner)), rest) if isinstance(inner, Mapping) else None


def first_text(record: Mapping[str, object], names: Sequence[str], encoding: str | None = None) -> str | None:
    """The first of these fields of a `lowered` record with something in it, as text; "" when all are empty, else None.

    Raises UnreadableError for bytes that are no text.
    """
    empty = None
    for name in names:
        value = find(record, name)
        text = None if value is None else _as_text(value, encoding)
        if text is None or (name == "source" and len(names) > 1 and "://" not in text):
            continue  # `source` is an address with trafilatura, the name of a dump or a paper elsewhere
        if text and not text.isspace():
            return text
        empty = text
    return empty


def _as_text(value: object, encoding: str | None) -> str | None:
    """A field's value as text: paragraphs in a list, as Scrapy collects them, are joined by line breaks."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return decode(value, encoding)
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return "\n".join(value)
    return None if value is None or isinstance(value, (Mapping, list, bool)) else str(value)
