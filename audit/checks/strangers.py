"""LK110: a line between two paragraphs that has hardly a word in common with the text."""

from collections.abc import Iterator
from itertools import islice
from statistics import median

from audit.finding import Mark
from audit.outline import Outline, Role, outline
from audit.own import is_date
from audit.page import Kind, Page
from audit.registry import rule
from audit.sentences import sentences
from audit.topic import shared

# For each sort of line the share of its words that the text may have elsewhere, and the least noise that the line model
# has to see in it: a headline of so many words, one with a full stop, a label, a bullet without a list.
HEADLINE, SENTENCE, LABEL, BULLET = (0.2, 0.08), (0.1, 0.1), (0.2, 0.3), (0.34, 0.0)
# In short texts, and in languages whose words have many forms, no paragraph shares much: of half of them at least this.
USUAL, MOST_PARAGRAPHS = 0.3, 40
HEADLINE_WORDS, SENTENCE_WORDS = 6, 16
MOST_LINES = 6  # a text with more lines between its paragraphs has headings
_BULLETS = frozenset("*•·▪●○")


@rule("LK110", "stranger", confidence=0.6)
def stranger(page: Page, *, max_lines: int = MOST_LINES) -> Iterator[Mark]:
    """A line between two paragraphs is about something else: another page's headline, a caption, a label.

    Hardly any of its words stands anywhere else in the text, as those of a heading do, and the line model is not sure
    of it either. Texts with many lines between their paragraphs have headings of their own and are left alone.

    Options: max_lines, the most unfinished lines between paragraphs.
    """
    if page.one_line:
        return
    view = outline(page)
    runs = [block.is_running for block in page.blocks]
    between = [i for i in range(1, len(runs) - 1) if runs[i - 1] and runs[i + 1] and _is_between(page, view, i)]
    if sum(not page.blocks[i].finished for i in between) > max_lines:
        return
    found = []
    for i in between:
        most, noise = _bars(page, i)
        if view.noise[i] >= noise and shared(page, page.blocks[i].text) <= most:
            found.append(page.blocks[i])
    if found and _usually_shared(page) >= USUAL:
        for block in found:
            yield Mark(block.start, block.end, "The line between two paragraphs has hardly a word in common with them.")


def _is_between(page: Page, view: Outline, i: int) -> bool:
    """Whether a block between running text is a line or short sentence of its own, after a finished paragraph."""
    block = page.blocks[i]
    if not page.blocks[i - 1].finished or view.at_edge(i) or view.roles[i] is not Role.CONTENT:
        return False
    bullet = block.text[0] in _BULLETS
    if is_date(block.text) or (block.words < 2 and not bullet):  # one word is a heading more often than a label
        return False
    short = HEADLINE_WORDS <= block.words <= SENTENCE_WORDS if block.finished else not block.is_running
    plain = bullet or block.kind not in (Kind.LIST, Kind.TABLE, Kind.CODE, Kind.DIALOGUE)
    return short and plain and not sentences(block.text)[0]


def _bars(page: Page, i: int) -> tuple[float, float]:
    """The most words a block may share with the text, and the least noise, to be a stranger."""
    block = page.blocks[i]
    if block.text[0] in _BULLETS and sum(b.kind is Kind.LIST for b in page.blocks) <= 1:
        return BULLET
    long = SENTENCE if block.finished else HEADLINE
    most, noise = long if block.words >= HEADLINE_WORDS else LABEL
    return most, page.bar(noise)


def _usually_shared(page: Page) -> float:
    """The share of their words that half of the paragraphs have in common with the others."""
    running = (block.text for block in page.blocks if block.is_running)
    return median([shared(page, text) for text in islice(running, MOST_PARAGRAPHS)])
