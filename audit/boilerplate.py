"""Marks for the blocks that a group of phrases makes chrome: what the rules of the CH families share."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from audit.finding import Mark
from audit.notices import OTHER_GROUPS, apart
from audit.outline import Outline, Role, is_repeated, outline
from audit.page import Page
from audit.phrases import Hit
from audit.script import count_words, ends_sentence, fold
from audit.vocabulary import ORNAMENT, load, trim

# A phrase, or company of labels, is evidence of its own: where the model is unsure, it is right more often than not.
# Several in a block are as many times, up to a limit, and a whole line that is a label of several words is hardly ever
# anything else.
LEAST_SURE, LABEL_SURE, MOST_SURE = 0.55, 0.8, 0.95
# A row of labels on one line: at least so many parts, no longer than so many words, and at least this share of them
# labels that the lists know. The path to a page needs no known label but its first, or none.
ROW_CHARS, PART_WORDS, LEAST_PARTS, KNOWN = 200, 5, 3, 0.6
# Where nothing stands between them, two labels of so many words have to make up the line, more of them most of it.
ROW_WORDS, LABEL_WORDS, LEAST_LABELS, MADE_UP = 14, 4, 2, 0.75
_BETWEEN, _PATH = re.compile(r"[|·•›»→❯]|(?<![-=])>| [/–—-] "), re.compile(r"[›»→❯]|(?<![-=])>| / ")


def chrome_marks(page: Page, group: str, what: str, *, least: float = 0.0) -> Iterator[Mark]:
    """A mark for every chrome block whose most specific phrase is of `group`; `what` names it in the message.

    Blocks that the line model finds noise less probably than `least` are left out.
    """
    view = outline(page)
    for i in view.told:
        hit = view.causes[i]
        if hit is None or hit.group != group or view.roles[i] is not Role.CHROME or view.noise[i] < least:
            continue
        block = page.blocks[i]
        said = " ".join(page.text[hit.start : hit.end].split())
        where = "at the edge of the text" if view.at_edge(i) else "inside the text"
        sure = max(least_sure(view.hits[i], hit), view.noise[i])
        message, evidence = f"“{said}” is {what}, {where}.", {}
        if is_repeated(page, block):
            repeat = page.repeats[block.first]
            message, evidence = f"{message[:-1]}; the line {repeat.said}.", repeat.evidence
        yield Mark(block.start, block.end, message, sure, evidence=evidence)


def least_sure(found: Sequence[Hit], cause: Hit) -> float:
    """How sure the phrases of a block are by themselves that it is what its cause names."""
    return max(LABEL_SURE * cause.is_label, min(MOST_SURE, 1 - (1 - LEAST_SURE) ** apart(found, cause.group)))


def is_teaser(view: Outline, block: int) -> bool:
    """Whether the head of a list of other texts stands between the beginning of the content and a block."""
    inside = view.causes[view.first or 0 : block]
    return any(cause is not None and cause.group == "related" for cause in inside)


def has_between(text: str) -> bool:
    """Whether a line has a sign that may stand between labels, as few have."""
    some = not text.isascii() or "|" in text or ">" in text or " - " in text or " / " in text
    return some and len(text) <= ROW_CHARS and _BETWEEN.search(text) is not None


def is_label_row(text: str) -> bool:
    """Whether a line is a row of labels that sites use.

    >>> [is_label_row(t) for t in ("Reply · Share · Log in", "Facebook | Twitter | Copy link", "Oil | Tyres | Brakes")]
    [True, True, False]
    >>> [is_label_row(t) for t in ("Privacy Policy Terms of Use", "Teilen Drucken Merken", "Print the terms of use")]
    [True, True, False]
    """
    return len(text) <= ROW_CHARS and _is_label_row(text)


@lru_cache(maxsize=1 << 14)  # the lines of a site come again on each of its pages
def _is_label_row(text: str) -> bool:
    if not has_between(text):
        return _is_made_of_labels(text)
    parts = _parts(_BETWEEN, text)
    known = sum(part in labels() for part in parts)
    return (len(parts) >= LEAST_PARTS and known >= KNOWN * len(parts)) or _is_made_of_labels(text)


def is_path(text: str) -> bool:
    """Whether a line looks like the path from a site's front page to a page, its last part perhaps the headline.

    >>> [is_path(t) for t in ("Home > Arts", "Startseite / Lokales", "Forums > Garden > Tools", "Oil / Tyres / Brakes")]
    [True, True, True, False]
    """
    parts = _parts(_PATH, text)
    named = len(parts) >= LEAST_PARTS and " / " not in text
    return len(parts) > 1 and (named or parts[0] in labels("navigation"))


def _is_made_of_labels(text: str) -> bool:
    """Whether a line is one label after another, the longest that fits each time."""
    if not _opens_label(text.split(None, 1)[0]):
        return False
    words = fold(text).split()
    if not LEAST_LABELS <= len(words) <= ROW_WORDS:
        return False
    at = found = covered = 0
    while at < len(words) and at - covered <= (1 - MADE_UP) * len(words):
        fits = _label_words(words[at : at + LABEL_WORDS])
        at, found, covered = at + (fits or 1), found + (fits > 0), covered + fits
    return found >= LEAST_LABELS and covered >= (1.0 if found == LEAST_LABELS else MADE_UP) * len(words)


def _opens_label(word: str) -> bool:
    """Whether labels begin with a word, which few lines do."""
    low = word.lower()
    return low in _openers() or (not (low.isascii() and low.isalpha()) and trim(fold(word)) in _openers())


def _label_words(words: Sequence[str]) -> int:
    """How many of some words are the longest label that they begin with; 0 without one."""
    bare = words[0].lstrip(ORNAMENT)
    if bare and bare not in _openers() and bare.rstrip(ORNAMENT) not in _openers():  # as most words
        return 0
    return next((n for n in range(len(words), 0, -1) if trim(" ".join(words[:n])) in labels()), 0)


def _parts(between: re.Pattern[str], text: str) -> list[str]:
    """The parts of a line, folded and bare; none where it is no row: a sentence, a quotation, or too long a part."""
    if len(text) > ROW_CHARS or "«" in text or not between.search(text) or ends_sentence(text):
        return []
    parts = [trim(part) for part in between.split(fold(text))]
    return parts if all(parts) and max(map(count_words, parts[:-1])) <= PART_WORDS else []


@cache
def labels(*only: str) -> frozenset[str]:
    """The labels of site chrome in all languages, or those of some groups."""
    groups = (item for vocabulary in load().values() for item in vocabulary.groups.items())
    return frozenset(
        p for g, by in groups if (g in only if only else g not in OTHER_GROUPS) for p in by.get("line", ())
    )


@cache
def _openers() -> frozenset[str]:
    """The words that labels begin with."""
    return frozenset(label.split()[0] for label in labels() if label)
