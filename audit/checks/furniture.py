"""CH1: what a site puts around every text: navigation, legal notices, log-in, related lists."""

import re
from collections.abc import Iterator
from functools import cache

from audit.boilerplate import LEAST_SURE, chrome_marks, has_between, is_label_row, is_path
from audit.finding import Mark
from audit.outline import outline
from audit.page import Block, Kind, Page
from audit.registry import rule
from audit.script import fold
from audit.vocabulary import load

COUNTER_WORDS = 7
_DIGIT = re.compile(r"\d")
PATH = 0.7  # a title can hold such signs, too
_MEASURE = re.compile(r"\d[\d.,:]{0,12}\s?[^\W\d]+")  # a number with a word
_NUMBER = re.compile(r"\d[\d.,:]*\s?(?:k|m|mio|mil|tys|тыс)?\b|[^\w\s]")


@rule("CH101", "navigation", confidence=0.9)
def navigation(page: Page) -> Iterator[Mark]:
    """Navigation: menus, breadcrumbs, skip links, search boxes, language switches, “Back to top”.

    A line of several labels, “Reply · Share · Log in” or “Sign in Register”, counts wherever it stands, and the path to
    a page, “Home › Arts › Music”, above all running text; below it, such a path is a step of instructions.
    """
    yield from chrome_marks(page, "navigation", "navigation")
    view, above = outline(page), True
    for block, cause, noise in zip(page.blocks, view.causes, view.noise, strict=True):
        if block.is_running:
            above = False
            continue
        if cause is not None or block.finished or block.kind is Kind.CODE:
            continue
        if above and has_between(block.text) and is_path(block.text):
            yield Mark(block.start, block.end, f"“{block.text}” is the path to this page.", max(PATH, noise))
        elif is_label_row(block.text):
            yield Mark(block.start, block.end, f"“{block.text}” is a row of labels.", max(LEAST_SURE, noise))


@rule("CH102", "legal-notice", confidence=0.92)
def legal_notice(page: Page) -> Iterator[Mark]:
    """Copyright lines, terms of use, privacy policy and other legal notices of the site."""
    yield from chrome_marks(page, "legal", "a legal notice of the site")


@rule("CH103", "log-in", confidence=0.92)
def log_in(page: Page) -> Iterator[Mark]:
    """Log-in and registration forms: “Log in”, “Forgot your password?”, “Create an account”."""
    yield from chrome_marks(page, "login", "part of a log-in form")


@rule("CH104", "related-list", confidence=0.88)
def related_list(page: Page) -> Iterator[Mark]:
    """Lists of other texts: “Related articles”, “Most read”, “You may also like”, tags and categories."""
    yield from chrome_marks(page, "related", "the head of a list of other texts")


@rule("CH105", "author-box", confidence=0.8)
def author_box(page: Page) -> Iterator[Mark]:
    """The box about the author after the end of an article. Bylines and “About the company” sections are not chrome."""
    yield from chrome_marks(page, "author", "part of a box about the author")


@rule("CH106", "counter", confidence=0.85)
def counter(page: Page) -> Iterator[Mark]:
    """Counters and times of the page: “5 min read”, “12K views”, “Reading time: 3 minutes”.

    A short line with a number in it counts when all its words are a counter's words in one language.
    """
    yield from chrome_marks(page, "counters", "a counter of the page")
    for block, cause in zip(page.blocks, outline(page).causes, strict=True):
        labelled = block.words <= COUNTER_WORDS and block.kind in (Kind.SHORT, Kind.HEADING)
        if labelled and cause is None and _is_counter(block):
            yield Mark(block.start, block.end, f"“{block.text}” is a counter of the page.")


@rule("CH107", "site-welcome", confidence=0.85)
def site_welcome(page: Page) -> Iterator[Mark]:
    """The site greets its visitor: “Welcome to …”. Texts open so as well: the line model has to agree."""
    yield from chrome_marks(page, "welcome", "a welcome of the site", least=0.3)


@rule("CH108", "widget", confidence=0.85)
def widget(page: Page) -> Iterator[Mark]:
    """Widgets: weather, stock prices, exchange rates, horoscopes."""
    yield from chrome_marks(page, "widget", "part of a widget")


def _is_counter(block: Block) -> bool:
    if not _DIGIT.search(block.text):
        return False
    words = set(_NUMBER.sub(" ", fold(block.text)).split())
    if not words or not words <= _all_counter_words():  # as almost all lines
        return False
    # One word for each number, and one of them must be a counter by itself: “12K views”, not “30 min” or “2 h 5 min”.
    single = len(words) == 1 or not any(map(str.isalnum, _MEASURE.sub("", block.text)))
    return any(words <= all_words and not (single and words.isdisjoint(alone)) for all_words, alone in _counter_words())


@cache
def _all_counter_words() -> frozenset[str]:
    return frozenset().union(*(words for words, _ in _counter_words()))


@cache
def _counter_words() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """For each language all words of its counters, and those that are one by themselves."""
    found = (v.groups.get("counters", {}) for v in load().values())
    phrases = [[phrase for by in group.values() for phrase in by] for group in found]
    return tuple((frozenset(w.strip(".:") for p in ps for w in p.split()), frozenset(ps)) for ps in phrases)
