"""Marks for the blocks that a group of phrases makes chrome: what the rules of the CH families share."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from audit.finding import Mark
from audit.outline import OTHER_GROUPS, Outline, Role, is_repeated, outline
from audit.page import Page
from audit.script import count_words, ends_sentence, fold
from audit.together import kept
from audit.vocabulary import load, trim

# A phrase, or company of labels, is evidence of its own: where the model is unsure, it is right more often than not.
LEAST_SURE = 0.55
# A row of labels on one line: at least so many parts, no longer than so many words, and at least this share of them
# labels that the lists know. The path to a page needs no known label but its first, or none.
ROW_CHARS, PART_WORDS, LEAST_PARTS, KNOWN = 200, 5, 3, 0.6
_BETWEEN, _PATH = re.compile(r"[|·•›»→❯]|(?<![-=])>| [/–—-] "), re.compile(r"[›»→❯]|(?<![-=])>| / ")
# A date has a month, a weekday or a time zone beside its numbers, and no more words.
DATE_CHARS, DATE_WORDS = 48, 3
NAME_WORDS, LEAST_TURNS, TURNS = 4, 6, 0.25  # of a page's lines, at least this share names speakers
_YEAR, _NUMBER, _WORD, _UNITS = (
    re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)"),
    re.compile(r"\d+"),
    re.compile(r"[^\W\d_]+"),
    re.compile("[年月日時时分秒년월일시분]"),
)


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
        message, sure, evidence = f"“{said}” is {what}, {where}.", max(LEAST_SURE, view.noise[i]), {}
        if is_repeated(page, block):
            repeat = page.repeats[block.first]
            message, evidence = f"{message[:-1]}; the line {repeat.said}.", repeat.evidence
        yield Mark(block.start, block.end, message, sure, evidence=evidence)


def is_date(text: str) -> bool:
    """Whether a line is a date and nothing more: what stands under a headline is the text's own, not the site's.

    >>> [is_date(t) for t in ("26 January 2008", "24.02.2022 16:27", "2023年9月6日 1時00分(日本時間)", "Fen 2008 AG")]
    [True, True, True, False]
    """
    if len(text) > DATE_CHARS or not _YEAR.search(text):
        return False
    words, numbers = len(_WORD.findall(_UNITS.sub(" ", text))), len(_NUMBER.findall(text))
    return words <= 1 or (words <= DATE_WORDS and numbers > 1)


@kept
def speakers(page: Page) -> frozenset[str]:
    """The names of those who speak by turns, each on a line of its own above what is said: no labels of the site."""
    alone = (
        above.text
        for above, said in pairwise(page.blocks)
        if above.words <= NAME_WORDS and not above.finished and not above.is_running and said.finished
    )
    turns = Counter(text for text in alone if all(w[0].isupper() for w in text.split()))
    names = frozenset(text for text, times in turns.items() if times > 1 and trim(fold(text)) not in _labels())
    often = sum(turns[name] for name in names)
    return names if len(names) > 1 and often >= max(LEAST_TURNS, TURNS * len(page.blocks)) else frozenset()


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
    """
    parts = _parts(_BETWEEN, text)
    return len(parts) >= LEAST_PARTS and sum(part in _labels() for part in parts) >= KNOWN * len(parts)


def is_path(text: str) -> bool:
    """Whether a line looks like the path from a site's front page to a page, its last part perhaps the headline.

    >>> [is_path(t) for t in ("Home > Arts", "Startseite / Lokales", "Forums > Garden > Tools", "Oil / Tyres / Brakes")]
    [True, True, True, False]
    """
    parts = _parts(_PATH, text)
    named = len(parts) >= LEAST_PARTS and " / " not in text
    return len(parts) > 1 and (named or parts[0] in _labels("navigation"))


def _parts(between: re.Pattern[str], text: str) -> list[str]:
    """The parts of a line, folded and bare; none where it is no row: a sentence, a quotation, or too long a part."""
    if len(text) > ROW_CHARS or "«" in text or not between.search(text) or ends_sentence(text):
        return []
    parts = [trim(part) for part in between.split(fold(text))]
    return parts if all(parts) and max(map(count_words, parts[:-1])) <= PART_WORDS else []


@cache
def _labels(*only: str) -> frozenset[str]:
    """The labels of site chrome in all languages, or those of some groups."""
    groups = (item for vocabulary in load().values() for item in vocabulary.groups.items())
    return frozenset(
        p for g, by in groups if (g in only if only else g not in OTHER_GROUPS) for p in by.get("line", ())
    )
