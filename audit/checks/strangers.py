"""LK110: a line inside the text that has hardly a word in common with it."""

from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import median

from audit.finding import Mark
from audit.outline import Outline, Role, is_repeated, outline
from audit.own import is_date, is_piece
from audit.page import Block, Kind, Page
from audit.phrases import first_of
from audit.registry import rule
from audit.sentences import sentences
from audit.speech import spoken
from audit.topic import shared

# For each sort of line the share of its words that the text may have elsewhere, and the least noise that the line model
# has to see in it: a headline of so many words, one with a full stop, a label; the only entry of what looks like a
# list; a line that the outline suspects.
HEADLINE, SENTENCE, LABEL = (0.2, 0.1), (0.1, 0.2), (0.2, 0.35)
BULLET, SUSPECTED = (0.34, 0.05), (0.2, 0.4)
SURE = 0.6  # of suspected lines with so much noise LK108 tells
# In short texts, and in languages whose words have many forms, no paragraph shares much: of half of them at least this.
USUAL, MOST_PARAGRAPHS = 0.3, 40
HEADLINE_WORDS, SENTENCE_WORDS, OPEN_WORDS = 6, 16, 20
LONE = 2  # a text with more entries that stand alone has them as headings
MOST_LINES = 6  # a text with more lines between its paragraphs has headings
_BULLETS = ("* ", "• ", "· ", "▪ ", "● ", "○ ", "+ ", "o ")
_COLONS = (":", "：", ":**", "：**", ":*", ":_")
_LAID_OUT = (Kind.LIST, Kind.TABLE, Kind.CODE, Kind.DIALOGUE)


@rule("LK110", "stranger", confidence=0.6)
def stranger(page: Page, *, max_lines: int = MOST_LINES) -> Iterator[Mark]:
    """A line between two paragraphs is about something else: another page's headline, a caption, a label.

    Hardly any of its words stands anywhere else in the text, as those of a heading do, and the line model is not sure
    of it either. Texts with many lines between their paragraphs have headings of their own and are left alone, but for
    lines that read a little like those of a site. A list that has only one entry is such a line as well.

    Options: max_lines, the most unfinished lines between paragraphs.
    """
    if page.one_line:
        return
    view = outline(page)
    runs = [block.is_running for block in page.blocks]
    between = [i for i in range(1, len(runs) - 1) if runs[i - 1] and runs[i + 1] and _is_between(page, view, i)]
    inner = range(1, len(runs) - 1)
    suspected = [i for i in inner if _is_suspected(page, view, i)]
    alone = [i for i in inner if _is_lone_entry(page, view, i)]
    able = {i: _bars(page.blocks[i]) for i in between} if _few(page, between, max_lines) else {}
    able |= dict.fromkeys(suspected, SUSPECTED) if len(suspected) <= max_lines else {}
    able |= dict.fromkeys(alone, BULLET) if len(alone) <= LONE else {}
    found = [i for i, (most, least) in sorted(able.items()) if _is_strange(page, view, i, most, least)]
    if found and _usually_shared(page) >= USUAL:
        for i in found:
            block = page.blocks[i]
            yield Mark(block.start, block.end, "The line between two paragraphs has hardly a word in common with them.")


def _is_between(page: Page, view: Outline, i: int) -> bool:
    """Whether a block between running text is a line or short sentence of its own, after a finished paragraph."""
    block = page.blocks[i]
    if not page.blocks[i - 1].finished or view.at_edge(i) or view.roles[i] is not Role.CONTENT:
        return False
    if is_date(block.text) or block.words < 2:  # one word is a heading more often than a label
        return False
    short = HEADLINE_WORDS <= block.words <= SENTENCE_WORDS if block.finished else block.words <= OPEN_WORDS
    return short and not _is_laid_out(block) and not sentences(block.text)[0]


def _few(page: Page, between: Sequence[int], most: int) -> bool:
    return sum(not page.blocks[i].finished for i in between) <= most


def _bars(block: Block) -> tuple[float, float]:
    """The most words a block may share with the text, and the least noise, to be a stranger."""
    if block.finished:
        return SENTENCE
    return HEADLINE if block.words >= HEADLINE_WORDS else LABEL


def _is_suspected(page: Page, view: Outline, i: int) -> bool:
    """Whether the outline takes a block inside the text for a link, by the line model alone, which is not sure."""
    block = page.blocks[i]
    if view.roles[i] is not Role.LINK or view.at_edge(i) or view.causes[i] is not None or block.words < 2:
        return False
    told = view.noise[i] >= page.bar(SURE) or i in spoken(page) or first_of(view.hits[i], "link_text", "line")
    return not (told or _is_laid_out(block) or is_date(block.text) or is_repeated(page, block))


def _is_lone_entry(page: Page, view: Outline, i: int) -> bool:
    """Whether a block begins like the entry of a list that has no other."""
    block = page.blocks[i]
    if not block.text.startswith(_BULLETS) or block.finished or not 1 < block.words <= OPEN_WORDS:
        return False
    around = (page.blocks[i - 1], page.blocks[i + 1])
    listed = any(b.kind is Kind.LIST or b.text.startswith(_BULLETS) for b in around)
    return not (listed or view.at_edge(i) or view.roles[i] is Role.CHROME)


def _is_laid_out(block: Block) -> bool:
    """Whether a block is part of a list, table or the like, or announces what follows it."""
    return block.kind in _LAID_OUT or block.text.endswith(_COLONS)


def _is_strange(page: Page, view: Outline, i: int, most: float, least: float) -> bool:
    """Whether a block is noise at least so probably and shares at most so many words, and breaks no sentence."""
    noisy = view.noise[i] >= page.bar(least)
    return noisy and shared(page, page.blocks[i].text) <= most and not is_piece(page, i)


def _usually_shared(page: Page) -> float:
    """The share of their words that half of the paragraphs have in common with the others."""
    running = (block.text for block in page.blocks if block.is_running)
    return median([shared(page, text) for text in islice(running, MOST_PARAGRAPHS)] or [0.0])
