"""LD2: what is known of the document (title, description) is not introduced by its beginning."""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from audit.finding import Mark
from audit.outline import outline
from audit.page import Page
from audit.registry import rule
from audit.script import tokens

LEAD_CHARS = 700
_SEPARATOR = re.compile(r"\s[|–—·»-]\s")
MIN_LETTERS = 4  # shorter words are seldom the subject; pairs of characters stand for words in zh, ja, th


@rule("LD201", "subject-not-introduced", confidence=0.55, severity="warning")
def subject_not_introduced(page: Page, *, min_title_words: int = 4, max_share: float = 0.0) -> Iterator[Mark]:
    """None of the words of the known headline occurs in the first paragraphs, though the text uses them later.

    The headline is the title field or, without one, the words of the URL's last part. Words the whole text never
    uses say nothing: headlines play with words.

    Options: min_title_words, the least telling words of a headline; max_share, the share of them the
    beginning may have.
    """
    title = page.document.title or _slug(page.document.url)
    words = _telling(_SEPARATOR.split(title or "")[0])
    if len(words) < min_title_words:
        return
    start, lead = _lead(page)
    if start is None or len(words & lead) > max_share * len(words):  # as in most texts
        return
    used = words & (lead | _rest(page))
    if len(used) >= 3 and len(used & lead) <= max_share * len(used):
        missing = ", ".join(sorted(used)[:4])
        message = f"The headline's words ({missing}) come only later: the paragraphs that introduce them are missing."
        yield Mark(start, start, message, evidence={"title": title})


@rule("LD202", "description-not-carried", confidence=0.6, severity="warning")
def description_not_carried(page: Page, *, min_words: int = 7, max_share: float = 0.12) -> Iterator[Mark]:
    """The known description or standfirst has hardly a word in common with the text's beginning.

    A description cut from the first paragraph and missing there means that the paragraph is gone.

    Options: min_words, the least telling words of a description; max_share, the share of them the beginning may have.
    """
    words = _telling(page.document.description or "")
    if len(words) < min_words:
        return
    start, lead = _lead(page)
    if start is None or len(words & lead) > max_share * len(words):
        return
    if len(words & (lead | _rest(page))) >= 0.4 * len(words):
        message = "The description's words stand nowhere in the beginning: the lead it was taken from is missing."
        yield Mark(start, start, message, evidence={"description": (page.document.description or "")[:200]})


@lru_cache(maxsize=2)
def _lead(page: Page) -> tuple[int | None, frozenset[str]]:
    """Where the content begins, and the words of its beginning."""
    start, cut, _ = _parts(page)
    return start, frozenset(tokens(page.text[start:cut]) if start is not None else ())


@lru_cache(maxsize=2)
def _rest(page: Page) -> frozenset[str]:
    """The words of the content after its beginning."""
    _, cut, end = _parts(page)
    return frozenset(tokens(page.text[cut:end]))


def _parts(page: Page) -> tuple[int | None, int, int]:
    """Where the content begins, its beginning ends, and all of it ends; None and 0 without content."""
    view = outline(page)
    if view.first is None or view.last is None:
        return None, 0, 0
    first, end = page.blocks[view.first], page.blocks[view.last].end
    return first.start, min(end, max(first.start + LEAD_CHARS, first.end)), end


def _telling(text: str) -> set[str]:
    return {w for w in tokens(text) if len(w) >= MIN_LETTERS or (len(w) == 2 and not w.isascii())}


def _slug(url: str | None) -> str:
    """The words of a URL's last part: /2026/03/harbour-reopens.html -> harbour reopens."""
    try:
        path = unquote(urlsplit(url or "").path)
    except ValueError:
        return ""
    last = path.rstrip("/").rpartition("/")[2].rpartition(".")
    return re.sub(r"[-_+]+", " ", last[0] or last[2])
