"""TR603: what the source page says of its article in JSON-LD is more than the text has."""

import re
from collections.abc import Iterator
from html import unescape

from audit.finding import Mark
from audit.page import Page
from audit.registry import rule
from audit.source.evidence import evidence
from audit.source.words import words_of
from audit.visible import clip

PROBE_WORDS = 4  # so many words in a row are seldom the same by chance
_TAG = re.compile(r"<[^<>]{1,2000}>")


@rule("TR603", "stated-longer", confidence=0.85, severity="error")
def stated_longer(page: Page, *, min_words: int = 40, max_share: float = 0.75) -> Iterator[Mark]:
    """The source page states more of the article, in its JSON-LD, than it shows and the text has.

    Its `articleBody` goes on after the end of the text; or it says that the article is not free to read
    (`isAccessibleForFree`) and has many more words (`wordCount`): the rest is behind a paywall.

    Options: min_words, the least words that are missing; max_share, the most of the stated words that a cut text has.
    """
    shown = evidence(page)
    if shown is None or shown.last is None or shown.tail is not None:
        return
    known, at, has = shown.known, page.blocks[shown.last].end, words_of(page.text)
    body = words_of(_plain(known.body or ""))
    rest = _rest(body, has)
    if len(rest) >= max(min_words, (1 - max_share) * len(body)):
        said = clip(" ".join(rest[:20]), 90)
        message = f"The page's articleBody goes on after the end of the text, by {len(rest)} words: “{said}”."
        yield Mark(at, at, message, evidence={"words": len(rest)})
    elif known.free is False and known.words and len(has) + min_words <= known.words * max_share:
        message = (
            f"The page says that the article is not free to read and has {known.words} words; here are {len(has)}."
        )
        yield Mark(at, at, message, evidence={"words": known.words - len(has)})


def _plain(body: str) -> str:
    """A body without the markup and character references that some sites leave in it."""
    return _TAG.sub(" ", unescape(unescape(body)))


def _rest(body: list[str], text: list[str]) -> list[str]:
    """The words of an article's body after the last that the text has; none when they have nothing in common."""
    probes = set(_runs(text))
    known = [run in probes for run in _runs(body)]
    if True not in known:
        return []
    return body[len(known) - known[::-1].index(True) + PROBE_WORDS - 1 :]


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[k:] for k in range(PROBE_WORDS)), strict=False)
