"""The pages of texts that lie elsewhere: by address, compressed in a temporary file that all workers read."""

import re
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote, urlsplit

from audit.document import Document, Unread

_ESCAPE = re.compile("%[0-9a-fA-F]{2}")
LEVEL = 1  # of compression: five times smaller already, and fast


def address_key(url: str) -> str | None:
    """The address by which text and page are matched; None for what is none.

    Scheme, user, fragment, default port and a slash at the end do not count; the host is in lower case.

    >>> address_key("http://Example.org:80/a%c3%a4/?b=1#c") == address_key("https://example.org/a\u00e4?b=1")
    True
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or any(char.isspace() for char in host):
        return None
    port_shown = "" if port in (None, 80, 443) else f":{port}"
    path = _ESCAPE.sub(lambda found: found[0].upper(), quote(parts.path.rstrip("/"), safe="%/:@!$&'()*+,;=~"))
    return f"{host}{port_shown}{path}{'?' * bool(parts.query)}{parts.query}"


def store(pages: Iterable[Document | Unread], place: Path) -> int:
    """Write the pages to a new file; of several with one address the first stays. Returns how many there are."""
    useless = 0
    with closing(sqlite3.connect(place)) as base:
        base.execute("pragma journal_mode = off")
        base.execute("create table pages (key blob primary key, html blob, truncated text) without rowid")
        for page in pages:
            key = address_key(page.url or "")
            if key and isinstance(page, Document) and page.html:
                packed = zlib.compress(page.html.encode("utf-8", "replace"), LEVEL)
                base.execute("insert or ignore into pages values (?, ?, ?)", (_digest(key), packed, page.truncated))
            else:
                useless += 1
        base.execute(f"pragma user_version = {useless}")
        base.commit()
    return counts(place)[0]


def counts(place: Path) -> tuple[int, int]:
    """How many pages a file holds, and how many were of no use: unread, without a page or without an address."""
    with closing(sqlite3.connect(place)) as base:
        found: int = base.execute("select count(*) from pages").fetchone()[0]
        useless: int = base.execute("pragma user_version").fetchone()[0]
    return found, useless


def joined(found: Document | Unread, place: str) -> Document | Unread:
    """The document with its page, where it has none and the file at `place` has one of its address."""
    key = address_key(found.url or "")
    if isinstance(found, Unread) or found.html or not key:
        return found
    row = _base(place).execute("select html, truncated from pages where key = ?", (_digest(key),)).fetchone()
    return replace(found, html=zlib.decompress(row[0]).decode(), truncated=found.truncated or row[1]) if row else found


@cache
def _base(place: str) -> sqlite3.Connection:
    return sqlite3.connect(place, check_same_thread=False)


def _digest(key: str) -> bytes:
    return blake2b(key.encode("utf-8", "replace"), digest_size=16).digest()
