"""LK302 and LK303: lines and words that the source page does not have where the text has them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape

from audit.finding import Mark
from audit.page import Block, Kind, Page
from audit.registry import rule
from audit.script import count_words
from audit.source.evidence import Evidence, Place, Stand, evidence
from audit.source.words import words_of
from audit.visible import clip

_TAG = re.compile(r"<[^<>]*>")
FOREIGN_SHARE = 0.3  # of a line's words, at most on the page
ENTRY_WORDS = 8  # of an entry of a list that is read like a paragraph
LEAST_INSERTED = 2  # words in a row
NEAR_CHARS = 200  # around inserted words, to find the words next to them


@rule("LK302", "not-on-page", confidence=0.9)
def not_on_page(page: Page, *, max_words: int = 40, min_found: float = 0.85, max_lines: int = 6) -> Iterator[Mark]:
    """A line between paragraphs stands nowhere in the article on the source page: it was injected from elsewhere.

    Counts only when nearly all else was found; tables, code and lists are laid out anew by extractors. What the HTML
    has anywhere, as the name of a picture or in a script, is no such line.

    Options: max_words, the longest such line; min_found, the least share of the article's words that was found;
    max_lines, the most such lines: of more, the page is another version, or its script writes them.
    """
    shown = evidence(page)
    if shown is None or shown.first is None or shown.last is None or _found(page, shown) < min_found:
        return
    found = [
        page.blocks[i]
        for i in range(shown.first + 1, shown.last)
        if _is_foreign(page.blocks[i], shown.stands[i], max_words) and _by_prose(page, shown, i)
    ]
    found = [block for block in found if not _is_hidden(page, block.text)]
    for block in found if len(found) <= max_lines else ():
        yield Mark(block.start, block.end, "The source page has this line nowhere; it stands between paragraphs.")


@rule("LK303", "inserted-words", confidence=0.93)
def inserted_words(page: Page, *, max_words: int = 40, min_found: float = 0.85, max_places: int = 6) -> Iterator[Mark]:
    """Words stand inside a paragraph of the text that the same paragraph of the source page does not have.

    What the HTML has between the same words, as a hint for screen readers beside a link, is no such insertion.

    Options: max_words, the most such words in a row; min_found, the least share of the article's words that was found;
    max_places, the most such places: of more, the page is another version, or its script writes them.
    """
    shown = evidence(page)
    if shown is None or shown.first is None or _found(page, shown) < min_found:
        return
    found = [
        (start, end)
        for start, end in shown.insertions
        if LEAST_INSERTED <= count_words(page.text[start:end]) <= max_words
        and not _is_hidden(page, _with_neighbours(page.text, start, end))
    ]
    for start, end in found if len(found) <= max_places else ():
        said = clip(page.text[start:end], 60)
        yield Mark(start, end, f"The paragraph does not have these words on the source page: “{said}”.")


def _is_foreign(block: Block, stand: Stand, most: int) -> bool:
    """Whether the page has nothing of a line; without letters it is a rule or a frame that extractors draw."""
    if stand.place is not Place.ABSENT or stand.share >= FOREIGN_SHARE or block.kind in (Kind.TABLE, Kind.CODE):
        return False
    return block.words <= most and any(map(str.isalpha, block.text))


def _by_prose(page: Page, shown: Evidence, i: int) -> bool:
    """Whether a paragraph of the article or a long entry is next to a block, other foreign lines set aside."""
    above = next((k for k in range(i - 1, -1, -1) if shown.stands[k].place is not Place.ABSENT), i)
    below = next((k for k in range(i + 1, len(page.blocks)) if shown.stands[k].place is not Place.ABSENT), i)
    return any(
        shown.stands[k].place is Place.BODY and (page.blocks[k].is_running or page.blocks[k].words >= ENTRY_WORDS)
        for k in (above, below)
    )


def _found(page: Page, shown: Evidence) -> float:
    """The share of the article's words that the page has."""
    inside = range(shown.first or 0, (shown.last or 0) + 1)
    words = [(page.blocks[i].words, shown.stands[i].place is not Place.ABSENT) for i in inside]
    return sum(n for n, is_there in words if is_there) / max(1, sum(n for n, _ in words))


def _is_hidden(page: Page, text: str) -> bool:
    """Whether the HTML has a text anywhere: in a script, as the name of a picture, or in pieces that tags part."""
    html = page.document.html or ""
    if text in html or escape(text, quote=False) in html:
        return True
    words = "".join(words_of(text))
    return bool(words) and words in _squeezed(html)


@lru_cache(maxsize=2)
def _squeezed(html: str) -> str:
    """The words of all that is no tag, whether a reader sees it or not."""
    return "".join(words_of(unescape(_TAG.sub("", html))))


def _with_neighbours(text: str, start: int, end: int) -> str:
    """Characters of a text with the word before and the word after them."""
    before, after = text[max(0, start - NEAR_CHARS) : start].split(), text[end : end + NEAR_CHARS].split()
    return " ".join((*before[-1:], text[start:end], *after[:1]))
