"""What goes into an audit: a scraped text with what is known about it, or the reason it could not be read."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Document:
    """One scraped text. `text` is kept exactly as read: every offset in the results indexes it.

    `source` says where it was read (`file`, `file:line` or `file#record`); `site` groups documents
    whose pages share a template; `html` is the page the text came from and `extractor` what took it from there, with
    its version, when known; `truncated` is why the crawler cut that page off, if it did (`WARC-Truncated`).
    """

    id: str
    source: str
    text: str
    url: str | None = None
    site: str | None = None
    title: str | None = None
    description: str | None = None
    lang: str | None = None
    date: str | None = None
    html: str | None = None
    extractor: str | None = None
    truncated: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that could not be read, and why, in one sentence a user can act on."""

    id: str
    source: str
    reason: str
    url: str | None = None
    site: str | None = None


def host(url: str | None) -> str | None:
    """The host of a URL in lower case, without port and a leading `www.`; None when there is none.

    >>> host("https://www.Example.com:443/a")
    'example.com'
    """
    if not url:
        return None
    try:
        name = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:  # such as an unclosed bracket in an IPv6 address
        return None
    if not name or "." not in name:
        return None
    return name.removeprefix("www.")
