"""Where the page's word and the text's own signs meet: the one place that decides between them.

A page that shows where the article begins and ends overrules what the text alone seems to say. Signs that are there
for all to see, such as a paywall's prompt or a mark of the cut, stand whatever the page shows.

What points to other pages, or looks like markup, is the author's where the page has it word for word in a paragraph of
the article. (None of the lines injected into the labelled texts is, and of what real extractors took along, readers of
the pages kept three in four pointers and one in three labels.)
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter

from audit.finding import Mark
from audit.page import Block, Page
from audit.registry import Rule
from audit.source.evidence import Evidence, Place, Stand, evidence
from audit.source.reader import is_able

# Rules that guess from the text what the page knows: whether it begins, ends and goes on as the article does.
_OF_TRUNCATION = (
    "TR101",
    "TR102",
    "TR103",
    "TR104",
    "TR105",
    "TR106",
    "TR107",
    "TR203",
    "TR301",
    "TR302",
    "TR303",
    "TR501",
)
_OF_LEAD = ("LD101", "LD102", "LD103", "LD104", "LD105", "LD106", "LD201", "LD202", "LD301")
GUESSES = frozenset(_OF_TRUNCATION + _OF_LEAD)
# Rules that know the site's lines by their shape, label or company alone: the page may have them in its article.
SHAPES = frozenset(("CH101", "CH104", "CH402", "CH403", "CH404", "CH501", "CH502", "LK108", "LK110", "LK112"))
# Rules of lines and words that authors write, too.
POINTERS = frozenset(("LK101", "LK102", "LK103", "LK104", "LK106", "LK109", "LK111", "CH403"))
# In the article's element, if not in its innermost one, an unlinked line must look like a site's so surely.
WITHIN = 0.7
_ARTICLE = (Place.BODY, Place.HOME, Place.HEADLINE, Place.LINK)
PAGE_RULES = frozenset(("CH601", "LK301", "LK302", "LK303"))
# What remains of a family's risk when the page shows that nothing is wrong: the page may be cut itself.
SETTLED = 0.004
# Paragraphs that are passed over inside are no finding, as most are hints and appeals, but they raise the risk.
SKIPPED_WORDS, MOST_SKIPPED = 800, 0.2


def settled(page: Page, marks: Iterable[tuple[Rule, Mark]]) -> Iterator[tuple[Rule, Mark]]:
    """The marks that stand when the source page has been heard; all of them when there is none."""
    shown = evidence(page)
    if shown is None or shown.first is None:
        yield from marks
        return
    for rule, mark in marks:
        if not _is_refuted(page, shown, rule, mark):
            yield rule, mark


def remaining(page: Page) -> Mapping[str, float]:
    """The risk that the source page leaves to each family, besides that of findings; empty when it decides nothing."""
    shown = evidence(page)
    if shown is None or shown.first is None:
        return {}
    passed_over = min(MOST_SKIPPED, shown.skipped / SKIPPED_WORDS)
    lead, tail = max(SETTLED, shown.lead_risk), max(SETTLED, shown.tail_risk, passed_over)
    return {"missing_lead": lead, "truncation": tail, "chrome": SETTLED, "link_text": SETTLED}


def unheard(page: Page) -> str | None:
    """Why a page that is known was not asked at all; None when it was, or there is none."""
    if page.document.html and not is_able():
        return "judged by the text alone: reading source pages needs lxml: pip install 'crawlaudit[html]'"
    return None


def _is_refuted(page: Page, shown: Evidence, rule: Rule, mark: Mark) -> bool:
    if rule.code in GUESSES:
        return True
    if not rule.removable or rule.code in PAGE_RULES:
        return False
    if rule.code in POINTERS and _is_written(page, shown, mark):
        return True
    if rule.code in SHAPES:
        doubtful = (rule.confidence if mark.confidence is None else mark.confidence) < WITHIN
        return any(_is_articles(stand, doubtful) for _, stand in _taken(page, shown, mark))
    return _is_body(page, shown, mark) or (rule.family == "link_text" and _is_at_cut(page, shown, mark))


def _is_articles(stand: Stand, doubtful: bool) -> bool:
    """Whether a line stands in the article, or, if it is doubtful, unlinked in the article's element."""
    apart = stand.place is Place.OUTSIDE and stand.within and not stand.linked
    return stand.place in _ARTICLE or (doubtful and apart)


def _is_at_cut(page: Page, shown: Evidence, mark: Mark) -> bool:
    """Whether a label such as “Read more” stands where the text is cut: it belongs to the cut."""
    if shown.tail is None or shown.last is None:
        return False
    block = page.blocks[shown.last]
    return mark.end > block.start and mark.end >= block.end - 3


def _is_body(page: Page, shown: Evidence, mark: Mark) -> bool:
    """Whether a mark takes a whole block of running text that stands in the body of the page."""
    return any(block.is_running and stand.place is Place.BODY for block, stand in _taken(page, shown, mark))


def _is_written(page: Page, shown: Evidence, mark: Mark) -> bool:
    """Whether the page has the blocks that a mark touches, word for word, in paragraphs or headings of its article."""
    stands = [stand for _, stand in _touched(page, shown, mark)]
    return bool(stands) and all(
        stand.share >= 1 and (stand.place is Place.BODY or (stand.is_heading and stand.place in _ARTICLE))
        for stand in stands
    )


def _taken(page: Page, shown: Evidence, mark: Mark) -> Iterator[tuple[Block, Stand]]:
    """The blocks that a mark takes as a whole, with their stands."""
    for block, stand in _touched(page, shown, mark):
        if mark.start <= block.start and mark.end >= block.end:
            yield block, stand


def _touched(page: Page, shown: Evidence, mark: Mark) -> Iterator[tuple[Block, Stand]]:
    """The blocks that a mark has characters of, with their stands."""
    first = max(0, bisect_right(page.blocks, mark.start, key=attrgetter("start")) - 1)
    for block, stand in zip(page.blocks[first:], shown.stands[first:], strict=True):
        if block.start >= mark.end:
            return
        if block.end > mark.start:
            yield block, stand
