"""What a page says of itself in Open Graph tags and JSON-LD. A site may say anything, so it is evidence, not truth."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from audit.source.markup import Markup

MAX_OBJECTS = 500
_ARTICLE = ("Article", "BlogPosting", "Report")


@dataclass(frozen=True, slots=True)
class Known:
    """Headline and description, the article's text and its number of words, and whether it is free to read."""

    title: str | None = None
    description: str | None = None
    body: str | None = None
    words: int | None = None
    free: bool | None = None
    is_news: bool = False


def known_of(markup: Markup) -> Known:
    """What a page says of itself; JSON-LD first, then Open Graph, then the plain tags."""
    articles = [thing for text in markup.json for thing in _things(text) if _type(thing).endswith(_ARTICLE)]
    first = articles[0] if articles else {}
    meta = markup.meta
    free = first.get("isAccessibleForFree")
    count = first.get("wordCount")
    return Known(
        title=_text(first.get("headline")) or meta.get("og:title") or meta.get("title"),
        description=_text(first.get("description")) or meta.get("og:description") or meta.get("description"),
        body=_text(first.get("articleBody")),
        words=count if isinstance(count, int) else None,
        free=None if free is None else str(free).rpartition("/")[2].lower() not in ("false", "0"),
        is_news=any(_type(a).endswith("NewsArticle") for a in articles),
    )


def _things(text: str) -> Iterator[dict[str, object]]:
    """The objects of a piece of JSON-LD, those in lists and under `@graph` included."""
    try:
        waiting = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(MAX_OBJECTS):
        if not waiting:
            return
        thing = waiting.pop(0)
        if isinstance(thing, list):
            waiting += thing
        elif isinstance(thing, dict):
            yield thing
            waiting += [thing[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in thing]


def _type(thing: dict[str, object]) -> str:
    kind = thing.get("@type")
    return str(kind[0]) if isinstance(kind, list) and kind else str(kind)


def _text(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
